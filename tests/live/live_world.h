// The service on a real port, with the thread that runs it. Real time, and as little as will do.
#pragma once

#include <cstdio>
#include <functional>
#include <optional>
#include <stdexcept>
#include <string>
#include <thread>

#include <sys/wait.h>
#include <boost/asio/io_context.hpp>
#include <boost/asio/post.hpp>

#include "src/async/task_scope.h"
#include "src/async/turn.h"
#include "src/async/turn_executor.h"
#include "src/live/system_clock.h"
#include "src/provider/memory_store.h"
#include "src/provider/provider.h"
#include "src/server/grpc_runtime.h"
#include "src/server/live_server.h"
#include "tests/catch.h"
#include "tests/provider/provider_world.h"

namespace casim::server {

using namespace std::chrono_literals;

struct Outcome {
  int exit_code = -1;
  std::string text;
};

// Waits for the client: for a thread of its own.
inline Outcome run_client(int port, const std::string& mode) {
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
    if (call.method == RpcMethod::kGpuLabel && fails_once) {
      fails_once = false;
      throw std::runtime_error("handler");
    }
  }

  void on_cancelled(const CallInfo&) override { ++cancelled; }

  std::function<void()> when_ordered;
  bool fails_once = false;  // when it is asked for the label of GPUs
  int cancelled = 0;
};

inline provider::Config live_config() {
  provider::Config config = provider::small_config();
  provider::GroupOptions options;
  options.scale_down_unneeded_time = 90s;
  config.groups[0].options = options;
  return config;
}

// Which thread handles calls.
enum class By { kTurn, kExecutor };

struct LiveWorld {
  LiveWorld(By how, Duration commit)
      : store(clock, Random(1),
              {.commit_latency = Distribution::constant(commit), .acknowledge_latency = {}}),
        machines(clock),
        provider(live_config(), {clock, store, machines, observer, random, executor}),
        service({.clock = clock, .executor = executor, .observer = watcher}) {
    const Turn::Hold hold(turn);
    machines.launch_latency = 10ms;
    server.emplace(service, executor, ListenOptions{.address = "127.0.0.1:0"},
                   how == By::kTurn ? &turn : nullptr);
    REQUIRE(provider.start());
    service.attach(provider);
  }

  // Runs the client beside the executor; afterwards the server is down.
  Outcome serve(const std::string& mode, Duration grace, bool down_when_ordered = false) {
    if (down_when_ordered) {
      watcher.when_ordered = [this, grace] { spawn(executor, stop(grace)); };
    }
    Outcome outcome;
    std::thread client([&] {
      outcome = run_client(server->port(), mode);
      if (down_when_ordered) return;
      asio::post(executor, [this, grace] { spawn(executor, stop(grace)); });
    });
    io.run();
    client.join();
    return outcome;
  }

  Awaitable<void> stop(Duration grace) {
    co_await server->shut_down(grace);
    provider.cancel();
  }

  GrpcRuntime runtime;
  Turn turn;
  asio::io_context io{1};
  const asio::any_io_executor executor{TurnExecutor(io.get_executor(), turn)};
  SystemClock clock{executor};
  provider::MemoryStore store;
  provider::FakeMachines machines;
  provider::Recorder observer;
  Watcher watcher;
  Random random{5};
  provider::Provider provider;
  ProviderService service;
  std::optional<LiveServer> server;
};

}  // namespace casim::server
