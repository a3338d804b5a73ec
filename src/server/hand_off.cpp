#include "src/server/hand_off.h"

#include <deque>
#include <mutex>
#include <optional>
#include <utility>

#include <boost/asio/post.hpp>

namespace casim::server {
namespace {

// Tags that one post carries at most.
constexpr int kBatch = 64;

}  // namespace

struct HandOff::State : std::enable_shared_from_this<HandOff::State> {
  struct Completed {
    Tag* tag;
    bool ok;
  };

  explicit State(asio::any_io_executor e) : executor(std::move(e)) {}

  // Under load one post carries many tags, but not all that keep coming: answers of the store and
  // of EC2 wait behind it.
  void drain() {
    for (int taken = 0; taken < kBatch; ++taken) {
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
    post();
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

HandOff::~HandOff() { HandOff::close(); }

void HandOff::close() {
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
