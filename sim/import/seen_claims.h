// The claims of a snapshot that bind pods to a zone: their volumes are where the nodes of their
// pods are here, and else where they were in the cluster.
#pragma once

#include <map>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "sim/manifests/persistent_claims.h"

namespace casim::sim {

class SeenClaims {
 public:
  // `zones`: of the node groups. No pod could reach a volume elsewhere.
  SeenClaims(const std::vector<KubeObject>& objects, std::set<std::string> zones);

  // The claims of the pod that bind it to a zone, as text.
  std::string names_of(const config::Value& pod) const;

  // One of the scenario's volume_claims, as manifests make it.
  void add(const ManifestItem& item);

  // The pod is on a node of that zone, and so are its volumes. Takes claims out of it whose volumes
  // another pod has elsewhere; answers which.
  std::vector<std::string> place(config::Value& pod, const std::string& zone);

  // Takes claims out of a pod that bind it to no zone.
  void drop_others(config::Value& pod);

  // The scenario's list, and what is to be said of it.
  config::Value::List take(std::vector<std::string>& notes);

 private:
  struct Claim {
    config::Value item;
    bool is_placed = false;
  };

  using Key = std::pair<std::string, std::string>;  // namespace, name

  PersistentClaims all_;
  std::set<std::string> zones_;
  std::map<Key, Claim> claims_;
  std::vector<std::string> moved_;
  std::vector<std::string> out_of_reach_;
  std::set<std::string> missing_;
};

}  // namespace casim::sim
