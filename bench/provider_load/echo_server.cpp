// echo_server FOLDER: the externalgrpc service with nothing behind it. Answers each method with the
// bytes in FOLDER/<Method>, on the thread that takes calls from the one completion queue: the least
// that a server of this contract does for a call.
#include <cstdio>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include <grpcpp/grpcpp.h>

#include "src/proto/externalgrpc.grpc.pb.h"
#include "src/server/call_slot.h"
#include "src/server/grpc_runtime.h"

namespace casim::bench {
namespace {

namespace pb = ::clusterautoscaler::cloudprovider::v1::externalgrpc;
using Service = pb::CloudProvider::AsyncService;

class Step {
 public:
  virtual ~Step() = default;
  virtual void go_on(bool ok) = 0;
};

template <auto kRequest>
class EchoLine;

// One call after the other.
template <auto kRequest>
class EchoCall final : public Step {
  using Types = server::RequestTypes<decltype(kRequest)>;

 public:
  explicit EchoCall(EchoLine<kRequest>& line) : line_(line) {}

  void arm() {
    context_.emplace();
    writer_.emplace(&*context_);
    is_answered_ = false;
    grpc::ServerCompletionQueue& queue = line_.queue;
    (line_.service.*kRequest)(&*context_, &request_, &*writer_, &queue, &queue,
                              static_cast<Step*>(this));
  }

  void go_on(bool ok) override {
    if (is_answered_) return line_.idle.push_back(this);
    if (!ok) return;
    line_.arm_one();
    is_answered_ = true;
    writer_->Finish(line_.reply, grpc::Status::OK, static_cast<Step*>(this));
  }

 private:
  EchoLine<kRequest>& line_;
  std::optional<grpc::ServerContext> context_;
  std::optional<grpc::ServerAsyncResponseWriter<typename Types::Reply>> writer_;
  typename Types::Request request_;
  bool is_answered_ = false;
};

// The calls of one method, of which one always waits for the next client.
template <auto kRequest>
class EchoLine {
 public:
  EchoLine(Service& s, grpc::ServerCompletionQueue& q, const std::filesystem::path& reply_file)
      : service(s), queue(q) {
    std::ifstream in(reply_file, std::ios::binary);
    reply.ParseFromString({std::istreambuf_iterator<char>(in), {}});
    arm_one();
  }

  void arm_one() {
    if (idle.empty()) {
      calls.push_back(std::make_unique<EchoCall<kRequest>>(*this));
      idle.push_back(calls.back().get());
    }
    EchoCall<kRequest>* call = idle.back();
    idle.pop_back();
    call->arm();
  }

  Service& service;
  grpc::ServerCompletionQueue& queue;
  typename server::RequestTypes<decltype(kRequest)>::Reply reply;
  std::vector<EchoCall<kRequest>*> idle;

 private:
  std::vector<std::unique_ptr<EchoCall<kRequest>>> calls;
};

// Until it is killed.
void serve(const std::filesystem::path& folder) {
  const server::GrpcRuntime runtime;
  Service service;
  int port = 0;
  grpc::ServerBuilder builder;
  builder.AddListeningPort("127.0.0.1:0", grpc::InsecureServerCredentials(), &port);
  builder.RegisterService(&service);
  const auto queue = builder.AddCompletionQueue();
  const auto server = builder.BuildAndStart();
  EchoLine<&Service::RequestRefresh> refresh(service, *queue, folder / "Refresh");
  EchoLine<&Service::RequestNodeGroupForNode> owner(service, *queue, folder / "NodeGroupForNode");
  EchoLine<&Service::RequestNodeGroupTargetSize> size(service, *queue,
                                                      folder / "NodeGroupTargetSize");
  EchoLine<&Service::RequestNodeGroupNodes> nodes(service, *queue, folder / "NodeGroupNodes");
  EchoLine<&Service::RequestNodeGroupTemplateNodeInfo> node_template(
      service, *queue, folder / "NodeGroupTemplateNodeInfo");
  EchoLine<&Service::RequestNodeGroupGetOptions> options(service, *queue,
                                                         folder / "NodeGroupGetOptions");
  std::printf("{\"event\":\"listening\",\"port\":%d}\n", port);
  std::fflush(stdout);
  void* step = nullptr;
  bool ok = false;
  while (queue->Next(&step, &ok)) static_cast<Step*>(step)->go_on(ok);
}

}  // namespace
}  // namespace casim::bench

int main(int argc, char** argv) {
  if (argc != 2) return 2;
  casim::bench::serve(argv[1]);
  return 0;
}
