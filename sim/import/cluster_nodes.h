// The nodes of a snapshot as node groups.
#pragma once

#include <cstdint>
#include <map>
#include <set>
#include <string>
#include <vector>

#include "sim/import/autoscaler_arguments.h"

namespace casim::sim {

// Which initial node of a group a node is.
struct NodePlace {
  std::string group;
  int number = 0;
  std::map<std::string, std::string> labels;  // of the initial node
  config::Value::List taints;
};

struct ClusterNodes {
  config::Value::List node_groups;
  config::Value::List static_nodes;
  config::Value instance_types;             // object; those that differ from the catalogue
  std::int64_t most_vcpus = 0;              // of all groups at their max
  int most_pods = 0;                        // of a node
  std::map<std::string, NodePlace> places;  // by node name
  std::set<std::string> static_names;
  std::set<std::string> lost_names;  // of nodes whose pods wait for another
  std::vector<std::string> unmatched_bounds;
  std::vector<std::string> notes;
};

// `bounds`: of the groups' sizes, by their names.
ClusterNodes group_nodes(const std::vector<KubeObject>& nodes,
                         const std::map<std::string, GroupBounds>& bounds);

}  // namespace casim::sim
