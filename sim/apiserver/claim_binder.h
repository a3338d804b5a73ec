// The API server's PersistentVolumeClaims: a pod that is bound to a node has the volumes of its
// claims made in that node's zone, and from then on every pod that names one of them, those that
// wait and those that are made later, asks for that zone (PodSpec::volume_zone). A volume takes no
// time to be made. Who watches pods sees the change as one of the pod.
#pragma once

#include <map>
#include <vector>

#include "sim/cluster/claim_zones.h"
#include "sim/cluster/cluster.h"

namespace casim::sim {

class ClaimBinder {
 public:
  explicit ClaimBinder(Cluster& cluster) : cluster_(cluster) {}

  // The claim has its volume there, before any pod uses it. Nothing if it has one.
  void provide(const ClaimKey& claim, const std::string& zone);

  // What a pod is made with.
  PodSpecPtr spec_of(const PodSpecPtr& given) { return zones_.with_zone(given); }

  // The pod is there, and waits for a node.
  void on_created(PodId pod);
  // It has one. Answers which other pods ask for a zone now, by id.
  std::vector<PodId> on_bound(PodId pod);

 private:
  void ask_for_zone(PodId pod);

  Cluster& cluster_;
  ClaimZones zones_;
  std::map<ClaimKey, std::vector<PodId>> waiting_;  // pods that name a claim without a volume
};

}  // namespace casim::sim
