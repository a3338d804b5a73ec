// What the initial nodes of a scenario have left while its initial pods are put on them: who
// checks a scenario asks it whether they have room. Nodes are as sim/world/initial_state.h makes
// them.
#pragma once

#include <map>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "sim/cluster/claim_zones.h"
#include "sim/cluster/objects.h"
#include "sim/scenario/scenario.h"
#include "src/provider/types.h"

namespace casim::sim {

class InitialRoom {
 public:
  // Requires: known instance types.
  explicit InitialRoom(const Scenario& scenario);

  bool has_group(const std::string& group) const { return groups_.contains(group); }

  int nodes_of(const std::string& group) const { return groups_.at(group).nodes; }

  // Puts a pod on the group's n-th node. Else says why the node does not take it.
  // Requires: there is that node.
  std::string put(const std::string& group, int n, const PodSpecPtr& pod);

 private:
  struct Group {
    provider::GroupConfig config;
    std::optional<RegisteredNode> registered;
    int nodes = 0;
    std::uint64_t first_slot = 0;
  };

  struct Node {
    Labels labels;
    std::vector<Taint> taints;
    Resources left;
    std::vector<PodSpecPtr> on_ports;  // pods that hold a host port
  };

  Node& node(const std::string& group, int n);

  ClaimZones claims_;
  std::map<std::string, Group> groups_;
  std::map<std::pair<std::string, int>, Node> nodes_;  // that were asked for
};

}  // namespace casim::sim
