// Owns background coroutines, so that they cannot outlive what they refer to. The provider has
// one, the autoscaler has one; a crash or restart of either cancels its scope.
//   - An exception that leaves a task is rethrown into whoever polls the executor; the abort that
//     a cancelled task ends with is not an error.
//   - cancel() only marks: each task sees operation_aborted at the await it stands in and unwinds
//     when the executor is polled next. Owners die after that, never before.
#pragma once

#include <memory>

#include "src/core/asio.h"

namespace casim {

class TaskScope {
 public:
  explicit TaskScope(asio::any_io_executor executor);
  // Requires: empty(). A scope that dies with live tasks would leave them with dangling owners.
  ~TaskScope();
  TaskScope(const TaskScope&) = delete;
  TaskScope& operator=(const TaskScope&) = delete;

  // Starts the task when the executor is polled next. Refused (the task never starts) once
  // the scope is cancelled.
  void spawn(Awaitable<void> task);

  void cancel();
  bool empty() const;  // no task lives, started or not
  asio::any_io_executor executor() const;

 private:
  struct State;
  std::shared_ptr<State> state_;  // shared with the tasks' completions
};

// Runs a task that belongs to nobody, such as a test body or main's own. Rethrows like above.
void spawn(asio::any_io_executor executor, Awaitable<void> task);

}  // namespace casim
