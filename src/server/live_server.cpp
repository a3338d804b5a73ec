#include "src/server/live_server.h"

#include <cassert>
#include <stdexcept>
#include <thread>
#include <utility>

#include <grpcpp/ext/proto_server_reflection_plugin.h>
#include <grpcpp/grpcpp.h>
#include <boost/asio/any_completion_handler.hpp>
#include <boost/asio/executor_work_guard.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/use_awaitable.hpp>

#include "src/server/grpc_runtime.h"
#include "src/server/health_service.h"
#include "src/server/live_pump.h"
#include "src/server/socket_guard.h"

namespace casim::server {

struct LiveServer::State {
  State(ProviderService& s, asio::any_io_executor e)
      : service(s), executor(std::move(e)), work(executor) {}

  void stop_server(Duration grace);
  void close_services();
  void finish();

  GrpcRuntime runtime;
  ProviderService& service;
  HealthService health;
  asio::any_io_executor executor;
  // Calls come from outside, so an executor without work has not come to its end.
  asio::executor_work_guard<asio::any_io_executor> work;
  std::optional<SocketGuard> guard;  // of a Unix socket
  int port = 0;
  std::unique_ptr<LivePump> pump;
  std::unique_ptr<grpc::Server> server;
  std::thread closer;
  asio::any_completion_handler<void()> waiting;  // for the end of shut_down
  bool is_down = false;
};

namespace {

// Of one connection. An autoscaler has a few calls at once; a client with more than these asks and
// does not read, and each answer that it lets wait may be a list of 4 MiB.
constexpr int kCallsAtOnce = 32;

gpr_timespec deadline_after(Duration d) {
  return gpr_time_add(gpr_now(GPR_CLOCK_MONOTONIC), gpr_time_from_nanos(d.count(), GPR_TIMESPAN));
}

}  // namespace

// Blocks until the calls in flight are over, which needs the executor: hence a thread of its own.
void LiveServer::State::stop_server(Duration grace) {
  server->Shutdown(deadline_after(grace));
  asio::post(executor, [this] {
    close_services();
    pump->stop([this] { finish(); });
  });
}

void LiveServer::State::finish() {
  closer.join();
  is_down = true;
  work.reset();
  auto handler = std::move(waiting);
  std::move(handler)();
}

void LiveServer::State::close_services() {
  service.close();
  health.close();
}

void offer_reflection() { grpc::reflection::InitProtoReflectionServerBuilderPlugin(); }

LiveServer::LiveServer(ProviderService& service, asio::any_io_executor executor,
                       const ListenOptions& options, Turn* turn)
    : state_(std::make_unique<State>(service, executor)) {
  assert(turn == nullptr || turn->is_mine());
  const auto socket = unix_path_of(options.address);
  std::optional<PrivateFiles> for_owner_and_group;
  if (socket) {
    state_->guard.emplace(*socket);
    for_owner_and_group.emplace();
  }
  grpc::ServerBuilder builder;
  // Two servers on one port would share its calls without anybody noticing.
  builder.AddChannelArgument(GRPC_ARG_ALLOW_REUSEPORT, 0);
  builder.AddChannelArgument(GRPC_ARG_MAX_CONCURRENT_STREAMS, kCallsAtOnce);
  // No compression algorithm is set: gRPC would use it whatever the client can read.
  builder.AddListeningPort(
      options.address,
      options.tls ? make_credentials(*options.tls) : grpc::InsecureServerCredentials(),
      &state_->port);
  builder.RegisterService(&service.grpc_service());
  builder.RegisterService(&state_->health.grpc_service());
  state_->pump =
      std::make_unique<LivePump>(builder.AddCompletionQueue(), std::move(executor), turn);
  state_->server = builder.BuildAndStart();
  if (state_->server == nullptr || state_->port == 0) {
    throw std::runtime_error("cannot listen at " + options.address +
                             ": it is in use, not ours, or not there");
  }
  if (socket) state_->port = 0;
  service.start(*state_->pump);
  state_->health.start(*state_->pump);
  state_->pump->start();
}

LiveServer::~LiveServer() {
  if (state_->is_down) return;
  // The executor is dead or stopped: nobody will answer, so cancel everything.
  state_->pump->drop();
  state_->server->Shutdown(deadline_after(Duration::zero()));
  if (state_->closer.joinable()) state_->closer.join();
  state_->close_services();
}

int LiveServer::port() const { return state_->port; }

void LiveServer::set_serving(bool is_serving) { state_->health.set_serving(is_serving); }

Awaitable<void> LiveServer::shut_down(Duration grace) {
  assert(!state_->closer.joinable() && !state_->is_down);
  State* state = state_.get();
  return asio::async_initiate<const asio::use_awaitable_t<>, void()>(
      [state, grace](auto handler) {
        // Not by assignment: Boost 1.81's calls itself without end.
        asio::any_completion_handler<void()>(std::move(handler)).swap(state->waiting);
        state->health.end_watches();
        state->closer = std::thread([state, grace] { state->stop_server(grace); });
      },
      asio::use_awaitable);
}

}  // namespace casim::server
