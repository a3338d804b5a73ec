#include "sim/rpc/in_process.h"

#include <stdexcept>

namespace casim::sim {

InProcess::InProcess(grpc::Service& service) {
  grpc::ServerBuilder builder;
  server::use_minimal_stack(builder);
  builder.RegisterService(&service);
  queue_ = builder.AddCompletionQueue();
  server_ = builder.BuildAndStart();
  if (server_ == nullptr) throw std::runtime_error("cannot start an in-process gRPC server");
  grpc::ChannelArguments arguments;
  server::use_minimal_stack(arguments);
  channel_ = server_->InProcessChannel(arguments);
}

InProcess::~InProcess() {
  stop_server();
  queue_->Shutdown();
  void* tag = nullptr;
  bool ok = false;
  // Whoever owned these tags may be gone.
  while (queue_->Next(&tag, &ok)) {
  }
}

bool InProcess::poll() {
  if (!started_) return false;
  bool any = false;
  void* tag = nullptr;
  bool ok = false;
  const gpr_timespec past = gpr_inf_past(GPR_CLOCK_REALTIME);
  while (queue_->AsyncNext(&tag, &ok, past) == grpc::CompletionQueue::GOT_EVENT) {
    any = true;
    static_cast<server::Tag*>(tag)->complete(ok);
  }
  started_ = false;
  return any;
}

void InProcess::stop_server() {
  server_->Shutdown(gpr_inf_past(GPR_CLOCK_REALTIME));
  started_ = true;
}

}  // namespace casim::sim
