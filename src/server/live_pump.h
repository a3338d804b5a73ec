// The pump of production: a thread that blocks in the completion queue and hands what completes
// to the executor.
#pragma once

#include <functional>
#include <memory>
#include <thread>

#include <grpcpp/grpcpp.h>

#include "src/core/asio.h"
#include "src/server/hand_off.h"
#include "src/server/pump.h"
#include "src/server/tag.h"

namespace casim::server {

class LivePump final : public Pump {
 public:
  LivePump(std::unique_ptr<grpc::ServerCompletionQueue> queue, asio::any_io_executor executor);
  // Shuts the queue down and drops what it still holds, unless it is drained already.
  // Requires: nobody starts an operation any more.
  ~LivePump() override;

  grpc::ServerCompletionQueue& queue() override { return *queue_; }

  void start();  // once the server is built
  // Shuts the queue down; `drained` is called on the executor once its last tag has been.
  // Requires: started; nobody starts an operation any more.
  void stop(std::function<void()> drained);

 private:
  // Behind all others.
  class LastTag final : public Tag {
   public:
    explicit LastTag(LivePump& pump) : pump_(pump) {}

    void complete(bool ok) override;

   private:
    LivePump& pump_;
  };

  void run();

  std::unique_ptr<grpc::ServerCompletionQueue> queue_;
  asio::any_io_executor executor_;
  HandOff hand_off_;
  LastTag last_tag_{*this};
  std::function<void()> drained_;  // written before the queue's shutdown, read after it
  std::thread thread_;
  bool stopped_ = false;
};

}  // namespace casim::server
