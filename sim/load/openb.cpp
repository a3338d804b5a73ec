#include "sim/load/trace.h"
#include "sim/load/trace_builder.h"
#include "sim/load/trace_csv.h"

namespace casim::sim {

namespace {

enum OpenbColumn : std::size_t {
  kName,
  kCpuMilli,
  kMemoryMib,
  kNumGpu,
  kGpuMilli,
  kGpuSpec,
  kQos,
  kPodPhase,
  kCreationTime,
  kDeletionTime,
  kScheduledTime,
};

// Creation, deletion and, if the pod ever got a node, scheduling; in this order they must rise.
bool read_times(TraceCsv& csv, RawRow& row) {
  constexpr std::string_view kAllowed =
      "seconds from the start of the trace, such as 427061 or 0.5";
  const auto created = csv.number(kCreationTime, kTraceSecond, kAllowed);
  const auto deleted = csv.number(kDeletionTime, kTraceSecond, kAllowed);
  auto scheduled = created;
  row.never_placed = csv.field(kScheduledTime).empty();
  if (!row.never_placed) {
    scheduled = csv.number(kScheduledTime, kTraceSecond,
                           "seconds from the start of the trace, or nothing if never scheduled");
  }
  if (!created || !deleted || !scheduled) return false;
  if (*deleted < *created) {
    csv.wrong(kDeletionTime, "is before creation_time; allowed: that time or later");
    return false;
  }
  if (*scheduled < *created || *scheduled > *deleted) {
    csv.wrong(kScheduledTime, "is not between creation_time and deletion_time; allowed: that");
    return false;
  }
  row.created = Duration(*created);
  row.run_for = Duration(*deleted - *scheduled);
  return true;
}

bool read_gpus(TraceCsv& csv, RawRow& row) {
  const auto count = csv.number(kNumGpu, 1, "a whole number of GPUs, 0 to 8");
  const auto milli = csv.number(kGpuMilli, 1, "thousandths of one GPU, 0 to 1000");
  if (!count || !milli) return false;
  if (*count > 8) {
    csv.wrong(kNumGpu, "is above 8; allowed: a whole number of GPUs, 0 to 8");
    return false;
  }
  const bool is_whole = *milli == (*count == 0 ? 0 : 1000);
  row.shared_gpu = *count == 1 && *milli > 0 && *milli < 1000;
  if (!is_whole && !row.shared_gpu) {
    csv.wrong(kGpuMilli,
              "does not go with num_gpu; allowed: 0 without GPU, 1 to 1000 with one, "
              "1000 with several");
    return false;
  }
  row.gpus = *count;
  row.gpu_model = !csv.field(kGpuSpec).empty();
  return true;
}

bool read_size(TraceCsv& csv, RawRow& row) {
  const auto cpu = csv.number(kCpuMilli, 1, "whole milli-cores, such as 12000");
  const auto memory = csv.number(kMemoryMib, kTraceMib, "MiB, such as 16384");
  if (!cpu || !memory) return false;
  row.cpu_milli = *cpu;
  row.memory = *memory;
  return true;
}

}  // namespace

TraceResult read_openb(std::string_view text, std::string file, const TraceSpan& span) {
  TraceProblems problems(std::move(file));
  TraceCsv csv(text,
               {"name", "cpu_milli", "memory_mib", "num_gpu", "gpu_milli", "gpu_spec", "qos",
                "pod_phase", "creation_time", "deletion_time", "scheduled_time"},
               problems);
  TraceBuilder builder(csv, problems);
  while (csv.next()) {
    RawRow row;
    row.name = csv.field(kName);
    row.row = csv.line() - 1;
    // All of them, so that all that is wrong with a row is said at once.
    const bool has_name = builder.is_new_name(kName);
    const bool has_size = read_size(csv, row);
    const bool has_gpus = read_gpus(csv, row);
    const bool has_times = read_times(csv, row);
    if (has_name && has_size && has_gpus && has_times) builder.add(std::move(row));
  }
  if (!problems.empty()) return std::unexpected(std::move(problems));
  return builder.build(span);
}

}  // namespace casim::sim
