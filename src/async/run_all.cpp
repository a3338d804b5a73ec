#include "src/async/run_all.h"

#include <algorithm>
#include <exception>
#include <memory>
#include <utility>

#include <boost/asio/post.hpp>
#include <boost/asio/this_coro.hpp>
#include <boost/asio/use_awaitable.hpp>

#include "src/async/one_shot.h"
#include "src/async/task_scope.h"

namespace casim {
namespace {

// What the workers of one run share. Stands in the frame of run_all.
struct Work {
  std::vector<Awaitable<void>> tasks;
  std::size_t next = 0;  // of `tasks`
  std::size_t running;   // workers
  std::exception_ptr error;
  std::shared_ptr<OneShot<>> caller;  // waits until the last worker has ended, or one has failed

  void fail(std::exception_ptr why) {
    if (!error) error = std::move(why);
    next = tasks.size();
    caller->answer();
  }
};

Awaitable<void> run_worker(Work& work) {
  try {
    while (work.next < work.tasks.size()) co_await std::move(work.tasks[work.next++]);
  } catch (...) {
    work.fail(std::current_exception());
  }
  if (--work.running == 0) work.caller->answer();
}

}  // namespace

Awaitable<void> run_all(std::vector<Awaitable<void>> tasks, std::size_t limit) {
  if (tasks.empty()) co_return;
  if (tasks.size() == 1) {
    co_await std::move(tasks.front());
    co_return;
  }
  const asio::any_io_executor executor = co_await asio::this_coro::executor;
  const std::size_t workers = limit == 0 ? tasks.size() : std::min(limit, tasks.size());
  Work work{.tasks = std::move(tasks), .running = workers, .error = {}, .caller = {}};
  TaskScope scope(executor);
  for (std::size_t i = 0; i < workers; ++i) scope.spawn(run_worker(work));
  try {
    co_await wait_for_answer<OneShot<>>(
        executor, [&work](const std::shared_ptr<OneShot<>>& caller) { work.caller = caller; },
        [&scope](const std::shared_ptr<OneShot<>>&) { scope.cancel(); });
  } catch (...) {
    if (!work.error) work.error = std::current_exception();
  }
  if (work.error) scope.cancel();
  // Workers leave the scope just after their last statement, cancelled ones when they are polled.
  // A cancelled caller has to wait for that too.
  co_await asio::this_coro::throw_if_cancelled(false);
  while (!scope.empty()) co_await asio::post(executor, asio::use_awaitable);
  co_await asio::this_coro::throw_if_cancelled(true);
  if (work.error) std::rethrow_exception(work.error);
}

}  // namespace casim
