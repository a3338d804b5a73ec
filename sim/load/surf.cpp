#include <algorithm>

#include "sim/load/trace.h"
#include "sim/load/trace_builder.h"
#include "sim/load/trace_csv.h"

namespace casim::sim {

namespace {

enum SurfColumn : std::size_t {
  kId,
  kSubmissionTime,
  kDuration,
  kCpuCount,
  kCpuCapacity,
  kMemCapacity,
};

constexpr std::int64_t kMillisecond = 1'000'000;
constexpr std::int64_t kMegabyte = 1'000'000;

// `created` is Unix time here, until the first submission of the file is known.
bool read_surf_row(TraceCsv& csv, TraceBuilder& builder, RawRow& row) {
  const bool has_name = builder.is_new_name(kId);
  const auto id = csv.number(kId, 1, "a whole job number");
  const auto submitted = csv.number(kSubmissionTime, kMillisecond,
                                    "milliseconds since 1970, UTC, such as 1665093600000");
  const auto duration = csv.number(kDuration, kMillisecond, "milliseconds, such as 2100000");
  const auto cpus = csv.number(kCpuCount, 1000, "cores, such as 16");
  const auto mhz = csv.number(kCpuCapacity, 1, "MHz over all cores, such as 33600");  // not used
  const auto memory = csv.number(kMemCapacity, kMegabyte, "megabytes, such as 100000");
  if (!has_name || !id || !submitted || !duration || !cpus || !mhz || !memory) return false;
  row.name = csv.field(kId);
  row.tie = static_cast<std::uint64_t>(*id);
  row.row = csv.line() - 1;
  row.created = Duration(*submitted);
  row.run_for = Duration(*duration);
  row.cpu_milli = *cpus;
  row.memory = *memory;
  return true;
}

}  // namespace

TraceResult read_surf(std::string_view text, std::string file, const TraceSpan& span) {
  TraceProblems problems(std::move(file));
  TraceCsv csv(text,
               {"id", "submission_time", "duration", "cpu_count", "cpu_capacity", "mem_capacity"},
               problems);
  TraceBuilder builder(csv, problems);
  while (csv.next()) {
    RawRow row;
    if (read_surf_row(csv, builder, row)) builder.add(std::move(row));
  }
  if (!problems.empty()) return std::unexpected(std::move(problems));
  std::vector<RawRow>& rows = builder.rows();
  if (rows.empty()) return builder.build(span);
  const auto first =
      std::min_element(rows.begin(), rows.end(),
                       [](const RawRow& a, const RawRow& b) { return a.created < b.created; });
  const Duration zero = std::chrono::floor<std::chrono::hours>(first->created);
  for (RawRow& row : rows) row.created -= zero;
  TraceResult trace = builder.build(span);
  if (trace) trace->zero = WallTime(zero);
  return trace;
}

}  // namespace casim::sim
