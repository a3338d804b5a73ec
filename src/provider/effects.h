// What a change does to slots, gathered while it is planned: the batch for the store, and what
// follows once that is durable: facts in the order of the batch, machines to terminate.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "src/core/id.h"
#include "src/provider/journal.h"
#include "src/provider/ports.h"
#include "src/provider/terminator.h"
#include "src/provider/types.h"

namespace casim::provider {

// What the observer is told of a slot that is put; of kSilent nothing.
enum class SlotEvent : std::uint8_t { kAccepted, kFailed, kJoined, kDeleting, kCancelled, kSilent };

class Effects {
 public:
  void put(SlotEvent event, Slot slot);            // in the place of the one with its id
  void erase(const Slot& slot);                    // told as gone
  void terminate(const std::string& instance_id);  // its machine, once the rest is durable

  // What the journal takes. Moves from this. Observer and terminator outlive the journal.
  Change into_change(Observer& observer, Terminator& terminator, CallId call) &&;

 private:
  struct Told {
    SlotEvent event;
    bool is_gone;
    Slot slot;
  };

  Batch batch_;
  std::vector<Told> told_;
  std::vector<std::string> terminate_;
};

// Transitions that several rules share. The slot is the committed one.

// Out of the target: a machine is terminated and listed as Deleting meanwhile; a slot that still
// waits for its machine is cancelled; a failed one without a machine is free at once.
void delete_slot(const Slot& slot, Effects& effects);
// As above, but for DecreaseTargetSize: what has a machine is no longer listed.
void cancel_slot(const Slot& slot, Effects& effects);
// Listed with the failure until the autoscaler deletes it.
void fail_slot(const Slot& slot, SlotFailure failure, Effects& effects);
// Its machine is a node; a late join withdraws NeverJoined.
void join_slot(const Slot& slot, const std::string& node_name, Effects& effects);
// The machine of a slot that waits for one. A cancelled slot gets it to see it terminated.
// Requires: Requested or Cancelled, without a machine.
void adopt_machine(const Slot& slot, const std::string& instance_id, const std::string& provider_id,
                   TimePoint now, Effects& effects);

}  // namespace casim::provider
