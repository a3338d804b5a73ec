// The service on a real port, called by a program of its own. Real time, and as little as will do.
#include "src/server/live_server.h"

#include <cstdio>
#include <functional>
#include <memory>
#include <optional>
#include <stdexcept>
#include <string>
#include <thread>

#include <sys/wait.h>
#include <boost/asio/io_context.hpp>
#include <boost/asio/post.hpp>

#include "src/async/task_scope.h"
#include "src/live/system_clock.h"
#include "src/provider/memory_store.h"
#include "src/provider/provider.h"
#include "src/server/grpc_runtime.h"
#include "tests/catch.h"
#include "tests/provider/provider_world.h"

namespace casim::server {
namespace {

using namespace std::chrono_literals;

struct Outcome {
  int exit_code = -1;
  std::string text;
};

// Waits for the client: for a thread of its own.
Outcome run_client(int port, const std::string& mode) {
  const std::string command =
      std::string(CASIM_LIVE_CLIENT) + " 127.0.0.1:" + std::to_string(port) + " " + mode + " 2>&1";
  Outcome outcome;
  std::FILE* pipe = popen(command.c_str(), "r");
  if (pipe == nullptr) return outcome;
  char buffer[512];
  while (std::fgets(buffer, sizeof(buffer), pipe) != nullptr) outcome.text += buffer;
  const int status = pclose(pipe);
  outcome.exit_code = WIFEXITED(status) ? WEXITSTATUS(status) : -1;
  return outcome;
}

class Watcher : public CallObserver {
 public:
  void on_started(const CallInfo& call) override {
    if (call.method == RpcMethod::kIncreaseSize && when_ordered) when_ordered();
  }

  void on_cancelled(const CallInfo&) override { ++cancelled; }

  std::function<void()> when_ordered;
  int cancelled = 0;
};

provider::Config live_config() {
  provider::Config config = provider::small_config();
  provider::GroupOptions options;
  options.scale_down_unneeded_time = 90s;
  config.groups[0].options = options;
  return config;
}

struct LiveWorld {
  explicit LiveWorld(Duration commit)
      : store(clock, Random(1),
              {.commit_latency = Distribution::constant(commit), .acknowledge_latency = {}}),
        machines(clock),
        provider(live_config(), {clock, store, machines, observer, random, io.get_executor()}),
        service({.clock = clock, .executor = io.get_executor(), .observer = watcher}),
        server(service, io.get_executor(), {.address = "127.0.0.1:0"}) {
    machines.launch_latency = 10ms;
    REQUIRE(provider.start());
    service.attach(provider);
  }

  // Runs the client beside the executor; afterwards the server is down.
  Outcome serve(const std::string& mode, Duration grace, bool down_when_ordered = false) {
    if (down_when_ordered) {
      watcher.when_ordered = [this, grace] { spawn(io.get_executor(), stop(grace)); };
    }
    Outcome outcome;
    std::thread client([&] {
      outcome = run_client(server.port(), mode);
      if (down_when_ordered) return;
      asio::post(io, [this, grace] { spawn(io.get_executor(), stop(grace)); });
    });
    io.run();
    client.join();
    return outcome;
  }

  Awaitable<void> stop(Duration grace) {
    co_await server.shut_down(grace);
    provider.cancel();
  }

  GrpcRuntime runtime;
  asio::io_context io{1};
  SystemClock clock{io.get_executor()};
  provider::MemoryStore store;
  provider::FakeMachines machines;
  provider::Recorder observer;
  Watcher watcher;
  Random random{5};
  provider::Provider provider;
  ProviderService service;
  LiveServer server;
};

}  // namespace

TEST_CASE("a program calls everything over TCP, in the older and the newer fields", "[live]") {
  LiveWorld world(100ms);
  const Outcome outcome = world.serve("all", 5s);
  CHECK(outcome.text == "");
  CHECK(outcome.exit_code == 0);
  CHECK(world.watcher.cancelled == 1);  // the deadline of the last check
}

TEST_CASE("a server that goes down with grace finishes what it has begun", "[live]") {
  LiveWorld world(200ms);
  const Outcome outcome = world.serve("order", 10s, true);
  CHECK(outcome.text == "0\n");
  CHECK(world.watcher.cancelled == 0);
}

TEST_CASE("a server that goes down without grace leaves its callers without an answer", "[live]") {
  LiveWorld world(std::chrono::hours(1));
  const Outcome outcome = world.serve("order", Duration::zero(), true);
  CHECK(outcome.exit_code == 0);
  CHECK(outcome.text != "0\n");
}

TEST_CASE("two servers cannot have one port", "[live]") {
  LiveWorld world(Duration::zero());
  Watcher watcher;
  ProviderService other(
      {.clock = world.clock, .executor = world.io.get_executor(), .observer = watcher});
  const std::string address = "127.0.0.1:" + std::to_string(world.server.port());
  CHECK_THROWS_AS(LiveServer(other, world.io.get_executor(), {address}), std::runtime_error);
  asio::post(world.io, [&world] { spawn(world.io.get_executor(), world.stop(1s)); });
  world.io.run();
}

}  // namespace casim::server
