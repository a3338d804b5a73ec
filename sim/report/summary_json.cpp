#include <nlohmann/json.hpp>

#include "sim/report/summary.h"
#include "src/core/version.h"

namespace casim::sim {
namespace {

using Json = nlohmann::ordered_json;

Json seconds(const std::optional<Duration>& d) { return d ? Json(to_seconds(*d)) : Json(nullptr); }

Json to_json_value(const Quantiles& q) {
  Json out;
  out["count"] = q.count;
  out["p50"] = seconds(q.p50);
  out["p90"] = seconds(q.p90);
  out["p99"] = seconds(q.p99);
  out["max"] = seconds(q.max);
  out["mean"] = q.mean_s ? Json(*q.mean_s) : Json(nullptr);
  return out;
}

template <int N>
Json staged(const StagedLatency<N>& latency, const std::array<std::string_view, N>& names) {
  Json out;
  out["total"] = to_json_value(latency.total);
  for (std::size_t i = 0; i < N; ++i) {
    out["stages"][std::string(names[i])] = to_json_value(latency.stages[i]);
  }
  out["tail"] = nullptr;
  if (!latency.tail) return out;
  Json tail;
  for (std::size_t i = 0; i < N; ++i) tail[std::string(names[i])] = (*latency.tail)[i];
  out["tail"] = tail;
  return out;
}

Json pods_json(const Summary& s) {
  Json out;
  out["created"] = s.pods.created;
  out["pending"] = s.pods.pending;
  out["starting"] = s.pods.starting;
  out["running"] = s.pods.running;
  out["completed"] = s.pods.completed;
  out["deleted"] = s.pods.deleted;
  out["evicted"] = s.pods.evicted;
  out["preempted"] = s.pods.preempted;
  out["lost"] = s.pods.lost;
  out["add_up"] = s.pods.adds_up();
  out["rows"] = s.rows;
  out["rows_run"] = s.rows_run;
  out["unserved"] = s.latency.unserved;
  out["unfit"] = Json::array();
  for (const UnfitPod& pod : s.unfit) {
    out["unfit"].push_back({{"pod", pod.name}, {"reason", pod.reason}});
  }
  return out;
}

Json nodes_json(const NodeTotals& nodes) {
  Json out;
  out["registered"] = nodes.registered;
  out["ready_peak"] = nodes.ready_peak;
  out["ready_at_end"] = nodes.ready_at_end;
  out["gone"] = nodes.gone;
  out["node_hours"] = nodes.node_hours;
  return out;
}

Json autoscaler_json(const Activity& a) {
  Json out;
  out["loops"] = a.loops;
  out["loop_errors"] = a.loop_errors;
  out["scale_ups"] = a.scale_ups;
  out["slots_ordered"] = a.slots_ordered;
  out["slot_failures"] = a.slot_failures;
  out["nodes_removed"] = a.scale_downs;
  out["mutations"] = a.mutations;
  out["provider_crashes"] = a.provider_crashes;
  return out;
}

}  // namespace

std::string to_json(const Summary& s) {
  Json out;
  out["schema_version"] = Summary::kSchemaVersion;
  out["version"] = kResultsVersion;
  out["scenario"] = s.scenario;
  out["description"] = s.description;
  out["seed"] = s.seed;
  out["end_s"] = to_seconds(s.end);
  out["stopped_by"] = s.stopped_by;
  out["partial"] = s.partial;
  out["digest"] = s.digest;
  out["facts"] = s.facts;
  out["pods"] = pods_json(s);
  out["nodes"] = nodes_json(s.nodes);
  out["pod_latency"] = to_json_value(s.latency.pod_latency);
  out["existing_node_latency"] =
      staged<kPlainStageCount>(s.latency.existing_node, kPlainStageNames);
  out["scale_up_latency"] = staged<kStageCount>(s.latency.scale_up, kStageNames);
  out["autoscaler"] = autoscaler_json(s.activity);
  out["ec2"] = {{"calls", s.activity.ec2_calls},
                {"instances_launched", s.activity.instances_launched},
                {"instances_terminated", s.activity.instances_terminated}};
  out["rpc"] = Json::object();
  for (const auto& [method, count] : s.rpc) {
    out["rpc"][method] = {{"calls", count.wire + count.memo}, {"wire", count.wire}};
  }
  out["notes"] = s.notes;
  return out.dump(2) + "\n";
}

}  // namespace casim::sim
