// A scenario of one group of small machines that nobody loads.
#pragma once

#include "sim/scenario/scenario.h"

namespace casim::sim {

inline Scenario small_fleet() {
  Scenario s;
  s.description = "test";
  NodeGroupConfig group;
  group.name = "g";
  group.max = 20;
  group.initial = 1;
  group.instance_types = {"m6i.2xlarge"};
  s.node_groups = {group};
  s.provider.join_timeout = std::chrono::hours(100);  // a busy host makes joins late
  return s;
}

}  // namespace casim::sim
