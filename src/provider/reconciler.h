// Compares the slots with the machines that exist, and repairs: adopts machines by token, fails or
// frees slots whose machine failed or vanished, terminates what nobody wants, finishes deletions.
// Safe against lists that are late: what is only missing must stay missing for a while and in two
// lists, because EC2 does not show a machine at once (ec2.md 1.4, 5.5).
#pragma once

#include <cstddef>
#include <map>
#include <string>
#include <string_view>
#include <vector>

#include <boost/unordered/unordered_flat_map.hpp>

#include "src/core/clock.h"
#include "src/core/random.h"
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
    const Random& random;
    SlotTable& table;
    Journal& journal;
    Launcher& launcher;
    Terminator& terminator;
  };

  Reconciler(Parts parts, ReconcileTiming timing)
      : parts_(parts), timing_(timing), pause_(timing.period) {}

  // A pass each period, for ever. The epoch names the luck of the jitter.
  Awaitable<void> run(std::uint64_t epoch);
  // One comparison. A list that fails changes nothing.
  Awaitable<Result<void>> pass();

 private:
  // What exists. The order of a reply means nothing, so nothing may hang on it.
  class Snapshot {
   public:
    explicit Snapshot(std::vector<Machine> list);
    Snapshot(const Snapshot&) = delete;  // its keys are in its machines
    Snapshot& operator=(const Snapshot&) = delete;

    const std::vector<Machine>& machines() const { return machines_; }

    // Of a token, seldom more than one.
    template <class Visit>
    void for_each_of(const std::string& token, Visit visit) const {
      const auto first = first_of_.find(token);
      if (first == first_of_.end()) return;
      for (std::size_t i = first->second; i < machines_.size(); i = next_[i]) visit(machines_[i]);
    }

   private:
    std::vector<Machine> machines_;
    boost::unordered_flat_map<std::string_view, std::size_t> first_of_;  // by token; lookups only
    std::vector<std::size_t> next_;  // of the same token; beyond the end: none
  };

  bool is_calm() const;
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
  ReconcileTiming timing_;
  Duration pause_;                     // between two passes while it is calm
  std::uint64_t seen_generation_ = 0;  // of the table, after the last pass
  bool has_settled_ = false;           // then: every slot had joined
  std::map<SlotId, TimePoint> missing_since_;
};

}  // namespace casim::provider
