// The service on a real port, called by a program of its own.
#include <string>
#include <thread>

#include <grpcpp/grpcpp.h>

#include "src/proto/externalgrpc.grpc.pb.h"
#include "tests/live/live_world.h"

namespace casim::server {
namespace {

namespace pb = ::clusterautoscaler::cloudprovider::v1::externalgrpc;

// A call that is answered at once.
struct LabelCall {
  // Waits for the answer: for a thread of its own.
  void make(int port) {
    const auto channel = grpc::CreateChannel("127.0.0.1:" + std::to_string(port),
                                             grpc::InsecureChannelCredentials());
    pb::GPULabelResponse reply;
    status = pb::CloudProvider::NewStub(channel)->GPULabel(&context, {}, &reply);
  }

  grpc::ClientContext context;
  grpc::Status status;
};

}  // namespace

TEST_CASE("a program calls everything over TCP, in the older and the newer fields", "[live]") {
  LiveWorld world(GENERATE(By::kTurn, By::kExecutor), 100ms);
  const Outcome outcome = world.serve("all", 5s);
  CHECK(outcome.text == "");
  CHECK(outcome.exit_code == 0);
  CHECK(world.watcher.cancelled == 1);  // the deadline of the last check
}

TEST_CASE("a server that goes down with grace finishes what it has begun", "[live]") {
  LiveWorld world(GENERATE(By::kTurn, By::kExecutor), 200ms);
  const Outcome outcome = world.serve("order", 10s, true);
  CHECK(outcome.text == "0\n");
  CHECK(world.watcher.cancelled == 0);
}

TEST_CASE("a server that goes down without grace leaves its callers without an answer", "[live]") {
  LiveWorld world(GENERATE(By::kTurn, By::kExecutor), std::chrono::hours(1));
  const Outcome outcome = world.serve("order", Duration::zero(), true);
  CHECK(outcome.exit_code == 0);
  CHECK(outcome.text != "0\n");
}

TEST_CASE("an exception of a handler leaves the run, and later calls are answered", "[live]") {
  LiveWorld world(GENERATE(By::kTurn, By::kExecutor), Duration::zero());
  world.watcher.fails_once = true;
  LabelCall first;
  LabelCall second;
  std::thread client([&] {
    first.make(world.server->port());
    second.make(world.server->port());
    asio::post(world.executor, [&world] { spawn(world.executor, world.stop(Duration::zero())); });
  });
  CHECK_THROWS_WITH(world.io.run(), "handler");
  first.context.TryCancel();
  world.io.run();
  client.join();
  CHECK(first.status.error_code() == grpc::StatusCode::CANCELLED);
  CHECK(second.status.ok());
}

TEST_CASE("a server whose program ends by an exception leaves its callers", "[live]") {
  const By how = GENERATE(By::kTurn, By::kExecutor);
  LabelCall call;
  std::thread client;
  const auto run = [&] {
    LiveWorld world(how, Duration::zero());
    world.watcher.fails_once = true;
    client = std::thread([&call, port = world.server->port()] { call.make(port); });
    world.io.run();
  };
  CHECK_THROWS_WITH(run(), "handler");
  client.join();
  CHECK_FALSE(call.status.ok());
}

TEST_CASE("two servers cannot have one port", "[live]") {
  LiveWorld world(By::kTurn, Duration::zero());
  Watcher watcher;
  ProviderService other({.clock = world.clock, .executor = world.executor, .observer = watcher});
  const std::string address = "127.0.0.1:" + std::to_string(world.server->port());
  {
    const Turn::Hold hold(world.turn);
    CHECK_THROWS_AS(LiveServer(other, world.executor, {address}, &world.turn), std::runtime_error);
  }
  asio::post(world.io, [&world] { spawn(world.executor, world.stop(1s)); });
  world.io.run();
}

}  // namespace casim::server
