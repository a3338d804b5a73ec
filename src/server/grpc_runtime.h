// gRPC as a whole, set up in one place: hold one GrpcRuntime in main around everything that uses
// gRPC. A world that starts the library anew takes 3.5 ms instead of 0.5 (feasibility section 6).
#pragma once

namespace grpc {
class ChannelArguments;
class ServerBuilder;
}  // namespace grpc

namespace casim::server {

class GrpcRuntime {
 public:
  // Also switches off Abseil's deadlock detector for the process: Debian's build keeps it on, and
  // it costs a fifth of an in-process call.
  GrpcRuntime();
  ~GrpcRuntime();
  GrpcRuntime(const GrpcRuntime&) = delete;
  GrpcRuntime& operator=(const GrpcRuntime&) = delete;
};

// For both ends of an in-process connection: without the filters that it has no use for. Not for
// sockets, where one of those filters keeps the deadlines that clients send.
void use_minimal_stack(grpc::ServerBuilder& builder);
void use_minimal_stack(grpc::ChannelArguments& arguments);

}  // namespace casim::server
