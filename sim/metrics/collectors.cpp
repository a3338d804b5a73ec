#include "sim/metrics/collectors.h"

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

std::vector<PodId> ids_of(const std::vector<UnfitPod>& unfit) {
  std::vector<PodId> ids;
  for (const UnfitPod& pod : unfit) ids.push_back(pod.id);
  return ids;
}

}  // namespace

void Collectors::on_fact(TimePoint at, const Fact& fact) {
  pods_.on_fact(at, fact);
  nodes_.on_fact(at, fact);
  activity_.on_fact(at, fact);
  spot_.on_fact(at, fact);
  replicas_.on_fact(at, fact, pods_);
  series_.on_fact(at, fact, pods_);
  decisions_.on_fact(at, fact);
  marks_.on_fact(at, fact);
  api_errors_.on_fact(at, fact);
}

Summary Collectors::summary(RunInfo run) const {
  const LatencyScope scope{.warmup = run.warmup, .unserved = pods_.unserved(ids_of(run.unfit))};
  Summary out;
  out.pods = pods_.counts();
  out.rows_run = pods_.rows_run();
  out.nodes = nodes_.totals(run.end);
  out.latency = summarize_latency(pods_, nodes_, scope);
  out.activity = activity_;
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
  list_values(out, summary.latency);
  list_values(out, summary.activity);
  list_values(out, summary.spot);
  list_values(out, summary.hpas);
  list_rpc(out, summary);
  list_notes(out, summary);
  return out;
}

}  // namespace casim::sim
