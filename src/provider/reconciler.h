// Compares the slots with the machines that exist, and repairs: adopts machines by token, fails or
// frees slots whose machine failed or vanished, terminates what nobody wants, finishes deletions.
// Safe against lists that are late: what is only missing must stay missing for a while and in two
// lists, because EC2 does not show a machine at once (ec2.md 1.4, 5.5).
#pragma once

#include <map>
#include <string>
#include <vector>

#include "src/core/clock.h"
#include "src/provider/effects.h"
#include "src/provider/journal.h"
#include "src/provider/launcher.h"
#include "src/provider/ports.h"
#include "src/provider/slot_table.h"
#include "src/provider/terminator.h"

namespace casim::provider {

class Reconciler {
 public:
  struct Parts {  // all outlive it
    Clock& clock;
    Machines& machines;
    Observer& observer;
    SlotTable& table;
    Journal& journal;
    Launcher& launcher;
    Terminator& terminator;
  };

  Reconciler(Parts parts, Duration period) : parts_(parts), period_(period) {}

  // A pass each period, for ever.
  Awaitable<void> run();
  // One comparison. A list that fails changes nothing.
  Awaitable<Result<void>> pass();

 private:
  // What exists, in the order of instance ids: that of a reply means nothing.
  struct Snapshot {
    explicit Snapshot(std::vector<Machine> list);

    std::vector<Machine> machines;
    std::map<std::string, const Machine*> by_id;
    std::multimap<std::string, const Machine*> by_token;
  };

  const Machine* machine_of(const Snapshot& seen, const Slot& slot);
  const Machine* find_by_token(const Snapshot& seen, const Slot& slot, bool live) const;
  bool is_vanished(const Slot& slot);

  Change plan_group(const std::string& group, const Snapshot& seen);
  void repair(const Slot& slot, const Snapshot& seen, Effects& effects);
  void repair_requested(const Slot& slot, const Snapshot& seen, Effects& effects);
  void repair_live(const Slot& slot, const Snapshot& seen, Effects& effects);
  void repair_failed(const Slot& slot, const Snapshot& seen, Effects& effects);
  void repair_leaving(const Slot& slot, const Snapshot& seen, Effects& effects);
  void terminate_doubles(const Slot& slot, const Snapshot& seen, Effects& effects) const;
  void terminate_orphans(const Snapshot& seen);
  void forget_missing();

  Parts parts_;
  Duration period_;
  std::map<SlotId, TimePoint> missing_since_;
};

}  // namespace casim::provider
