#include "sim/apiserver/claim_binder.h"

#include <set>

#include "sim/cluster/volume_zone.h"

namespace casim::sim {

void ClaimBinder::provide(const ClaimKey& claim, const std::string& zone) {
  if (!zones_.has(claim)) zones_.bind(claim, zone);
}

void ClaimBinder::on_created(PodId id) {
  const PodSpec& pod = *cluster_.pod(id).spec;
  for_each_claim(pod, [&](const ClaimKey& claim) {
    if (!zones_.has(claim)) waiting_[claim].push_back(id);
  });
}

std::vector<PodId> ClaimBinder::on_bound(PodId id) {
  const Pod& pod = cluster_.pod(id);
  if (pod.spec->volumes.empty()) return {};
  const std::string zone(zone_of_node(cluster_.node(pod.node)->labels));
  zones_.bind(*pod.spec, zone);
  if (zone.empty()) return {};
  std::set<PodId> moved;
  for_each_claim(*pod.spec, [&](const ClaimKey& claim) {
    const auto waiting = waiting_.find(claim);
    if (waiting == waiting_.end()) return;
    moved.insert(waiting->second.begin(), waiting->second.end());
    waiting_.erase(waiting);
  });
  ask_for_zone(id);
  // Some are gone, and some had a zone by another claim.
  std::erase_if(moved, [&](PodId other) {
    const Pod* waits = cluster_.find_pod(other);
    return waits == nullptr || waits->node.is_valid() || !waits->spec->volume_zone.empty();
  });
  for (const PodId other : moved) ask_for_zone(other);
  return {moved.begin(), moved.end()};
}

void ClaimBinder::ask_for_zone(PodId pod) {
  cluster_.set_spec(pod, zones_.with_zone(cluster_.pod(pod).spec));
}

}  // namespace casim::sim
