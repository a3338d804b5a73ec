// The committed slots and what follows from them: targets, generations, lookups. Changes only by
// whole batches that the store has made durable, so what readers see here is what a restart would
// load. Reads are lookups; iteration is by slot id, never by hash.
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include <boost/unordered/unordered_flat_map.hpp>

#include "src/core/id.h"
#include "src/core/time.h"
#include "src/provider/ports.h"
#include "src/provider/types.h"

namespace casim::provider {

// Whether a slot in this state counts in its group's target.
bool is_in_target(SlotState state);
// A machine that may still join: NeverJoined can be withdrawn.
bool may_join(const Slot& slot);

// What a provider id stands for.
struct Resolved {
  enum class Kind {
    kUnknown,
    kSlot,  // of this slot
    kGone,  // of a machine or placeholder of the group that is no more
  };
  Kind kind = Kind::kUnknown;
  std::string group;
  const Slot* slot = nullptr;
  // Named by the placeholder, although the slot may have got its machine meanwhile.
  bool by_placeholder = false;
  // Of a gone one: it was deleted on request, so its Node object may outlive it for a while.
  bool was_deleted = false;
};

class SlotTable {
 public:
  void load(StoredState stored);  // Requires: empty
  // Requires: the batch is durable. `now`: since when erased machines are remembered as gone.
  void apply(const Batch& batch, TimePoint now);

  // Null: no such slot.
  const Slot* find(SlotId id) const;
  const Slot* find_by_token(const std::string& token) const;
  // Of a machine's provider id or a placeholder.
  Resolved resolve(const std::string& provider_id) const;

  const std::map<SlotId, Slot>& all() const { return slots_; }

  // With a slot now or before, by name.
  std::vector<std::string> groups() const;
  // By id. Pointers stay valid until the slot is erased.
  const std::map<SlotId, const Slot*>& of_group(const std::string& group) const;
  int target(const std::string& group) const;  // 0 for a group without slots
  // As NodeGroupNodes answers, by slot.
  std::vector<Instance> list(const std::string& group) const;

  // Slots with a machine that has not joined (kCreating), by id.
  const std::set<SlotId>& creating() const { return creating_; }

  // Grows with each change of the group; 1 before the first.
  std::uint64_t generation(const std::string& group) const;

  std::uint64_t generation_of_all() const { return generation_of_all_; }

  // Of the slot with that provider id; of an id that no slot has, that of all.
  std::uint64_t generation_of_node(const std::string& provider_id) const;

  // Numbers for slots that are about to be committed; one that fails to commit is not used again.
  SlotId take_id();

  // Notes a terminated machine of ours that no slot knows, so that deleting it again is OK.
  void remember_gone(const std::string& provider_id, const std::string& group, TimePoint now);
  void forget_gone_before(TimePoint when);

  // What does not hold; none if all does: a target is the number of its slots that count, every
  // index finds every slot, no token and no machine has two slots. Looks at everything.
  std::optional<std::string> broken_invariant() const;

 private:
  struct Group {
    std::map<SlotId, const Slot*> slots;
    int target = 0;
    std::uint64_t generation = 1;
  };

  struct Gone {
    std::string group;
    TimePoint since;
    // CA deleted it, so its Node object may still be asked for; a machine that vanished by itself
    // is of no group any more, or its node would count as unready capacity.
    bool was_deleted = false;
  };

  struct Named {
    SlotId id;
    std::uint64_t generation = 0;  // of all, when the slot last changed
  };

  void put(const Slot& slot);
  void erase(SlotId id, TimePoint now);
  void drop_indexes(const Slot& slot);
  void bump(const std::string& group);
  std::optional<std::string> broken_slot(const Slot& slot) const;

  std::map<SlotId, Slot> slots_;
  std::map<std::string, Group> groups_;
  std::set<SlotId> creating_;
  boost::unordered_flat_map<std::string, Named> by_provider_id_;  // lookups only
  boost::unordered_flat_map<std::string, SlotId> by_token_;       // lookups only
  std::map<std::string, Gone> gone_;                              // by provider id
  SlotId next_slot_{0};
  std::uint64_t generation_of_all_ = 1;
};

}  // namespace casim::provider
