#include "sim/paths/queue/reconcile_loop.h"

#include <utility>

namespace casim::sim {

ReconcileLoop::ReconcileLoop(Kernel& kernel, int workers, QueueRules rules, Round round)
    : kernel_(kernel),
      round_(std::move(round)),
      queue_(
          kernel, workers, [this](Key key) { scope_->spawn(run(key, life_)); }, std::move(rules)),
      scope_(std::make_shared<TaskScope>(kernel.executor())) {}

void ReconcileLoop::add(Key key) {
  if (is_up_) queue_.add(key);
}

void ReconcileLoop::add_after(Key key, Duration delay) {
  if (is_up_) queue_.add_after(key, delay);
}

Awaitable<void> ReconcileLoop::run(Key key, std::uint64_t life) {
  ++rounds_;
  const RoundEnd end = co_await round_(key);
  if (life != life_) co_return;
  if (end.kind == RoundEnd::Kind::kAfter) {
    queue_.end_after(key, end.after);
  } else {
    queue_.end(key, end.kind == RoundEnd::Kind::kDone);
  }
}

void ReconcileLoop::crash() {
  if (!is_up_) return;
  is_up_ = false;
  ++life_;
  queue_.clear();
  scope_->cancel();
  // Its tasks unwind before the next event.
  std::shared_ptr<TaskScope> dying =
      std::exchange(scope_, std::make_shared<TaskScope>(kernel_.executor()));
  kernel_.at(kernel_.now(), Phase::kWorld, [dying = std::move(dying)] {});
}

void ReconcileLoop::restart() { is_up_ = true; }

}  // namespace casim::sim
