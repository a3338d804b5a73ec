#include "sim/report/pods_csv.h"

#include <fmt/format.h>

namespace casim::sim {
namespace {

// In seconds; empty: never.
std::string instant(TimePoint t) {
  return t == kTimeNever ? "" : exact_seconds(t.time_since_epoch());
}

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

// A field with a comma or a quote is quoted, as RFC 4180 says.
std::string field(const std::string& text) {
  if (text.find_first_of(",\"\n") == std::string::npos) return text;
  std::string out = "\"";
  for (char c : text) {
    if (c == '"') out += '"';
    out += c;
  }
  return out + '"';
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

void write_header(std::ostream& out) {
  out << "pod,workload,index,replaces,state,node,created_s,bound_s,running_s,ended_s,total_s";
  for (std::string_view name : kStageNames) out << ',' << name << "_s";
  for (std::string_view name : kPlainStageNames) out << ",existing_" << name << "_s";
  out << ",never_fits\n";
}

}  // namespace

std::string exact_seconds(Duration d) {
  const auto ns = d.count();
  return fmt::format("{}.{:09}", ns / 1'000'000'000, ns % 1'000'000'000);
}

void write_pods_csv(std::ostream& out, const PodLedger& pods, const NodeLedger& nodes,
                    const std::function<PodText(PodId)>& text_of) {
  write_header(out);
  for (std::size_t i = 0; i < pods.pods().size(); ++i) {
    const PodRecord& pod = pods.pods()[i];
    const PodText text = text_of(PodId(static_cast<PodId::rep>(i)));
    const PodStages stages = stages_of(pod, nodes).value_or(PodStages{});
    const bool ran = pod.has_run();
    out << field(text.name) << ',' << field(text.workload) << ',' << pod.index << ','
        << (pod.replaces ? field(text_of(pod.replaces).name) : "") << ',' << state_of(pod) << ','
        << (pod.is_bound() ? nodes.nodes().at(pod.node.value()).name : "") << ','
        << instant(pod.created) << ',' << instant(pod.bound) << ',' << instant(pod.running) << ','
        << instant(pod.ended) << ',' << (ran ? exact_seconds(stages.total) : "")
        << cells(stages.stages, ran && stages.scale_up)
        << cells(stages.plain, ran && !stages.scale_up) << ',' << field(text.unfit) << '\n';
  }
}

}  // namespace casim::sim
