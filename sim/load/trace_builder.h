// What the readers share: shapes, unique names, the window, the order.
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_set>
#include <vector>

#include "sim/load/trace.h"
#include "sim/load/trace_csv.h"

namespace casim::sim {

// One row as it stands in the file, before the window.
struct RawRow {
  std::string name;
  std::uint64_t tie = 0;  // first among equal times, then the name
  std::uint64_t row = 0;
  std::int64_t cpu_milli = 0;
  std::int64_t memory = 0;  // bytes
  std::int64_t gpus = 0;
  Duration created{};  // of the trace's own time
  Duration run_for{};
  bool shared_gpu = false;
  bool gpu_model = false;
  bool never_placed = false;
};

// To the nanosecond.
Duration scaled_time(Duration time, double factor);

class TraceBuilder {
 public:
  TraceBuilder(TraceCsv& csv, TraceProblems& problems) : csv_(csv), problems_(problems) {}

  // A name that stood in the file before is reported.
  bool is_new_name(std::size_t column);
  void add(RawRow row);

  std::vector<RawRow>& rows() { return rows_; }

  // Requires: no problems. What would not fit in memory is one.
  TraceResult build(const TraceSpan& span);

 private:
  // Samples and copies what is left of the rows, and moves it in time.
  void spread(const TraceSpan& span);
  std::uint32_t shape_of(const RawRow& row, Trace& trace);

  struct ShapeKey {
    std::int64_t cpu_milli;
    std::int64_t memory;
    std::int64_t gpus;

    auto operator<=>(const ShapeKey&) const = default;
  };

  TraceCsv& csv_;
  TraceProblems& problems_;
  std::unordered_set<std::string_view> names_;  // looked up, never walked
  std::vector<RawRow> rows_;
  std::map<ShapeKey, std::uint32_t> shapes_;
  std::uint64_t in_file_ = 0;
};

}  // namespace casim::sim
