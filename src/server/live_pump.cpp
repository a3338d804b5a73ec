#include "src/server/live_pump.h"

#include <utility>

#include <boost/asio/post.hpp>

#include "src/server/hand_off.h"
#include "src/server/in_turn.h"

namespace casim::server {
namespace {

std::unique_ptr<Delivery> make_delivery(asio::any_io_executor executor, Turn* turn) {
  if (turn == nullptr) return std::make_unique<HandOff>(std::move(executor));
  return std::make_unique<InTurn>(std::move(executor), *turn);
}

}  // namespace

LivePump::LivePump(std::unique_ptr<grpc::ServerCompletionQueue> queue,
                   asio::any_io_executor executor, Turn* turn)
    : queue_(std::move(queue)),
      executor_(executor),
      delivery_(make_delivery(std::move(executor), turn)) {}

LivePump::~LivePump() {
  const bool is_running = thread_.joinable();
  if (is_running && !stopped_) drop();
  if (!stopped_) queue_->Shutdown();
  if (is_running) {
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
  while (queue_->Next(&tag, &ok)) delivery_->push(*static_cast<Tag*>(tag), ok);
  if (stopped_) delivery_->push(last_tag_, true);
}

// Whoever waits for it may destroy the pump.
void LivePump::LastTag::complete(bool /*ok*/) {
  asio::post(pump_.executor_, std::move(pump_.drained_));
}

}  // namespace casim::server
