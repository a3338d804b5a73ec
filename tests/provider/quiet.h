// What has to hold of a provider and its EC2 once the world is quiet.
#pragma once

#include <map>
#include <string>
#include <vector>

#include "src/provider/ec2_machines.h"
#include "tests/provider/fake_ec2.h"

namespace casim::provider {

inline bool is_live(const FakeEc2& ec2, const std::string& id) {
  const auto instance = ec2.instances.find(id);
  return instance != ec2.instances.end() &&
         instance->second.state != ec2::InstanceState::kTerminated;
}

// What is wrong; empty: nothing leaked, nothing doubled, every slot of the target has its machine
// or its failure.
inline std::string find_fault(const std::vector<Slot>& slots, const FakeEc2& ec2) {
  std::map<std::string, int> live;  // by token of the slot
  for (const auto& [id, instance] : ec2.instances) {
    if (is_live(ec2, id)) ++live[slot_token_of(instance)];
  }
  for (const Slot& slot : slots) {
    const std::string name = "slot " + std::to_string(slot.id.value());
    switch (slot.state) {
      case SlotState::kCreating:
      case SlotState::kRunning:
        if (live[slot.token] != 1) {
          return name + " has " + std::to_string(live[slot.token]) + " machines";
        }
        live.erase(slot.token);
        if (!is_live(ec2, slot.instance_id)) return name + " has lost " + slot.instance_id;
        break;
      case SlotState::kFailed:
        if (!slot.failure) return name + " failed without a reason";
        if (live[slot.token] > (slot.instance_id.empty() ? 0 : 1)) {
          return name + " failed and has " + std::to_string(live[slot.token]) + " machines";
        }
        live.erase(slot.token);
        break;
      case SlotState::kRequested:
        return name + " is still requested";
      case SlotState::kDeleting:
        return name + " is still deleting";
      case SlotState::kCancelled:
        return name + " is still cancelled";
    }
  }
  for (const auto& [token, count] : live) {
    if (count > 0) return "leaked: token " + token;
  }
  return {};
}

}  // namespace casim::provider
