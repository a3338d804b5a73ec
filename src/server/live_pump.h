// The pump of real sockets: a thread that blocks in the completion queue.
//   - With a turn, that thread completes the operations itself. So casim-provider, whose parts may
//     be used by any thread whose turn it is: a read is received, answered and sent by one thread.
//   - Without one it hands them to the executor. So casim live, whose world has one thread: virtual
//     time must come to the present before a call is seen, and only that thread moves it.
#pragma once

#include <atomic>
#include <functional>
#include <memory>
#include <thread>

#include <grpcpp/grpcpp.h>

#include "src/async/turn.h"
#include "src/core/asio.h"
#include "src/server/delivery.h"
#include "src/server/pump.h"
#include "src/server/tag.h"

namespace casim::server {

class LivePump final : public Pump {
 public:
  // `turn` is that of the executor; null: it has none.
  LivePump(std::unique_ptr<grpc::ServerCompletionQueue> queue, asio::any_io_executor executor,
           Turn* turn);
  // Shuts the queue down and drops what it still holds, unless it is drained already.
  // Requires: nobody starts an operation any more, and the caller has no turn, unless it is drained
  // or was never started.
  ~LivePump() override;

  grpc::ServerCompletionQueue& queue() override { return *queue_; }

  void start();  // once the server is built
  // Shuts the queue down; `drained` is called on the executor once its last tag has been.
  // Requires: started; nobody starts an operation any more.
  void stop(std::function<void()> drained);

  // No tag is completed from now on. Requires: the caller has no turn.
  void drop() { delivery_->close(); }

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
  std::unique_ptr<Delivery> delivery_;
  LastTag last_tag_{*this};
  std::function<void()> drained_;
  std::thread thread_;
  std::atomic<bool> stopped_ = false;  // and somebody waits for the last tag
};

}  // namespace casim::server
