// The only way to change slots. Changes of one group run one after the other: each decides on the
// committed state, commits, and is applied to the table in the instant in which the store says
// it is durable. So concurrent mutations see each other, and memory is never ahead of the store.
// Changes of different groups may be in the store at the same time, which can commit them as one.
#pragma once

#include <cstddef>
#include <deque>
#include <functional>
#include <map>
#include <memory>
#include <string>

#include "src/async/gate.h"
#include "src/async/task_scope.h"
#include "src/core/asio.h"
#include "src/core/clock.h"
#include "src/core/result.h"
#include "src/provider/ports.h"
#include "src/provider/slot_table.h"

namespace casim::provider {

// What a plan has decided.
struct Change {
  Batch batch;
  // Runs right after the batch was applied, or at once when it is empty: background work, facts.
  std::move_only_function<void()> after = [] {};
};

class Journal {
 public:
  // Looks at the table and says what to change; an error changes nothing and is the answer. Never
  // suspends. What it refers to outlives the journal.
  using Plan = std::move_only_function<Result<Change>()>;

  Journal(SlotTable& table, Store& store, Observer& observer, Clock& clock, TaskScope& scope);

  // Answers when the change is durable and applied. A caller that is cancelled before the plan's
  // turn withdraws it; later than that it only misses the answer.
  Awaitable<Result<void>> submit(std::string group, Plan plan);

  // The provider is going down: whoever waits is answered UNAVAILABLE, and so is all that follows.
  // No caller touches the journal again.
  void stop();

  bool is_stopped() const { return stopped_; }

 private:
  struct Ticket;
  using TicketPtr = std::shared_ptr<Ticket>;  // of the caller, who may leave, and of the queue

  struct Queue {
    std::deque<TicketPtr> waiting;
    TicketPtr current;
    bool is_running = false;
  };

  Awaitable<void> run(const std::string& group, Queue& queue);
  Awaitable<Result<void>> perform(const std::string& group, TicketPtr ticket);
  void apply(const std::string& group, const Batch& batch);

  SlotTable& table_;
  Store& store_;
  Observer& observer_;
  Clock& clock_;
  TaskScope& scope_;
  std::map<std::string, Queue> queues_;  // by group
  bool stopped_ = false;
};

}  // namespace casim::provider
