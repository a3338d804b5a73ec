// An in-process gRPC connection on one completion queue, polled by the kernel.
//
// Every step of the in-process transport runs on the thread that polls, inside the call that polls
// or starts an operation; so once the queue says "nothing now", nothing comes until somebody starts
// another operation (feasibility section 2, criterion A). Nothing here has a wall-clock deadline.
#pragma once

#include <memory>

#include <grpcpp/grpcpp.h>

#include "sim/kernel/kernel.h"
#include "src/server/grpc_runtime.h"
#include "src/server/pump.h"
#include "src/server/tag.h"

namespace casim::sim {

class InProcess final : public server::Pump, public Pollable {
 public:
  explicit InProcess(grpc::Service& service);
  ~InProcess() override;

  grpc::ServerCompletionQueue& queue() override { return *queue_; }

  void on_operation_started() override { started_ = true; }

  const std::shared_ptr<grpc::Channel>& channel() const { return channel_; }

  bool poll() override;

  bool is_busy() const override { return started_; }

  // Cancels all calls. Their tags come with the next poll.
  void stop_server();

 private:
  server::GrpcRuntime runtime_;
  std::unique_ptr<grpc::ServerCompletionQueue> queue_;
  std::unique_ptr<grpc::Server> server_;
  std::shared_ptr<grpc::Channel> channel_;
  bool started_ = false;  // since the queue was found dry
};

}  // namespace casim::sim
