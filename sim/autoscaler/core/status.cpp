#include "sim/autoscaler/core/status.h"

#include <nlohmann/json.hpp>

namespace casim::sim {
namespace {

using Json = nlohmann::json;

void put(Json& counts, const char* name, int count) {
  if (count != 0) counts[name] = count;
}

Json counts_of(const Readiness& readiness) {
  Json counts = Json::object();
  put(counts, "registered", readiness.registered);
  put(counts, "ready", readiness.ready);
  put(counts, "not_started", static_cast<int>(readiness.not_started.size()));
  put(counts, "suspended", readiness.suspended);
  put(counts, "being_deleted", readiness.deleted);
  put(counts, "unready", readiness.unready);
  put(counts, "long_unregistered", readiness.long_unregistered);
  put(counts, "unregistered", readiness.unregistered);
  return counts;
}

const char* health(bool is_healthy) { return is_healthy ? "Healthy" : "Unhealthy"; }

const char* scale_down(int candidates) {
  return candidates > 0 ? "CandidatesPresent" : "NoCandidates";
}

Json group_json(const ClusterState& state, const std::string& id, int candidates, TimePoint now) {
  Json group;
  const bool is_healthy = state.is_group_healthy(id);
  const Readiness* const readiness = state.readiness(id);
  const AcceptableRange* const range = state.range(id);
  group["health"] = health(is_healthy);
  group["nodes"] = counts_of(readiness == nullptr ? Readiness() : *readiness);
  group["target"] = range == nullptr ? 0 : range->current_target;
  group["scale_down"] = scale_down(candidates);
  if (candidates > 0) group["candidates"] = candidates;
  const InstanceErrorInfo* const backoff = state.backoff_of(id, now);
  if (state.is_scaling_up(id)) {
    group["scale_up"] = "InProgress";
  } else if (!is_healthy) {
    group["scale_up"] = "Unhealthy";
  } else if (backoff != nullptr) {
    group["scale_up"] = "Backoff";
    group["backoff"] = backoff->code;
  } else {
    group["scale_up"] = "NoActivity";
  }
  return group;
}

}  // namespace

std::string status_json(const ClusterState& state, const std::vector<NodeGroupPtr>& groups,
                        const std::map<std::string, int>& candidates, TimePoint now) {
  Json by_id = Json::object();
  bool is_scaling_up = false;
  for (const NodeGroupPtr& group : groups) {
    const std::string& id = group->id();
    const auto known = candidates.find(id);
    by_id[id] = group_json(state, id, known == candidates.end() ? 0 : known->second, now);
    is_scaling_up = is_scaling_up || state.is_scaling_up(id);
  }
  int total_candidates = 0;
  for (const auto& [group, count] : candidates) total_candidates += count;
  Json status;
  status["state"] = "Running";
  status["groups"] = std::move(by_id);
  status["health"] = health(state.is_cluster_healthy());
  status["nodes"] = counts_of(state.totals());
  status["scale_up"] = is_scaling_up ? "InProgress" : "NoActivity";
  status["scale_down"] = scale_down(total_candidates);
  return status.dump();
}

}  // namespace casim::sim
