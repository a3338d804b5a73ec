#include "src/provider/journal.h"

#include <optional>
#include <utility>

namespace casim::provider {
namespace {

std::unexpected<Error> going_down() {
  return failure(ErrorCode::kUnavailable, "the provider is going down");
}

// A store that fails is ours, not the caller's mistake: whatever it says, the caller is told one
// of two codes.
std::unexpected<Error> store_failed(const Error& error) {
  const ErrorCode code = error.code == ErrorCode::kUnavailable ? error.code : ErrorCode::kInternal;
  return failure(code, "store: " + error.message);
}

}  // namespace

struct Journal::Ticket {
  Ticket(Plan p, asio::any_io_executor executor) : plan(std::move(p)), done(std::move(executor)) {}

  void finish(Result<void> answer) {
    if (result) return;
    result = std::move(answer);
    done.open();
  }

  Plan plan;
  Gate done;
  std::optional<Result<void>> result;
  bool withdrawn = false;
};

Journal::Journal(SlotTable& table, Store& store, Observer& observer, Clock& clock, TaskScope& scope)
    : table_(table), store_(store), observer_(observer), clock_(clock), scope_(scope) {}

Awaitable<Result<void>> Journal::submit(std::string group, Plan plan) {
  if (stopped_) co_return going_down();

  // Also runs when the caller is cancelled or destroyed while it waits.
  struct Withdraw {
    TicketPtr ticket;

    ~Withdraw() { ticket->withdrawn = true; }
  };

  const auto ticket = std::make_shared<Ticket>(std::move(plan), scope_.executor());
  const Withdraw withdraw{ticket};
  const auto entry = queues_.try_emplace(std::move(group)).first;
  Queue& queue = entry->second;
  queue.waiting.push_back(ticket);
  if (!queue.is_running) {
    queue.is_running = true;
    scope_.spawn(run(entry->first, queue));
  }
  co_await ticket->done.wait();
  co_return *ticket->result;
}

Awaitable<void> Journal::run(const std::string& group, Queue& queue) {
  while (!queue.waiting.empty()) {
    queue.current = std::move(queue.waiting.front());
    queue.waiting.pop_front();
    if (!queue.current->withdrawn) {
      Result<void> answer = co_await perform(group, queue.current);
      queue.current->finish(std::move(answer));
    }
    queue.current.reset();
  }
  queue.is_running = false;
}

Awaitable<Result<void>> Journal::perform(const std::string& group, TicketPtr ticket) {
  Result<Change> change = ticket->plan();
  if (!change) co_return std::unexpected<Error>(change.error());
  const Batch& batch = change->batch;
  if (!batch.put.empty() || !batch.erase.empty()) {
    Batch copy = batch;
    Result<void> committed = co_await store_.commit(std::move(copy));
    if (stopped_) co_return going_down();
    if (!committed) co_return store_failed(committed.error());
    apply(group, batch);
  }
  change->after();
  co_return Result<void>();
}

void Journal::apply(const std::string& group, const Batch& batch) {
  const int before = table_.target(group);
  table_.apply(batch, clock_.now());
  const int target = table_.target(group);
  if (target != before) observer_.on_target(group, target);
}

void Journal::stop() {
  stopped_ = true;
  for (auto& [group, queue] : queues_) {
    if (queue.current) queue.current->finish(going_down());
    for (const TicketPtr& ticket : queue.waiting) ticket->finish(going_down());
  }
}

}  // namespace casim::provider
