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
#include "src/core/random.h"
#include "src/core/time.h"

namespace casim::sim {

struct TraceRow {
  std::string name;  // unique in its file
  // Number in the file, the first after the header is 1; copies go on from where the file ends.
  std::uint64_t row = 0;
  std::uint32_t shape = 0;  // in Trace::shapes
  Duration arrival{};       // from the start of the window
  Duration run_for{};       // from running to completion
};

// What was read, and what was changed to make pods of it: nothing is changed in silence.
struct TraceCounts {
  std::uint64_t in_file = 0;
  std::uint64_t in_window = 0;
  std::uint64_t played = 0;  // this and all below: rows that will be played, copies counted
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

// What of a trace is played: rows created in [from, to) of the trace's own time, where `from`
// becomes 0; of them and their copies a share, drawn one by one, so that a greater share keeps what
// a smaller one has. Copies are as independent as their jitter makes them.
struct TraceSpan {
  Duration from{};
  Duration to = Duration::max();
  double sample = 1;
  double time_scale = 1;  // times all arrivals, from `from` on; run times stay
  std::uint64_t copies = 1;
  Duration jitter{};  // each copy but the first arrives up to so much later
  Random random{1};
  std::uint64_t key = 0;  // of the trace, in draws
};

using TraceResult = std::expected<Trace, TraceProblems>;

// Pods of Alibaba's GPU cluster (cluster-trace-gpu-v2023). Ties by name. A pod runs from its
// scheduling to its deletion, from its creation if it was never scheduled. num_gpu becomes
// nvidia.com/gpu; a part of a GPU (gpu_milli below 1000) becomes a whole one.
TraceResult read_openb(std::string_view text, std::string file, const TraceSpan& span = {});

// Batch jobs of SURF, July to October 2022. Ties by id. Zero is the first submission in the file
// cut to a whole hour UTC. Memory is in megabytes of 10^6 bytes, as its README reads the column.
TraceResult read_surf(std::string_view text, std::string file, const TraceSpan& span = {});

// Jobs in casim's own columns: name, arrival_s and run_for_s (seconds, up to nine decimals), cpu_m
// (milli-cores), memory_mib, gpus. Ties by name.
TraceResult read_casim(std::string_view text, std::string file, const TraceSpan& span = {});

// A missing or unreadable file is a problem like others.
std::expected<std::string, TraceProblems> read_text(const std::filesystem::path& path);

// Reads the file first.
using TraceReader = TraceResult (*)(std::string_view, std::string, const TraceSpan&);

template <class Read>
std::expected<Read, TraceProblems> read_trace_file(
    std::expected<Read, TraceProblems> (*reader)(std::string_view, std::string, const TraceSpan&),
    const std::filesystem::path& path, const TraceSpan& span = {}) {
  const auto text = read_text(path);
  if (!text) return std::unexpected(text.error());
  return reader(*text, path.string(), span);
}

}  // namespace casim::sim
