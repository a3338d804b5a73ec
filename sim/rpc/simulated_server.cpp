#include "sim/rpc/simulated_server.h"

#include <string>
#include <utility>

#include "sim/rpc/call_id.h"
#include "sim/rpc/in_process.h"

namespace casim::sim {
namespace {

std::string describe_stuck(const server::OpenCall& call, TimePoint now) {
  std::string text = "the handler of " + std::string(name_of(call.method));
  if (call.id) text += ", call " + std::to_string(call.id.value());
  if (const LoopId loop = loop_of(call.id)) text += " of loop " + std::to_string(loop.value());
  text += ", is still open at " + std::to_string(to_seconds(now)) + " s: begun at " +
          std::to_string(to_seconds(call.since)) + " s";
  if (call.cancelled) {
    text += ", its caller gone since " + std::to_string(to_seconds(*call.cancelled)) + " s";
  }
  return text;
}

}  // namespace

StuckHandler::StuckHandler(server::OpenCall call, TimePoint now)
    : std::runtime_error(describe_stuck(call, now)), call_(call) {}

// Passes notifications on, and watches the handlers whose callers are gone.
struct SimulatedServer::State final : server::CallObserver {
  State(Kernel& k, server::CallObserver& o)
      : kernel(k),
        observer(o),
        service({.clock = k.clock(Phase::kWorld), .executor = k.executor(), .observer = *this}),
        connection(service.grpc_service()) {}

  void on_started(const server::CallInfo& call) override { observer.on_started(call); }

  void on_cancelled(const server::CallInfo& call) override {
    observer.on_cancelled(call);
    if (!is_watching) watch(kernel.now() + kPatience);
  }

  void on_finished(const server::CallInfo& call, int code) override {
    observer.on_finished(call, code);
    if (!is_watching || next_deadline() != kTimeNever) return;
    kernel.cancel(watch_event);
    is_watching = false;
  }

  void watch(TimePoint when) {
    is_watching = true;
    watch_event = kernel.at(when, Phase::kWorld, [this] { check(); });
  }

  TimePoint next_deadline() const {
    TimePoint first = kTimeNever;
    for (const server::OpenCall& call : service.open_calls()) {
      if (call.cancelled) first = std::min(first, *call.cancelled + kPatience);
    }
    return first;
  }

  void check() {
    is_watching = false;
    for (const server::OpenCall& call : service.open_calls()) {
      if (call.cancelled && *call.cancelled + kPatience <= kernel.now()) {
        throw StuckHandler(call, kernel.now());
      }
    }
    const TimePoint next = next_deadline();
    if (next != kTimeNever) watch(next);
  }

  Kernel& kernel;
  server::CallObserver& observer;
  server::ProviderService service;
  InProcess connection;
  EventHandle watch_event;
  bool is_watching = false;
};

SimulatedServer::SimulatedServer(Kernel& kernel, server::CallObserver& observer)
    : state_(std::make_unique<State>(kernel, observer)) {
  state_->service.start(state_->connection);
  kernel.add(state_->connection);
}

SimulatedServer::~SimulatedServer() {
  State& s = *state_;
  s.service.close();
  s.connection.stop_server();
  if (s.is_watching) s.kernel.cancel(s.watch_event);
  try {
    s.kernel.settle();
  } catch (...) {
    // A task's last words. Whatever ended the run has been reported already.
  }
  s.kernel.remove(s.connection);
}

server::ProviderService& SimulatedServer::service() { return state_->service; }

InProcess& SimulatedServer::connection() { return state_->connection; }

}  // namespace casim::sim
