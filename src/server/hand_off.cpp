#include "src/server/hand_off.h"

#include <deque>
#include <mutex>
#include <optional>
#include <utility>

#include <boost/asio/post.hpp>

namespace casim::server {

struct HandOff::State : std::enable_shared_from_this<HandOff::State> {
  struct Completed {
    Tag* tag;
    bool ok;
  };

  explicit State(asio::any_io_executor e) : executor(std::move(e)) {}

  // Takes what is there in one go: under load one post carries many tags.
  void drain() {
    for (;;) {
      const std::optional<Completed> next = take();
      if (!next) return;

      struct PostAgain {  // an exception must not strand the tags behind it
        State* state;

        ~PostAgain() {
          if (state != nullptr) state->post();
        }
      } guard{this};

      next->tag->complete(next->ok);
      guard.state = nullptr;
    }
  }

  std::optional<Completed> take() {
    if (ready.empty()) {
      const std::lock_guard lock(mutex);
      if (closed || incoming.empty()) {
        posted = false;
        return std::nullopt;
      }
      ready.swap(incoming);
    }
    const Completed next = ready.front();
    ready.pop_front();
    return next;
  }

  void post() {
    asio::post(executor, [self = shared_from_this()] { self->drain(); });
  }

  asio::any_io_executor executor;
  std::deque<Completed> ready;  // the executor's thread only
  std::mutex mutex;             // guards the rest
  std::deque<Completed> incoming;
  bool posted = false;
  bool closed = false;
};

HandOff::HandOff(asio::any_io_executor executor)
    : state_(std::make_shared<State>(std::move(executor))) {}

HandOff::~HandOff() {
  const std::lock_guard lock(state_->mutex);
  state_->closed = true;
  state_->ready.clear();
}

void HandOff::push(Tag& tag, bool ok) {
  {
    const std::lock_guard lock(state_->mutex);
    state_->incoming.push_back({&tag, ok});
    if (std::exchange(state_->posted, true)) return;
  }
  state_->post();
}

}  // namespace casim::server
