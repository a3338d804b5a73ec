#include "sim/report/trace_json.h"

#include <algorithm>
#include <map>
#include <set>

#include <fmt/format.h>

#include "sim/report/series_csv.h"
#include "sim/report/trace_events.h"

namespace casim::sim {
namespace {

constexpr int kRunProcess = 1;
constexpr int kPodProcess = 2;
constexpr int kFirstGroupProcess = 10;
constexpr TraceTrack kErrorTrack{kRunProcess, 1};
constexpr std::int64_t kOrderThread = 1;
constexpr std::int64_t kDecisionThread = 2;
constexpr std::int64_t kSkipThread = 3;
constexpr std::int64_t kFirstNodeThread = 10;

// An order that became nodes: from the start of its loop until it was durable.
struct TracedOrder {
  TimePoint from{};
  TimePoint to{};
  std::int64_t nodes = 0;
};

class Trace {
 public:
  Trace(std::ostream& out, const ReportInput& input)
      : events_(out), input_(input), end_(input.summary.end) {
    std::set<std::string> groups;
    for (const NodeRecord& node : nodes().nodes()) groups.insert(node.group);
    for (const Decision& of : input.told.decisions().decisions()) groups.insert(of.group);
    int process = kFirstGroupProcess;
    for (const std::string& group : groups) processes_[group] = process++;
  }

  void write() {
    write_run();
    for (const auto& [group, process] : processes_) write_group(group, process);
    write_pods();
    events_.finish();
  }

 private:
  const NodeLedger& nodes() const { return input_.told.nodes(); }

  TraceTrack track_of(NodeId node) const {
    return {processes_.at(nodes().nodes()[node.value()].group),
            kFirstNodeThread + static_cast<std::int64_t>(node.value())};
  }

  void write_run();
  void write_counters();
  void write_group(const std::string& group, int process);
  void write_orders(const std::string& group, int process);
  void write_decisions(const std::string& group, int process);
  void write_node(NodeId id);
  void write_pods();
  void write_pod(PodId id);
  void write_arrow(PodId id, const PodRecord& pod);

  TraceEvents events_;
  const ReportInput& input_;
  TimePoint end_;
  std::map<std::string, int> processes_;  // by group
};

void Trace::write_counters() {
  const StepSeries::Rows rows(input_.told.series().steps(), end_);
  for (const RunSeries::Quantity& of : input_.told.series().quantities()) {
    if (!of.group.empty()) continue;
    std::string last;
    for (std::size_t row = 0; row < rows.size(); ++row) {
      const std::string value = cells_of(of, rows, row).front();
      if (value == last) continue;
      events_.counter(kRunProcess, of.name, rows.begin_of(row), value);
      last = value;
    }
  }
}

void Trace::write_run() {
  events_.name_process(kRunProcess, "the run: " + input_.summary.scenario, 0);
  write_counters();
  std::uint64_t id = 0;
  for (const RunMark& mark : input_.told.marks().marks()) {
    if (mark.from > end_) continue;
    const std::string name = mark.is_fault ? mark.what : mark.what + " down";
    events_.begin(kRunProcess, "disturbance", id, name, mark.from);
    events_.end(kRunProcess, "disturbance", id++, name, std::min(mark.to, end_));
  }
  events_.name_track(kErrorTrack, "EC2 errors and faults");
  std::vector<RunMark> marks = input_.told.marks().marks();
  std::ranges::stable_sort(marks, {}, &RunMark::from);
  for (const RunMark& mark : marks) {
    if (mark.is_fault && mark.from <= end_) {
      events_.global_instant(kErrorTrack, mark.what, mark.from);
    }
  }
  const TraceTrack errors{kRunProcess, 2};
  events_.name_track(errors, "EC2 refused");
  for (const ApiErrorRecord& error : input_.told.api_errors().errors()) {
    events_.instant(errors, error.code, error.at, {"action", trace_text(error.action)});
  }
}

void Trace::write_orders(const std::string& group, int process) {
  std::map<TimePoint, TracedOrder> orders;  // by the start of the loop
  for (std::size_t i = 0; i < nodes().nodes().size(); ++i) {
    if (nodes().nodes()[i].group != group) continue;
    const Provenance from = nodes().provenance(NodeId(static_cast<NodeId::rep>(i)));
    if (from.loop_start == kBeforeAllTime) continue;
    TracedOrder& order = orders[from.loop_start];
    order = {from.loop_start, std::max(order.to, from.committed), order.nodes + 1};
  }
  const TraceTrack track{process, kOrderThread};
  if (!orders.empty()) events_.name_track(track, "orders");
  for (auto order = orders.begin(); order != orders.end(); ++order) {
    const auto next = std::next(order);
    // One that was durable after its loop was given up ends in the picture with the next.
    const TimePoint to =
        next == orders.end() ? order->second.to : std::min(order->second.to, next->second.from);
    events_.slice(track, fmt::format("order of {}", order->second.nodes), order->second.from, to,
                  {"nodes", std::to_string(order->second.nodes)});
  }
}

void Trace::write_decisions(const std::string& group, int process) {
  std::vector<Decision> of_group;
  for (const Decision& of : input_.told.decisions().decisions()) {
    if (of.group == group && of.from <= end_) of_group.push_back(of);
  }
  std::ranges::stable_sort(of_group, {}, &Decision::from);
  if (of_group.empty()) return;
  events_.name_track({process, kDecisionThread}, "decisions");
  events_.name_track({process, kSkipThread}, "not considered");
  TimePoint skipped_to{};
  for (const Decision& of : of_group) {
    const TraceArgument why{"reason", trace_text(of.reason)};
    if (of.kind != DecisionKind::kSkipped) {
      events_.instant({process, kDecisionThread}, fmt::format("{} {}", name_of(of.kind), of.nodes),
                      of.from, why);
      continue;
    }
    const TimePoint from = std::max(of.from, skipped_to);  // those told as one may overlap
    const TimePoint to = std::max(from, std::min(of.to, end_));
    events_.slice({process, kSkipThread}, of.reason, from, to, why);
    skipped_to = to;
  }
}

void Trace::write_node(NodeId id) {
  const NodeRecord& node = nodes().nodes()[id.value()];
  if (node.registered == kTimeNever) return;
  const Provenance from = nodes().provenance(id);
  const TraceTrack track = track_of(id);
  events_.name_track(track, node.name);

  struct Step {
    std::string_view name;
    TimePoint until;
  };

  const Step steps[] = {{"decide", from.committed}, {"provision", from.accepted},
                        {"launch", from.running},   {"boot", node.registered},
                        {"join", node.ready},       {"ready", node.gone}};
  const bool is_known = from.loop_start != kBeforeAllTime;
  TimePoint last = is_known ? from.loop_start : node.registered;
  for (const Step& step : steps) {
    const TimePoint until = std::clamp(step.until, last, end_);
    if (until > last) events_.slice(track, step.name, last, until);
    last = until;
  }
}

void Trace::write_group(const std::string& group, int process) {
  events_.name_process(process, group.empty() ? "nodes of no group" : "group " + group, process);
  write_orders(group, process);
  write_decisions(group, process);
  for (std::size_t i = 0; i < nodes().nodes().size(); ++i) {
    if (nodes().nodes()[i].group == group) write_node(NodeId(static_cast<NodeId::rep>(i)));
  }
}

// From the order to the node, if the pod was there before the order.
void Trace::write_arrow(PodId id, const PodRecord& pod) {
  const Provenance from = nodes().provenance(pod.node);
  if (from.loop_start == kBeforeAllTime || from.loop_start < pod.waits_from) return;
  const int process = track_of(pod.node).process;
  events_.flow_from({process, kOrderThread}, "pod", id.value(), from.loop_start);
  events_.flow_to(track_of(pod.node), "pod", id.value(), pod.bound);
}

template <std::size_t N>
void write_stages(TraceEvents& events, std::uint64_t id, TimePoint at,
                  const std::array<Duration, N>& stages,
                  const std::array<std::string_view, N>& names) {
  for (std::size_t i = 0; i < N; ++i) {
    if (stages[i] == Duration{}) continue;
    events.begin(kPodProcess, "pod", id, names[i], at);
    at += stages[i];
    events.end(kPodProcess, "pod", id, names[i], at);
  }
}

void Trace::write_pod(PodId id) {
  const PodRecord& pod = input_.told.pods().pods()[id.value()];
  const auto stages = stages_of(pod, nodes());
  const std::string name = input_.text_of(id).name;
  const TimePoint until = stages ? pod.running : std::min(pod.ended, end_);
  events_.begin(kPodProcess, "pod", id.value(), name, pod.created);
  if (pod.waits_from != pod.created) {
    events_.begin(kPodProcess, "pod", id.value(), "gated", pod.created);
    events_.end(kPodProcess, "pod", id.value(), "gated", std::min(pod.waits_from, until));
  }
  if (stages && stages->scale_up) {
    write_stages(events_, id.value(), pod.waits_from, stages->stages, kStageNames);
  } else if (stages) {
    write_stages(events_, id.value(), pod.waits_from, stages->plain, kPlainStageNames);
  }
  events_.end(kPodProcess, "pod", id.value(), name, until);
  if (stages && stages->scale_up) write_arrow(id, pod);
}

void Trace::write_pods() {
  events_.name_process(kPodProcess, "pods: created to running", 1'000'000);
  for (std::size_t i = 0; i < input_.told.pods().pods().size(); ++i) {
    if (!input_.told.pods().pods()[i].daemon_set) write_pod(PodId(static_cast<PodId::rep>(i)));
  }
}

}  // namespace

void write_trace(std::ostream& out, const ReportInput& input) { Trace(out, input).write(); }

}  // namespace casim::sim
