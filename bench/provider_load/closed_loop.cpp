#include "bench/provider_load/closed_loop.h"

#include <algorithm>
#include <optional>
#include <stdexcept>

namespace casim::bench {
namespace {

std::string path_of(const std::string& method) {
  return "/clusterautoscaler.cloudprovider.v1.externalgrpc.CloudProvider/" + method;
}

grpc::ByteBuffer buffer_of(const std::string& bytes) {
  const grpc::Slice slice(bytes);
  return {&slice, 1};
}

std::string bytes_of(const grpc::ByteBuffer& buffer) {
  std::vector<grpc::Slice> slices;
  std::string bytes;
  if (!buffer.Dump(&slices).ok()) return bytes;
  for (const grpc::Slice& slice : slices) {
    bytes.append(reinterpret_cast<const char*>(slice.begin()), slice.size());
  }
  return bytes;
}

}  // namespace

// An autoscaler's client, but for the limit of 4 MiB, which some of the replies here pass.
std::shared_ptr<grpc::Channel> connect(const std::string& address) {
  grpc::ChannelArguments arguments;
  arguments.SetInt(GRPC_ARG_USE_LOCAL_SUBCHANNEL_POOL, 1);  // a connection of its own
  arguments.SetMaxReceiveMessageSize(-1);
  return grpc::CreateCustomChannel(address, grpc::InsecureChannelCredentials(), arguments);
}

Duration LoopOutcome::quantile(double q) const {
  if (latencies.empty()) return {};
  const auto last = static_cast<double>(latencies.size() - 1);
  return latencies[static_cast<std::size_t>(q * last)];
}

struct ClosedLoop::Lane {
  std::size_t next = 0;
  TimePoint started{};
  std::optional<grpc::ClientContext> context;
  std::unique_ptr<grpc::GenericClientAsyncResponseReader> reader;
  grpc::ByteBuffer reply;
  grpc::Status status;
};

ClosedLoop::ClosedLoop(Clock& clock, const std::string& address, std::vector<CallBytes> calls)
    : clock_(clock), calls_(std::move(calls)), stub_(connect(address)) {
  for (const CallBytes& call : calls_) {
    paths_.push_back(path_of(call.method));
    requests_.push_back(buffer_of(call.request));
  }
}

ClosedLoop::~ClosedLoop() { queue_.Shutdown(); }

void ClosedLoop::start(Lane& lane) {
  const std::size_t index = lane.next++ % calls_.size();
  lane.reader.reset();  // lives in the memory of the call, which the context holds
  lane.context.emplace();
  lane.context->set_wait_for_ready(true);
  lane.started = clock_.now();
  lane.reader = stub_.PrepareUnaryCall(&*lane.context, paths_[index], requests_[index], &queue_);
  lane.reader->StartCall();
  lane.reader->Finish(&lane.reply, &lane.status, &lane);
}

LoopOutcome ClosedLoop::run(int in_flight, Duration length) {
  std::vector<Lane> lanes(static_cast<std::size_t>(in_flight));
  const TimePoint begun = clock_.now();
  TimePoint now = begun;
  for (std::size_t i = 0; i < lanes.size(); ++i) {
    lanes[i].next = i * calls_.size() / lanes.size();
    start(lanes[i]);
  }
  LoopOutcome outcome;
  void* tag = nullptr;
  bool ok = false;
  std::string problem;
  for (int open = in_flight; open > 0 && queue_.Next(&tag, &ok);) {
    Lane& lane = *static_cast<Lane*>(tag);
    now = clock_.now();
    outcome.latencies.push_back(now - lane.started);
    if (!lane.status.ok()) problem = lane.status.error_message();
    if (problem.empty() && now - begun < length) {
      start(lane);
    } else {
      --open;
    }
  }
  if (!problem.empty()) throw std::runtime_error("a call failed: " + problem);
  outcome.calls_per_s = static_cast<double>(outcome.latencies.size()) / to_seconds(now - begun);
  std::ranges::sort(outcome.latencies);
  return outcome;
}

std::string ClosedLoop::ask(const CallBytes& call) {
  grpc::ClientContext context;
  context.set_wait_for_ready(true);
  const auto reader =
      stub_.PrepareUnaryCall(&context, path_of(call.method), buffer_of(call.request), &queue_);
  grpc::ByteBuffer reply;
  grpc::Status status;
  reader->StartCall();
  reader->Finish(&reply, &status, nullptr);
  void* tag = nullptr;
  bool ok = false;
  queue_.Next(&tag, &ok);
  if (!status.ok()) throw std::runtime_error(call.method + ": " + status.error_message());
  return bytes_of(reply);
}

}  // namespace casim::bench
