#include "sim/report/pods_csv.h"

#include "sim/report/csv_field.h"
#include "sim/report/exact_seconds.h"

namespace casim::sim {
namespace {

std::string_view state_of(const PodRecord& pod) {
  if (!pod.has_ended) return pod.has_run() ? "running" : pod.is_bound() ? "starting" : "pending";
  switch (pod.how) {
    case PodEnd::kCompleted:
      return "completed";
    case PodEnd::kDeleted:
      return "deleted";
    case PodEnd::kEvicted:
      return "evicted";
    case PodEnd::kPreempted:
      return "preempted";
    case PodEnd::kLost:
      return "lost";
  }
  return "";
}

template <std::size_t N>
std::string cells(const std::array<Duration, N>& values, bool filled) {
  std::string out;
  for (Duration d : values) {
    out += ',';
    if (filled) out += exact_seconds(d);
  }
  return out;
}

// Empty: behind its gates for ever.
std::string gated_cell(const PodRecord& pod) {
  return pod.waits_from == kTimeNever ? "" : exact_seconds(pod.waits_from - pod.created);
}

void write_header(std::ostream& out) {
  out << "pod,workload,index,replaces,state,node,"
         "created_s,gated_s,bound_s,running_s,ended_s,total_s";
  for (std::string_view name : kStageNames) out << ',' << name << "_s";
  for (std::string_view name : kPlainStageNames) out << ",existing_" << name << "_s";
  out << ",never_fits\n";
}

}  // namespace

void write_pods_csv(std::ostream& out, const PodLedger& pods, const NodeLedger& nodes,
                    const std::function<PodText(PodId)>& text_of) {
  write_header(out);
  for (std::size_t i = 0; i < pods.pods().size(); ++i) {
    const PodRecord& pod = pods.pods()[i];
    const PodText text = text_of(PodId(static_cast<PodId::rep>(i)));
    const PodStages stages = stages_of(pod, nodes).value_or(PodStages{});
    const bool ran = pod.has_run();
    out << csv_field(text.name) << ',' << csv_field(text.workload) << ',' << pod.index << ','
        << (pod.replaces ? csv_field(text_of(pod.replaces).name) : "") << ',' << state_of(pod)
        << ',' << (pod.is_bound() ? nodes.nodes().at(pod.node.value()).name : "") << ','
        << exact_seconds(pod.created) << ',' << gated_cell(pod) << ',' << exact_seconds(pod.bound)
        << ',' << exact_seconds(pod.running) << ',' << exact_seconds(pod.ended) << ','
        << (ran ? exact_seconds(stages.total) : "") << cells(stages.stages, ran && stages.scale_up)
        << cells(stages.plain, ran && !stages.scale_up) << ',' << csv_field(text.unfit) << '\n';
  }
}

}  // namespace casim::sim
