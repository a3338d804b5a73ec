// PersistentVolumeClaims with zonal volumes, by what pods name them: where the volume of each is,
// once it has one. It is made in the zone of the first pod that uses the claim
// (WaitForFirstConsumer), and stays there, whoever else names the claim. The API server knows where
// volumes are; a scheduler also counts those that pods will have made which it has only placed.
#pragma once

#include <map>
#include <string>
#include <utility>

#include "sim/cluster/objects.h"

namespace casim::sim {

// Namespace and name of a claim.
using ClaimKey = std::pair<std::string, std::string>;

// Calls `visit` with the key of each claim that the pod names, in their order.
template <class Visit>
void for_each_claim(const PodSpec& pod, Visit visit) {
  for (const Volume& volume : pod.volumes) {
    if (volume.kind == Volume::Kind::kClaim) visit(ClaimKey(pod.namespace_name, volume.claim));
  }
}

// Where the claims of one cluster are.
class ClaimZones {
 public:
  // The claim has its volume there, unless it has one already.
  void bind(const ClaimKey& claim, const std::string& zone);
  // A pod is on a node of that zone, or is to be there: so are the volumes of its claims. Nothing
  // if the node is in none (empty).
  void bind(const PodSpec& pod, const std::string& zone);
  // It will not be there after all: volumes that no other pod uses are not made.
  void release(const PodSpec& pod);

  bool has(const ClaimKey& claim) const { return claims_.contains(claim); }

  // The pod with the zone that the volumes of its claims bind it to: itself, if it has that already
  // or they have none yet. Pods that share a spec share the answer.
  PodSpecPtr with_zone(const PodSpecPtr& pod);

 private:
  struct Claim {
    std::string zone;
    int users = 0;  // that would have its volume made
    // The last answer and what it was made of.
    PodSpecPtr asked{};
    PodSpecPtr answer{};
  };

  std::map<ClaimKey, Claim> claims_;
};

}  // namespace casim::sim
