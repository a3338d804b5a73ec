// A controller's rounds: a work queue whose workers run coroutines. The process can die, with all
// rounds that are under way, and come back. Source: provisioning-paths.md 0.
#pragma once

#include <cstdint>
#include <functional>
#include <memory>

#include "sim/kernel/kernel.h"
#include "sim/paths/queue/work_queue.h"
#include "src/async/task_scope.h"
#include "src/core/asio.h"

namespace casim::sim {

// How a round ends: the queue's counter of failures grows with kAgain and is reset otherwise.
struct RoundEnd {
  enum class Kind : std::uint8_t { kDone, kAgain, kAfter };

  static constexpr RoundEnd done() { return {}; }

  // An error, or a wish to come again: the same.
  static constexpr RoundEnd again() { return {Kind::kAgain, {}}; }

  static constexpr RoundEnd later(Duration after) { return {Kind::kAfter, after}; }

  Kind kind = Kind::kDone;
  Duration after{};
};

class ReconcileLoop {
 public:
  using Key = WorkQueue::Key;
  using Round = std::function<Awaitable<RoundEnd>(Key)>;

  // The kernel outlives it.
  ReconcileLoop(Kernel& kernel, int workers, QueueRules rules, Round round);
  ReconcileLoop(const ReconcileLoop&) = delete;
  ReconcileLoop& operator=(const ReconcileLoop&) = delete;
  // Requires: no round lives: crash(), then the executor was polled.
  ~ReconcileLoop() = default;

  // An event of a watch. While the process is dead nobody hears it.
  void add(Key key);
  void add_after(Key key, Duration delay);

  // Not before so long from now, whatever asks for it (DeferNextReconcile).
  void defer(Key key, Duration delay) { queue_.defer(key, delay); }

  // The process is dead: rounds end where they stand.
  void crash();
  // Knows of nothing; the owner adds what there is.
  void restart();

  bool is_up() const { return is_up_; }

  std::uint64_t rounds() const { return rounds_; }

 private:
  Awaitable<void> run(Key key, std::uint64_t life);

  Kernel& kernel_;
  Round round_;
  WorkQueue queue_;
  std::shared_ptr<TaskScope> scope_;
  bool is_up_ = true;
  std::uint64_t life_ = 0;
  std::uint64_t rounds_ = 0;
};

}  // namespace casim::sim
