#include "sim/metrics/run_series.h"

namespace casim::sim {

RunSeries::RunSeries() {
  for (SeriesColumn* gauge :
       {&pending_, &running_, &target_, &ready_, &registered_, &ideal_, &cost_}) {
    *gauge = steps_.add_gauge();
  }
  calls_ = steps_.add_counter();
  refused_ = steps_.add_counter();
}

void RunSeries::on_fact(TimePoint at, const Fact& fact, const PodLedger& pods) {
  std::visit([&](const auto& f) { on(at, f, pods); }, fact);
}

void RunSeries::on(TimePoint at, const PodCreated& /*fact*/, const PodLedger& /*pods*/) {
  steps_.add(pending_, at, 1);
}

void RunSeries::on(TimePoint at, const PodBound& /*fact*/, const PodLedger& /*pods*/) {
  steps_.add(pending_, at, -1);
}

void RunSeries::on(TimePoint at, const PodRunning& /*fact*/, const PodLedger& /*pods*/) {
  steps_.add(running_, at, 1);
}

void RunSeries::on(TimePoint at, const PodEnded& fact, const PodLedger& pods) {
  const PodRecord& pod = pods.pods()[fact.pod.value()];
  if (pod.has_run()) {
    steps_.add(running_, at, -1);
  } else if (!pod.is_bound()) {
    steps_.add(pending_, at, -1);
  }
}

RunSeries::Group& RunSeries::group(const std::string& name) {
  const auto [entry, is_new] = groups_.try_emplace(name);
  if (is_new) entry->second = {steps_.add_gauge(), steps_.add_gauge()};
  return entry->second;
}

void RunSeries::on(TimePoint at, const NodeRegistered& fact, const PodLedger& /*pods*/) {
  if (fact.node.value() >= nodes_.size()) nodes_.resize(fact.node.value() + 1);
  nodes_[fact.node.value()].group = fact.group.empty() ? nullptr : &group(fact.group);
  steps_.add(registered_, at, 1);
}

void RunSeries::set_ready(TimePoint at, NodeId id, bool is_ready) {
  SeenNode& node = nodes_[id.value()];
  if (node.is_ready == is_ready) return;
  node.is_ready = is_ready;
  steps_.add(ready_, at, is_ready ? 1 : -1);
  if (node.group != nullptr) steps_.add(node.group->ready, at, is_ready ? 1 : -1);
}

void RunSeries::on(TimePoint at, const NodeReady& fact, const PodLedger& /*pods*/) {
  set_ready(at, fact.node, true);
}

void RunSeries::on(TimePoint at, const NodeNotReady& fact, const PodLedger& /*pods*/) {
  set_ready(at, fact.node, false);
}

void RunSeries::on(TimePoint at, const NodeGone& fact, const PodLedger& /*pods*/) {
  set_ready(at, fact.node, false);
  steps_.add(registered_, at, -1);
}

void RunSeries::on(TimePoint at, const GroupTargetChanged& fact, const PodLedger& /*pods*/) {
  Group& of = group(fact.group);
  const std::int64_t more = fact.target - of.nodes_wanted;
  if (more == 0) return;
  of.nodes_wanted = fact.target;
  steps_.add(target_, at, more);
  steps_.add(of.target, at, more);
}

void RunSeries::on(TimePoint at, const Ec2CallAnswered& fact, const PodLedger& /*pods*/) {
  steps_.count(calls_, at);
  if (!fact.code.empty()) steps_.count(refused_, at);
}

void RunSeries::set_cost_rate(TimePoint at, std::optional<std::int64_t> micro_usd_per_hour) {
  if (!micro_usd_per_hour) {
    has_cost_ = false;
  } else {
    steps_.set(cost_, at, *micro_usd_per_hour);
  }
}

void RunSeries::set_ideal(TimePoint at, std::int64_t nodes) {
  has_ideal_ = true;
  steps_.set(ideal_, at, nodes);
}

std::vector<RunSeries::Quantity> RunSeries::quantities() const {
  std::vector<Quantity> out;
  const auto gauge = [&out](std::string name, const char* unit, SeriesColumn column) {
    out.push_back({.name = std::move(name), .group = {}, .unit = unit, .column = column});
  };
  gauge("pods_pending", "pods", pending_);
  gauge("pods_running", "pods", running_);
  gauge("nodes_target", "nodes", target_);
  gauge("nodes_ready", "nodes", ready_);
  gauge("nodes_registered", "nodes", registered_);
  if (has_ideal_) gauge("nodes_ideal", "nodes", ideal_);
  if (has_cost_) {
    gauge("cost_usd_per_hour", "USD/h", cost_);
    out.back().scale = 1e-6;
  }
  for (const auto& [name, column] : {std::pair{"ec2_calls", calls_}, {"ec2_refused", refused_}}) {
    gauge(name, "calls", column);
    out.back().is_counter = true;
  }
  for (const auto& [name, of] : groups_) {
    for (const auto& [what, column] : {std::pair{"target", of.target}, {"ready", of.ready}}) {
      gauge(std::string(what) + "." + name, "nodes", column);
      out.back().group = name;
    }
  }
  return out;
}

}  // namespace casim::sim
