#include "sim/metrics/collectors.h"

#include <algorithm>
#include <utility>

namespace casim::sim {
namespace {

void list_pods(SummaryValues& out, const Summary& s) {
  const auto count = [&out](const char* path, std::int64_t value, const char* meaning,
                            Better better = Better::kNeither) {
    out.add(path, ValueType::count("pods"), value, meaning, better);
  };
  count("pods.created", s.pods.created, "pods that were created, replacements included");
  count("pods.pending", s.pods.pending, "not bound at the end", Better::kLower);
  count("pods.starting", s.pods.starting, "bound and not running yet at the end");
  count("pods.running", s.pods.running, "running at the end");
  count("pods.completed", s.pods.completed, "ran to their own end", Better::kHigher);
  count("pods.deleted", s.pods.deleted, "deleted by their owner");
  count("pods.evicted", s.pods.evicted, "evicted, as when their node was drained", Better::kLower);
  count("pods.preempted", s.pods.preempted, "made room for a pod of higher priority",
        Better::kLower);
  count("pods.lost", s.pods.lost, "gone with their node", Better::kLower);
  out.add("pods.add_up", ValueType::flag(), s.pods.adds_up(),
          "each pod that was created is in exactly one of these states", Better::kHigher);
  count("pods.rows", s.rows, "pods that workloads and traces asked for, replacements not counted");
  count("pods.rows_run", s.rows_run, "those of them that ran, themselves or as a replacement",
        Better::kHigher);
  count("pods.unserved", s.latency.unserved, "waiting for ever although some group could take them",
        Better::kLower);
}

void list_unfit(SummaryValues& out, const std::vector<UnfitPod>& unfit) {
  config::Value::List names;
  config::Value::List reasons;
  for (const UnfitPod& pod : unfit) {
    names.emplace_back(pod.name);
    reasons.emplace_back(pod.reason);
  }
  out.add("pods.unfit[].pod", ValueType::text(), std::move(names),
          "name of a pod that no node can hold");
  out.add("pods.unfit[].reason", ValueType::text(), std::move(reasons),
          "for each group what it has too little of");
}

config::Value or_null(const std::optional<double>& number) {
  return number ? config::Value(*number) : config::Value();
}

void list_waste(SummaryValues& out, const Summary& s) {
  const std::optional<double> used = s.convergence.used_usd;
  const std::optional<Money> paid = s.costs.total();
  const bool is_known = used && paid && paid->micro_usd > 0;
  const double usd = is_known ? static_cast<double>(paid->micro_usd) / 1e6 : 0;
  out.add("cost.ideal_usd", ValueType::usd().or_null(), or_null(s.convergence.ideal_usd),
          "what the ideal demand would have cost: the least nodes by volume, each pod where it "
          "costs least, and no group below its minimum; null: a group has no known price");
  out.add("cost.waste", ValueType::share().or_null(),
          is_known ? config::Value(std::max(0.0, 1 - *used / usd)) : config::Value(),
          "share of the cost that no demand stood behind: machines that boot or never join, and "
          "schedulable nodes above the ideal; null: nothing was paid, or a price is not known",
          Better::kLower);
}

void list_machine_audit(SummaryValues& out, const RunInfo& run) {
  const auto count = [&out](const char* path, const std::optional<std::int64_t>& value,
                            const char* meaning) {
    out.add(path, ValueType::count("instances").or_null(),
            value ? config::Value(*value) : config::Value(), meaning, Better::kLower);
  };
  count("leaked", run.leaked,
        "live machines of the provider that it does not know, when it was last quiet: up, and so "
        "long after its last change that it must have looked; null: it never was");
  count("doubled", run.doubled, "live machines beyond the first of one client token, likewise");
}

// Those that nobody took for anything else. The autoscaler may think otherwise, as of a taint that
// it takes for one of a node's start: then nodes were ordered in vain, and the pods are unserved.
std::vector<PodId> without_orders(std::vector<UnfitPod>& unfit, const OrderTrail& orders) {
  std::vector<PodId> ids;
  for (UnfitPod& pod : unfit) {
    if (orders.has(pod.id)) {
      pod.reason += "; nodes were ordered for it all the same";
    } else {
      ids.push_back(pod.id);
    }
  }
  return ids;
}
}  // namespace

Collectors::Collectors(WorldModel& world, LoadSchedule schedule,
                       const ConvergenceOptions& convergence)
    : shapes_(world), rooms_(world), convergence_(world, std::move(schedule), convergence) {}

void Collectors::on_fact(TimePoint at, const Fact& fact) {
  pods_.on_fact(at, fact);
  nodes_.on_fact(at, fact);
  shapes_.on_fact(fact);
  rooms_.on_fact(at, fact, pods_, nodes_, shapes_);
  orders_.on_fact(at, fact);
  convergence_.on_fact(at, fact, {pods_, nodes_, shapes_});
  groups_.on_fact(at, fact);
  machines_.on_fact(at, fact);
  rates_.on_fact(at, fact);
  activity_.on_fact(at, fact);
  spot_.on_fact(at, fact);
  replicas_.on_fact(at, fact, pods_);
  series_.on_fact(at, fact, pods_);
  series_.set_ideal(at, convergence_.demand().nodes());
  decisions_.on_fact(at, fact);
  marks_.on_fact(at, fact);
  api_errors_.on_fact(at, fact);
  if (const auto* running = std::get_if<PodRunning>(&fact)) forget_orders(running->pod);
}

// Of most pods nobody will ask which orders counted them: they got the first, and had room at once.
void Collectors::forget_orders(PodId pod) {
  const PodRecord& record = pods_.pods()[pod.value()];
  const bool waited_for_room = record.room > record.waits_from;
  const bool got_first = nodes_.provenance(record.node).loop_start <= record.seen;
  if (got_first && !waited_for_room) orders_.forget(pod);
}

Summary Collectors::summary(RunInfo run) const {
  const LatencyScope scope{.warmup = run.warmup,
                           .unserved = pods_.unserved(without_orders(run.unfit, orders_))};
  Summary out;
  out.pods = pods_.counts();
  out.rows_run = pods_.rows_run();
  out.nodes = nodes_.totals(run.end);
  out.latency = summarize_latency(pods_, nodes_, orders_, scope);
  out.convergence = convergence_.summary(run.end, {pods_, nodes_, shapes_});
  out.groups = groups_.totals(run.end);
  out.machines = machines_.totals(run.end);
  out.activity = activity_;
  out.ec2_rates = rates_.totals();
  out.spot = spot_.totals(pods_, nodes_);
  out.hpas = replicas_.totals(run.end);
  static_cast<RunInfo&>(out) = std::move(run);
  return out;
}

SummaryValues values_of(const Summary& summary) {
  SummaryValues out;
  list_identity(out, summary);
  list_thresholds(out, summary);
  list_pods(out, summary);
  list_unfit(out, summary.unfit);
  list_values(out, summary.nodes);
  list_values(out, summary.costs);
  list_waste(out, summary);
  list_machine_audit(out, summary);
  list_values(out, summary.machines);
  list_values(out, summary.latency);
  list_values(out, summary.convergence);
  list_values(out, summary.groups);
  list_values(out, summary.activity);
  list_values(out, summary.ec2_rates);
  list_vcpus(out, summary);
  list_values(out, summary.spot);
  list_values(out, summary.hpas);
  list_rpc(out, summary);
  list_notes(out, summary);
  return out;
}

}  // namespace casim::sim
