// The pods of a snapshot: who keeps them up, and on which node each is.
#pragma once

#include <map>
#include <set>
#include <string>
#include <vector>

#include "sim/import/seen_claims.h"
#include "sim/manifests/kube_object.h"

namespace casim::sim {

// What keeps pods up, as far as it can be seen: the topmost owner. A bare pod is its own.
struct PodOwner {
  std::string kind;
  std::string namespace_name;
  std::string name;

  auto operator<=>(const PodOwner&) const = default;
};

// Pods of one owner that ask for the same, and name the same claims.
struct AlikePods {
  const KubeObject* example = nullptr;
  std::string shape;                    // see live_pods.h
  std::string claims;                   // that bind them to a zone
  std::map<std::string, int> on_nodes;  // pods by node name
  int pending = 0;

  int count() const;
};

struct OwnedPods {
  std::vector<AlikePods> groups;  // in the order of their first pods

  int pending() const;

  // Requires: any.
  const AlikePods& largest() const;
};

struct ClusterPods {
  std::map<PodOwner, OwnedPods> owned;  // without those of DaemonSets
  int finished = 0;
  int leaving = 0;  // that are being deleted
  int of_daemon_sets = 0;
  int of_nodes = 0;  // static ones, which their kubelet runs by itself
};

// Pods on nodes that are lost wait for another node.
ClusterPods sort_pods(const std::vector<KubeObject>& objects,
                      const std::set<std::string>& lost_nodes, const SeenClaims& claims);

// The controller among the owners; an empty kind: nobody.
PodOwner controller_of(const KubeObject& object);

}  // namespace casim::sim
