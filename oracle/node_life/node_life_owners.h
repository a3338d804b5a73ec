// StatefulSets and DaemonSets of a node life case, played as far as such cases need them: which pod
// is made anew, and when. Source: algorithm 6.2. ReplicaSets and Jobs are the simulator's own.
#pragma once

#include <map>
#include <set>
#include <string>
#include <vector>

#include "sim/apiserver/api_server.h"

namespace casim::oracle {

class NodeLifeOwners {
 public:
  explicit NodeLifeOwners(sim::ApiServer& api) : api_(api) {}

  void add(const sim::Pod& pod);  // a given one: its owner has one of that name, or on that node
  // Does what is to do at this instant.
  void settle();

 private:
  struct Owned {
    sim::PodSpecPtr spec;
    sim::WorkloadId workload;
    std::map<std::string, sim::PodId> pods;  // of a StatefulSet by name, of a DaemonSet by node
  };

  void settle_stateful(Owned& set);
  void settle_daemon(Owned& set);
  void create(Owned& set, const std::string& key, sim::NewPod pod);
  bool is_ready(const sim::Pod& pod) const;

  sim::ApiServer& api_;
  std::map<std::string, Owned> stateful_;  // by uid
  std::map<std::string, Owned> daemon_;
};

}  // namespace casim::oracle
