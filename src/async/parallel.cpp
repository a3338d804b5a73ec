#include "src/async/parallel.h"

#include <algorithm>
#include <memory>
#include <utility>

#include "src/async/one_shot.h"

namespace casim::sim {
namespace {

struct Join {
  std::vector<Awaitable<void>> tasks;  // taken from the front
  std::size_t next = 0;
  std::size_t running = 0;
  std::shared_ptr<OneShot<>> waiting;

  void end() {
    if (waiting) waiting->answer();
  }
};

// Counts a worker's end, however it ends.
struct WorkerEnd {
  std::shared_ptr<Join> join;

  explicit WorkerEnd(std::shared_ptr<Join> j) : join(std::move(j)) {}

  WorkerEnd(const WorkerEnd&) = delete;
  WorkerEnd& operator=(const WorkerEnd&) = delete;

  ~WorkerEnd() {
    if (--join->running == 0) join->end();
  }
};

Awaitable<void> work(std::shared_ptr<Join> join, std::unique_ptr<WorkerEnd> end) {
  static_cast<void>(end);
  while (join->next < join->tasks.size()) {
    Awaitable<void> task = std::move(join->tasks[join->next++]);
    co_await std::move(task);
  }
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
  join->running = workers;
  for (std::size_t i = 0; i < workers; ++i) {
    scope.spawn(work(join, std::make_unique<WorkerEnd>(join)));
  }
  const auto begin = [join](const std::shared_ptr<OneShot<>>& waiting) {
    join->waiting = waiting;
    if (join->running == 0) join->end();
  };
  const auto nothing = [](const std::shared_ptr<OneShot<>>&) {};
  co_await wait_for_answer<OneShot<>>(scope.executor(), begin, nothing);
}

}  // namespace casim::sim
