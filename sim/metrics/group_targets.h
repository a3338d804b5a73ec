// The target of each node group, as the provider has it: slots that were ordered and have neither
// been cancelled nor deleted nor gone. A deletion counts from the instant at which it is answered.
#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <map>
#include <string>
#include <vector>

#include "sim/events/facts.h"

namespace casim::sim {

class GroupTargets {
 public:
  using Change = std::function<void(const std::string& group, std::int64_t more)>;

  // Tells of each change of a target, up or down.
  void on_fact(TimePoint at, const Fact& fact, const Change& change);

 private:
  struct Slot {
    std::string group;  // empty: it does not count, or no more
  };

  void add(SlotId id, const std::string& group, const Change& change);
  void remove(SlotId id, const Change& change);
  void remove_machines(const std::vector<std::string>& provider_ids, const Change& change);

  std::vector<Slot> slots_;  // by SlotId
  std::map<std::string, SlotId> by_instance_;
  std::uint64_t initial_ = 0;  // the first slots are of initial nodes, in the order of these
};

}  // namespace casim::sim
