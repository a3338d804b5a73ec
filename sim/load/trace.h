// A recorded trace, ready to be played: one row is one Job of one pod. Rows of equal requests share
// a shape, so that 200,000 rows take a few megabytes.
#pragma once

#include <cstdint>
#include <expected>
#include <filesystem>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "sim/load/trace_problems.h"
#include "src/core/quantity.h"
#include "src/core/time.h"

namespace casim::sim {

struct TraceRow {
  std::string name;         // unique in its file
  std::uint32_t row = 0;    // number in the file, the first after the header is 1
  std::uint32_t shape = 0;  // in Trace::shapes
  Duration arrival{};       // from the start of the window
  Duration run_for{};       // from running to completion
};

// What was read, and what was changed to make pods of it: nothing is changed in silence.
struct TraceCounts {
  std::uint64_t in_file = 0;
  std::uint64_t in_window = 0;  // this and all below: rows that will be played
  std::uint64_t with_gpu = 0;
  std::uint64_t shared_gpu = 0;    // asked for a part of one GPU; get a whole one
  std::uint64_t gpu_models = 0;    // named GPU models; the names are ignored
  std::uint64_t zero_memory = 0;   // request none
  std::uint64_t never_placed = 0;  // the recorded cluster never ran them; see the reader

  std::vector<std::string> notes() const;  // as sentences, of what is not zero
};

struct Trace {
  std::vector<Resources> shapes;  // in order of their first row
  std::vector<TraceRow> rows;     // by arrival, ties as the format says
  TraceCounts counts;
  // Calendar time of the trace's own zero, where it has one.
  std::optional<WallTime> zero;
};

// Rows created in [from, to) of the trace's own time; `from` becomes 0.
struct TraceSpan {
  Duration from{};
  Duration to = Duration::max();
};

using TraceResult = std::expected<Trace, TraceProblems>;

// Pods of Alibaba's GPU cluster (cluster-trace-gpu-v2023). Ties by name. A pod runs from its
// scheduling to its deletion, from its creation if it was never scheduled. num_gpu becomes
// nvidia.com/gpu; a part of a GPU (gpu_milli below 1000) becomes a whole one.
TraceResult read_openb(std::string_view text, std::string file, const TraceSpan& span = {});

// Batch jobs of SURF, July to October 2022. Ties by id. Zero is the first submission in the file
// cut to a whole hour UTC. Memory is in megabytes of 10^6 bytes, as its README reads the column.
TraceResult read_surf(std::string_view text, std::string file, const TraceSpan& span = {});

// Reads the file first; a missing or unreadable one is a problem like others.
using TraceReader = TraceResult (*)(std::string_view, std::string, const TraceSpan&);
TraceResult read_trace_file(TraceReader reader, const std::filesystem::path& path,
                            const TraceSpan& span = {});

}  // namespace casim::sim
