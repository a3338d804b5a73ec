#include "src/server/grpc_runtime.h"

#include <absl/synchronization/mutex.h>
#include <grpc/grpc.h>
#include <grpcpp/grpcpp.h>

namespace casim::server {

GrpcRuntime::GrpcRuntime() {
  absl::SetMutexDeadlockDetectionMode(absl::OnDeadlockCycle::kIgnore);
  grpc_init();
}

GrpcRuntime::~GrpcRuntime() { grpc_shutdown(); }

void use_minimal_stack(grpc::ServerBuilder& builder) {
  builder.AddChannelArgument(GRPC_ARG_MINIMAL_STACK, 1);
}

void use_minimal_stack(grpc::ChannelArguments& arguments) {
  arguments.SetInt(GRPC_ARG_MINIMAL_STACK, 1);
}

}  // namespace casim::server
