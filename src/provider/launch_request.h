// The RunInstances requests by which the slots of one call ask for machines. Each has a client
// token that follows from the call, the slots it asks for and the pool, so that another life of the
// provider makes the same requests; an instance tells its slot by its tags and its launch index.
#pragma once

#include <map>
#include <string>
#include <vector>

#include "src/core/id.h"
#include "src/ec2/action.h"
#include "src/provider/launch_token.h"
#include "src/provider/types.h"

namespace casim::provider {

// Where a machine may come from.
struct Pool {
  std::string type;
  std::string zone;
};

// Those of the group: zone by zone, the preferred one first, in each the types in order.
std::vector<Pool> pools_of(const GroupConfig& group, const std::string& preferred_zone);

// Slots that one call asks for.
struct CallForSlots {
  LaunchToken token;              // of any of them
  std::string zone;               // preferred
  std::map<int, SlotId> waiting;  // without an answer yet, by their place in the call
  int first = 0;                  // place that the next request asks from
  // A token of it stands for machines that are no more: the slots ask one by one.
  bool is_spent = false;
};

// What the machines of one group are launched from. All of it is part of a request, so a replay
// after a change of it is refused by EC2 and found by its tags.
struct GroupLaunchTerms {
  std::string image_id;                        // empty: the launch template's
  ec2::LaunchTemplate launch_template;         // empty: none
  std::map<std::string, std::string> subnets;  // by zone; none: that of the default VPC
};

// What all requests have in common.
struct LaunchTerms {
  std::string cluster;
  std::string image_id;
  std::map<std::string, GroupLaunchTerms> groups = {};  // instead of the image, by id
};

// For all slots from the first that no reply has covered to the last of the call, whatever became
// of them, so that a replay has the same token and parameters. Requires: some wait.
ec2::RunInstancesRequest request_for_rest(const LaunchTerms& terms, const GroupConfig& group,
                                          const CallForSlots& call, const Pool& pool);

// For the slot at that place; `round`: how many tokens it has spent in this pool.
ec2::RunInstancesRequest request_for_one(const LaunchTerms& terms, const GroupConfig& group,
                                         const CallForSlots& call, const Pool& pool, int place,
                                         int round);

}  // namespace casim::provider
