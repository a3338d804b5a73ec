// A session on a free port, and a client on a thread of its own in the autoscaler's place. Real
// time, some hundred times as fast.
#include "sim/live/live_session.h"

#include <atomic>
#include <chrono>
#include <functional>
#include <future>
#include <stdexcept>
#include <string>
#include <thread>

#include <grpcpp/grpcpp.h>
#include <boost/asio/post.hpp>

#include "src/proto/externalgrpc.grpc.pb.h"
#include "tests/catch.h"
#include "tests/sim_live/fake_kube.h"
#include "tests/sim_live/small_fleet.h"

namespace casim::sim {
namespace {

namespace pb = ::clusterautoscaler::cloudprovider::v1::externalgrpc;
using Stub = pb::CloudProvider::Stub;

class Client {
 public:
  explicit Client(int port)
      : stub_(pb::CloudProvider::NewStub(grpc::CreateChannel(
            "127.0.0.1:" + std::to_string(port), grpc::InsecureChannelCredentials()))) {}

  template <class Request, class Reply>
  grpc::Status call(grpc::Status (Stub::*method)(grpc::ClientContext*, const Request&, Reply*),
                    const Request& request, Reply& reply) {
    grpc::ClientContext context;
    return ((*stub_).*method)(&context, request, &reply);
  }

  grpc::Status refresh() {
    pb::RefreshResponse reply;
    return call(&Stub::Refresh, pb::RefreshRequest(), reply);
  }

  grpc::Status increase(int delta) {
    pb::NodeGroupIncreaseSizeRequest request;
    request.set_id("g");
    request.set_delta(delta);
    pb::NodeGroupIncreaseSizeResponse reply;
    return call(&Stub::NodeGroupIncreaseSize, request, reply);
  }

  int target() {
    pb::NodeGroupTargetSizeRequest request;
    request.set_id("g");
    pb::NodeGroupTargetSizeResponse reply;
    return call(&Stub::NodeGroupTargetSize, request, reply).ok() ? reply.targetsize() : -1;
  }

  pb::NodeGroupNodesResponse nodes() {
    pb::NodeGroupNodesRequest request;
    request.set_id("g");
    pb::NodeGroupNodesResponse reply;
    call(&Stub::NodeGroupNodes, request, reply);
    return reply;
  }

  // As the autoscaler asks about a node of the cluster.
  std::string group_of(const std::string& provider_id, const std::string& name) {
    pb::NodeGroupForNodeRequest request;
    request.mutable_node()->set_providerid(provider_id);
    request.mutable_node()->set_name(name);
    pb::NodeGroupForNodeResponse reply;
    call(&Stub::NodeGroupForNode, request, reply);
    return reply.nodegroup().id();
  }

  grpc::Status remove(const std::string& provider_id) {
    pb::NodeGroupDeleteNodesRequest request;
    request.set_id("g");
    request.add_nodes()->set_providerid(provider_id);
    pb::NodeGroupDeleteNodesResponse reply;
    return call(&Stub::NodeGroupDeleteNodes, request, reply);
  }

 private:
  std::unique_ptr<Stub> stub_;
};

// The session runs here, the client's part beside it; afterwards the session is down.
void serve(LiveSession& session, const std::function<void(Client&)>& part) {
  std::exception_ptr failed;
  std::thread other([&] {
    try {
      Client client(session.port());
      part(client);
    } catch (...) {
      failed = std::current_exception();
    }
    session.request_stop();
  });
  const Result<void> served = session.run();
  other.join();
  CHECK(served);
  if (failed) std::rethrow_exception(failed);
}

// What the session's own thread finds.
template <class Question>
auto asked(LiveSession& session, Question question) {
  std::promise<decltype(question())> promise;
  asio::post(session.executor(), [&] { promise.set_value(question()); });
  return promise.get_future().get();
}

FleetAccount account_of(LiveSession& session) {
  return asked(session, [&] { return session.fleet().account(); });
}

// Until it holds; gives up after a while, when something is wrong.
void await(const std::function<bool()>& holds) {
  for (int i = 0; i < 3000; ++i) {
    if (holds()) return;
    gpr_sleep_until(
        gpr_time_add(gpr_now(GPR_CLOCK_MONOTONIC), gpr_time_from_millis(10, GPR_TIMESPAN)));
  }
  throw std::runtime_error("it never happens");
}

// Machines of EC2, not placeholders.
int machines_in(const pb::NodeGroupNodesResponse& nodes) {
  int count = 0;
  for (const pb::Instance& instance : nodes.instances()) {
    if (instance.id().find("/i-") != std::string::npos) ++count;
  }
  return count;
}

TEST_CASE("a live session launches, boots and terminates what a client orders", "[live]") {
  LiveSession session(small_fleet(), {.address = "127.0.0.1:0", .speed = 300});
  REQUIRE(session.port() > 0);
  serve(session, [&](Client& client) {
    REQUIRE(client.refresh().ok());
    CHECK(client.target() == 1);
    CHECK(client.nodes().instances(0).status().instancestate() ==
          pb::InstanceStatus::instanceRunning);
    REQUIRE(client.increase(3).ok());
    CHECK(client.target() == 4);
    await([&] { return machines_in(client.nodes()) == 4; });
    await([&] { return account_of(session).registered == 3; });
    const std::string machine = client.nodes().instances(3).id();
    // Nobody has asked for its node yet.
    CHECK(client.nodes().instances(3).status().instancestate() ==
          pb::InstanceStatus::instanceCreating);
    CHECK(client.group_of(machine, "g-1") == "g");
    CHECK(client.nodes().instances(3).status().instancestate() ==
          pb::InstanceStatus::instanceRunning);
    REQUIRE(client.remove(machine).ok());
    CHECK(client.target() == 3);
    await([&] { return account_of(session).terminated == 1; });
    await([&] { return machines_in(client.nodes()) == 3; });
  });
  const FleetAccount account = session.fleet().account();
  CHECK(account.orders == 1);
  CHECK(account.ordered == 3);
  CHECK(account.launched == 3);
  CHECK(account.joined == 1);
  CHECK(account.calls[static_cast<std::size_t>(RpcMethod::kIncreaseSize)] == 1);
  CHECK(account.calls[static_cast<std::size_t>(RpcMethod::kDeleteNodes)] == 1);
  CHECK(session.fleet().target_size("g") == 0);  // it is down
}

TEST_CASE("a node goes some time after its machine, by the controllers' doing", "[live]") {
  LiveSession session(small_fleet(), {.address = "127.0.0.1:0", .speed = 1000});
  serve(session, [&](Client& client) {
    const std::string machine = client.nodes().instances(0).id();
    REQUIRE(client.remove(machine).ok());
    const auto nodes = [&] { return session.fleet().api().cluster().node_count(); };
    await([&] { return asked(session, nodes) == 0; });
  });
  CHECK(session.fleet().account().terminated == 1);
}

TEST_CASE("faults of a scenario befall a live session, from its start on", "[live]") {
  Scenario scenario = small_fleet();
  scenario.faults.resize(2);
  CapacityLossFault loss;
  loss.times = {Duration{}, std::chrono::hours(1000)};
  scenario.faults[0].body = loss;
  scenario.faults[1].body = ApiOutageFault{.times = {Duration{}, std::chrono::hours(1000)}};
  LiveSession session(scenario, {.address = "127.0.0.1:0", .speed = 300});
  serve(session, [&](Client& client) {
    REQUIRE(client.increase(1).ok());
    await([&] { return account_of(session).failed == 1; });
    const pb::NodeGroupNodesResponse nodes = client.nodes();
    REQUIRE(nodes.instances_size() == 2);
    CHECK(nodes.instances(1).status().errorinfo().errorcode() == "InsufficientInstanceCapacity");
  });
}

TEST_CASE("a session without a client ends when it is told to, and has an account", "[live]") {
  LiveSession session(small_fleet(), {.address = "127.0.0.1:0", .speed = 100'000});
  std::atomic<int> polled = 0;
  std::thread other([&] {
    // Longer than it takes until the provider is known to be at rest.
    await([&] {
      ++polled;
      return account_of(session).machines.has_value();
    });
    session.request_stop();
    session.request_stop();
  });
  CHECK(session.run());
  other.join();
  const FleetAccount account = session.fleet().account();
  CHECK(polled > 0);
  CHECK(account.all_calls() == 0);
  REQUIRE(account.machines);
  CHECK(account.machines->leaked == 0);
  CHECK(account.machines->doubled == 0);
}

TEST_CASE("a session needs an address of its own", "[live]") {
  LiveSession session(small_fleet(), {.address = "127.0.0.1:0"});
  const std::string taken = "127.0.0.1:" + std::to_string(session.port());
  CHECK_THROWS_AS(LiveSession(small_fleet(), {.address = taken}), std::runtime_error);
  serve(session, [](Client&) {});
}

// A session in a cluster that is a fake one, of its own thread.
KubeFactory fake_cluster(FakeKube*& made) {
  return [&made](Clock& clock, asio::any_io_executor) {
    auto kube = std::make_unique<FakeKube>(clock);
    made = kube.get();
    return kube;
  };
}

TEST_CASE("nodes of a live session stand in the cluster as long as their machines live", "[live]") {
  FakeKube* kube = nullptr;
  LiveSession session(small_fleet(),
                      {.address = "127.0.0.1:0", .speed = 300, .kube = fake_cluster(kube)});
  const auto ready_nodes = [&] {
    int n = 0;
    for (const auto& [path, object] : kube->objects) {
      if (path.starts_with(node_path("")) && condition_of(object, "Ready") == "True") ++n;
    }
    return n;
  };
  const auto deleted = [&] { return session.mirror()->nodes().deleted; };
  serve(session, [&](Client& client) {
    await([&] { return asked(session, ready_nodes) == 1; });
    REQUIRE(client.increase(2).ok());
    await([&] { return asked(session, ready_nodes) == 3; });
    REQUIRE(client.remove(client.nodes().instances(0).id()).ok());
    await([&] { return asked(session, deleted) == 1; });
  });
  CHECK(session.mirror()->nodes().created == 3);
}

TEST_CASE("a live session ends when the cluster refuses it at once", "[live]") {
  FakeKube* kube = nullptr;
  LiveSession session(small_fleet(), {.address = "127.0.0.1:0", .kube = fake_cluster(kube)});
  kube->answers = {403};
  const Result<void> served = session.run();
  REQUIRE_FALSE(served);
  CHECK(served.error().code == ErrorCode::kPermissionDenied);
  CHECK(kube->objects.empty());
}

}  // namespace
}  // namespace casim::sim
