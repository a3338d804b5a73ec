// How the nodes of a group differ from the template that the autoscaler is told: what a kubelet or
// a driver on the node adds (the zone label of a CSI driver), or keeps back, and the provider does
// not know. The autoscaler plans by the template until it has seen a node, then by that.
#pragma once

#include <string>
#include <vector>

#include "sim/cluster/objects.h"
#include "src/core/quantity.h"

namespace casim::sim {

struct RegisteredNode {
  Labels labels;                            // that the template lacks, or has with another value
  std::vector<std::string> zone_labels;     // the same; their value is the node's zone
  std::vector<std::string> without_labels;  // that the template has
  Resources allocatable;                    // 0: as in the template; an extended one may be 0

  bool operator==(const RegisteredNode&) const = default;
};

// Makes labels and allocatable of the template those of a node in that zone.
void differ_from_template(const RegisteredNode& given, const std::string& zone, Labels& labels,
                          Resources& allocatable);

}  // namespace casim::sim
