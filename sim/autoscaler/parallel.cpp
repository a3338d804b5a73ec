#include "sim/autoscaler/parallel.h"

#include <algorithm>
#include <boost/asio/any_completion_handler.hpp>
#include <boost/asio/associated_cancellation_slot.hpp>
#include <boost/asio/error.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <memory>
#include <utility>

namespace casim::sim {
namespace {

struct Join {
  using Handler = asio::any_completion_handler<void(boost::system::error_code)>;

  std::vector<Awaitable<void>> tasks;  // taken from the front
  std::size_t next = 0;
  std::size_t running = 0;
  Handler handler;
  asio::any_io_executor executor;

  void end(boost::system::error_code ec) {
    if (!handler) return;
    asio::post(executor, [h = std::exchange(handler, nullptr), ec]() mutable { std::move(h)(ec); });
  }
};

// Counts a worker's end, however it ends.
struct WorkerEnd {
  std::shared_ptr<Join> join;

  explicit WorkerEnd(std::shared_ptr<Join> j) : join(std::move(j)) {}

  WorkerEnd(const WorkerEnd&) = delete;
  WorkerEnd& operator=(const WorkerEnd&) = delete;

  ~WorkerEnd() {
    if (--join->running == 0) join->end({});
  }
};

Awaitable<void> work(std::shared_ptr<Join> join, std::unique_ptr<WorkerEnd> end) {
  static_cast<void>(end);
  while (join->next < join->tasks.size()) {
    Awaitable<void> task = std::move(join->tasks[join->next++]);
    co_await std::move(task);
  }
}

// Not a coroutine: GCC 12 destroys a capturing lambda inside a co_await expression twice.
Awaitable<void> wait_for(std::shared_ptr<Join> join) {
  return asio::async_initiate<const asio::use_awaitable_t<>, void(boost::system::error_code)>(
      [join](auto handler) {
        auto slot = asio::get_associated_cancellation_slot(handler);
        // Swapped in: Boost 1.81's move assignment never returns.
        Join::Handler(std::move(handler)).swap(join->handler);
        if (join->running == 0) join->end({});
        if (!slot.is_connected()) return;
        slot.assign([join](asio::cancellation_type) { join->end(asio::error::operation_aborted); });
      },
      asio::use_awaitable);
}

}  // namespace

Awaitable<void> run_all(TaskScope& scope, std::vector<Awaitable<void>> tasks, std::size_t limit) {
  if (tasks.empty()) co_return;
  if (tasks.size() == 1) {
    Awaitable<void> only = std::move(tasks.front());
    co_await std::move(only);
    co_return;
  }
  const std::size_t workers = limit == 0 ? tasks.size() : std::min(limit, tasks.size());
  auto join = std::make_shared<Join>();
  join->tasks = std::move(tasks);
  join->executor = scope.executor();
  join->running = workers;
  for (std::size_t i = 0; i < workers; ++i) {
    scope.spawn(work(join, std::make_unique<WorkerEnd>(join)));
  }
  co_await wait_for(join);
}

}  // namespace casim::sim
