// The executor of a simulated world: work that is ready at this instant, first in, first out.
//
// Written here instead of taken from asio::io_context, because try_advance_to() must know whether
// anything is ready, which io_context does not tell; and polling an empty one would cost more than
// most events. As on an io_context, dispatch() from inside the run loop runs inline (Asio's
// parallel groups count on that when they cancel), and post() never does.
#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <utility>
#include <vector>

#include <boost/asio/execution.hpp>
#include <boost/asio/execution_context.hpp>

namespace casim::sim {

class ReadyQueue : public boost::asio::execution_context {
 public:
  using Work = std::move_only_function<void()>;
  class Executor;

  ReadyQueue() = default;

  ~ReadyQueue() {
    shutdown();
    clear();
  }

  Executor executor();

  void push(Work work) { incoming_.push_back(std::move(work)); }

  bool empty() const { return head_ == running_.size() && incoming_.empty(); }

  // Runs work, including what that makes ready, until there is none or `limit` pieces ran; says
  // how many. An exception leaves the rest for the next call.
  std::uint64_t drain(std::uint64_t limit);

  void clear();  // destroys the work without running it, including what that makes ready

  // While one exists the run loop is on the stack, so that dispatch() may run inline.
  class Inside {
   public:
    explicit Inside(ReadyQueue& queue) : queue_(queue) { ++queue_.depth_; }

    ~Inside() { --queue_.depth_; }

    Inside(const Inside&) = delete;
    Inside& operator=(const Inside&) = delete;

   private:
    ReadyQueue& queue_;
  };

 private:
  Work take();

  // Two vectors take turns: work that runs adds to the second while the first is used up.
  std::vector<Work> running_;
  std::size_t head_ = 0;
  std::vector<Work> incoming_;
  int depth_ = 0;
};

class ReadyQueue::Executor {
 public:
  Executor(ReadyQueue& queue, bool may_run_inline)
      : queue_(&queue), may_run_inline_(may_run_inline) {}

  boost::asio::execution_context& query(boost::asio::execution::context_t) const noexcept {
    return *queue_;
  }

  boost::asio::execution::blocking_t query(boost::asio::execution::blocking_t) const noexcept {
    using boost::asio::execution::blocking;
    return may_run_inline_ ? boost::asio::execution::blocking_t(blocking.possibly)
                           : boost::asio::execution::blocking_t(blocking.never);
  }

  Executor require(boost::asio::execution::blocking_t::possibly_t) const noexcept {
    return {*queue_, true};
  }

  Executor require(boost::asio::execution::blocking_t::never_t) const noexcept {
    return {*queue_, false};
  }

  template <class Function>
  void execute(Function&& function) const {
    if (may_run_inline_ && queue_->depth_ > 0) {
      std::decay_t<Function> here(std::forward<Function>(function));
      std::move(here)();
    } else {
      queue_->push(std::forward<Function>(function));
    }
  }

  bool operator==(const Executor&) const noexcept = default;

 private:
  ReadyQueue* queue_;
  bool may_run_inline_;
};

inline ReadyQueue::Executor ReadyQueue::executor() { return {*this, true}; }

}  // namespace casim::sim
