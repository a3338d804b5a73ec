// The composite resource of one machine, and what it is composed of: a Request. The provider
// creates and deletes the one, Crossplane's core the other. Source: provisioning-paths.md 1.4.
#pragma once

#include <cstdint>
#include <optional>
#include <string>

#include "sim/paths/kube/object_store.h"
#include "src/core/id.h"
#include "src/ec2/types.h"

namespace casim::sim {

struct XMachine {
  // The claim: what is asked for, and never changes.
  SlotId slot;
  std::string token;
  std::string group;
  std::string type;
  std::string zone;
  ec2::Lifecycle lifecycle = ec2::Lifecycle::kOnDemand;
  // Metadata.
  bool is_deleted = false;
  bool has_finalizer = false;
  std::optional<std::uint32_t> request;  // composed
  // Status, copied from the Request.
  bool is_ready = false;
  std::string instance_id = {};
  std::string state = {};
  std::string error = {};  // code of the last call that EC2 refused
};

using XMachineStore = ObjectStore<XMachine>;

}  // namespace casim::sim
