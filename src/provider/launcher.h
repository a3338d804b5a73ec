// Turns committed slots into machines: asks Machines for all slots of one commit at once, and makes
// each answer durable. Answers that come while an earlier one commits share the next commit. With a
// window, slots of several orders for a group are asked for together: they get the tokens of one
// call, durably, before that call is made. A replay keeps the tokens that it finds.
#pragma once

#include <map>
#include <set>
#include <string>
#include <vector>

#include "src/async/task_scope.h"
#include "src/core/clock.h"
#include "src/provider/batch_window.h"
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

  // The config outlives it.
  Launcher(Parts parts, const Config& config) : parts_(parts), config_(config) {}

  // Starts launching requested slots of the group in the background, none of which was asked for
  // before.
  void launch(const GroupConfig& group, const std::vector<Slot>& slots);
  // Those of an earlier life, which may have been: by their tokens as they are.
  void launch_again(const GroupConfig& group, const std::vector<Slot>& slots);

  // Asked for, and the answer is not durable yet.
  bool is_in_flight(SlotId slot) const { return in_flight_.contains(slot); }

 private:
  struct Waiting {  // of one group, within a window
    Gathering gathering;
    std::vector<SlotId> slots;
  };

  struct Inbox {
    std::vector<LaunchAnswer> answers;
    bool is_running = false;
  };

  void on_answer(LaunchAnswer answer) override;
  bool is_wanted(SlotId slot) const override;
  void ask_for(const GroupConfig& group, const std::vector<Slot>& slots);
  Awaitable<void> gather(const GroupConfig& group, Waiting& waiting);
  Awaitable<void> share_calls(const GroupConfig& group, const std::vector<SlotId>& slots);
  std::vector<Slot> known(const std::vector<SlotId>& slots) const;
  Awaitable<void> run(const GroupConfig& group, std::vector<LaunchItem> items);
  Awaitable<void> record(std::string group, Inbox& inbox);
  Change plan(const std::vector<LaunchAnswer>& answers) const;

  Parts parts_;
  const Config& config_;
  std::map<std::string, Waiting> waiting_;   // by group
  std::map<SlotId, std::string> in_flight_;  // its group
  std::map<std::string, Inbox> inboxes_;     // by group
};

}  // namespace casim::provider
