// Turns committed slots into machines: asks Machines for all slots of one commit at once, and makes
// each answer durable. Answers that come while an earlier one commits share the next commit.
#pragma once

#include <map>
#include <set>
#include <string>
#include <vector>

#include "src/async/task_scope.h"
#include "src/core/clock.h"
#include "src/provider/journal.h"
#include "src/provider/ports.h"
#include "src/provider/slot_table.h"
#include "src/provider/terminator.h"

namespace casim::provider {

class Launcher : private LaunchSink {
 public:
  struct Parts {  // all outlive it
    Clock& clock;
    Machines& machines;
    Observer& observer;
    TaskScope& scope;
    SlotTable& table;
    Journal& journal;
    Terminator& terminator;
  };

  explicit Launcher(Parts parts) : parts_(parts) {}

  // Starts launching requested slots of the group in the background.
  void launch(const GroupConfig& group, const std::vector<Slot>& slots);

  // Asked for, and the answer is not durable yet.
  bool is_in_flight(SlotId slot) const { return in_flight_.contains(slot); }

 private:
  struct Inbox {
    std::vector<LaunchAnswer> answers;
    bool is_running = false;
  };

  void on_answer(LaunchAnswer answer) override;
  bool is_wanted(SlotId slot) const override;
  Awaitable<void> run(const GroupConfig& group, std::vector<LaunchItem> items);
  Awaitable<void> record(std::string group, Inbox& inbox);
  Change plan(const std::vector<LaunchAnswer>& answers) const;

  Parts parts_;
  std::map<SlotId, std::string> in_flight_;  // its group
  std::map<std::string, Inbox> inboxes_;     // by group
};

}  // namespace casim::provider
