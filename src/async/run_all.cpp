#include "src/async/run_all.h"

#include <cstddef>
#include <utility>

#include <boost/asio/error.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/this_coro.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <boost/system/system_error.hpp>

#include "src/async/gate.h"
#include "src/async/task_scope.h"

namespace casim::provider {
namespace {

struct Countdown {
  std::size_t left;
  Gate done;
};

Awaitable<void> counted(Awaitable<void> task, Countdown& countdown) {
  co_await std::move(task);
  if (--countdown.left == 0) countdown.done.open();
}

}  // namespace

Awaitable<void> run_all(asio::any_io_executor executor, std::vector<Awaitable<void>> tasks) {
  if (tasks.empty()) co_return;
  Countdown countdown{tasks.size(), Gate(executor)};
  TaskScope scope(executor);
  for (Awaitable<void>& task : tasks) scope.spawn(counted(std::move(task), countdown));
  bool aborted = false;
  try {
    co_await countdown.done.wait();
  } catch (const boost::system::system_error&) {
    aborted = true;
  }
  if (aborted) {
    co_await asio::this_coro::reset_cancellation_state(asio::disable_cancellation());
    scope.cancel();
  }
  // Tasks leave the scope just after their last statement, cancelled ones when they are polled.
  while (!scope.empty()) co_await asio::post(executor, asio::use_awaitable);
  if (aborted) throw boost::system::system_error(asio::error::operation_aborted);
}

}  // namespace casim::provider
