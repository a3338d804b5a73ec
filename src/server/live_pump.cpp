#include "src/server/live_pump.h"

#include <utility>

#include <boost/asio/post.hpp>

namespace casim::server {

LivePump::LivePump(std::unique_ptr<grpc::ServerCompletionQueue> queue,
                   asio::any_io_executor executor)
    : queue_(std::move(queue)), executor_(executor), hand_off_(std::move(executor)) {}

LivePump::~LivePump() {
  if (!stopped_) queue_->Shutdown();
  if (thread_.joinable()) {
    thread_.join();
  } else {
    void* tag = nullptr;
    bool ok = false;
    while (queue_->Next(&tag, &ok)) {
    }
  }
}

void LivePump::start() {
  thread_ = std::thread([this] { run(); });
}

void LivePump::stop(std::function<void()> drained) {
  drained_ = std::move(drained);
  stopped_ = true;
  queue_->Shutdown();
}

void LivePump::run() {
  void* tag = nullptr;
  bool ok = false;
  while (queue_->Next(&tag, &ok)) hand_off_.push(*static_cast<Tag*>(tag), ok);
  if (drained_) hand_off_.push(last_tag_, true);
}

// Whoever waits for it may destroy the pump.
void LivePump::LastTag::complete(bool /*ok*/) {
  asio::post(pump_.executor_, std::move(pump_.drained_));
}

}  // namespace casim::server
