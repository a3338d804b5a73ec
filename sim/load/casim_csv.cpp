#include "sim/load/trace.h"
#include "sim/load/trace_builder.h"
#include "sim/load/trace_csv.h"

namespace casim::sim {

namespace {

enum CsvColumn : std::size_t { kCsvName, kCsvArrival, kCsvRunFor, kCsvCpu, kCsvMemory, kCsvGpus };

bool read_csv_row(TraceCsv& csv, TraceBuilder& builder, RawRow& row) {
  const bool has_name = builder.is_new_name(kCsvName);
  const auto arrival = csv.number(kCsvArrival, kTraceSecond,
                                  "seconds from the start of the trace, such as 60 or 0.5");
  const auto run_for = csv.number(kCsvRunFor, kTraceSecond, "seconds, such as 600 or 0.5");
  const auto cpu = csv.number(kCsvCpu, 1, "whole milli-cores, such as 500");
  const auto memory = csv.number(kCsvMemory, kTraceMib, "MiB, such as 1024");
  const auto gpus = csv.number(kCsvGpus, 1, "a whole number of GPUs, 0 without");
  if (!has_name || !arrival || !run_for || !cpu || !memory || !gpus) return false;
  row.name = csv.field(kCsvName);
  row.row = csv.line() - 1;
  row.created = Duration(*arrival);
  row.run_for = Duration(*run_for);
  row.cpu_milli = *cpu;
  row.memory = *memory;
  row.gpus = *gpus;
  return true;
}

}  // namespace

TraceResult read_casim(std::string_view text, std::string file, const TraceSpan& span) {
  TraceProblems problems(std::move(file));
  TraceCsv csv(text, {"name", "arrival_s", "run_for_s", "cpu_m", "memory_mib", "gpus"}, problems);
  TraceBuilder builder(csv, problems);
  while (csv.next()) {
    RawRow row;
    if (read_csv_row(csv, builder, row)) builder.add(std::move(row));
  }
  if (!problems.empty()) return std::unexpected(std::move(problems));
  return builder.build(span);
}

}  // namespace casim::sim
