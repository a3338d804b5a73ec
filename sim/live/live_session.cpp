#include "sim/live/live_session.h"

#include <optional>
#include <utility>

#include <boost/asio/io_context.hpp>
#include <boost/asio/post.hpp>

#include "sim/kernel/paced_run.h"
#include "sim/world/part_configs.h"
#include "src/async/task_scope.h"
#include "src/live/system_clock.h"
#include "src/server/live_server.h"

namespace casim::sim {
namespace {

// For calls in flight when the session ends: an order is on record within milliseconds.
constexpr Duration kGrace = std::chrono::seconds(5);

}  // namespace

// Members stand in order of dependency: each refers only to those above it.
struct LiveSession::State {
  State(const Scenario& scenario, LiveOptions options);
  ~State();

  Awaitable<void> shut_down();

  asio::io_context io{1};
  SystemClock clock{io.get_executor()};
  Kernel kernel;
  PacedRun paced;
  SystemClock outer_clock{paced.executor()};  // whose waits end in the present of the world
  LiveFleet fleet;
  std::unique_ptr<KubeApi> kube;
  std::unique_ptr<ClusterMirror> mirror;  // null: none is wanted
  server::LiveServer server;
  bool is_stopping = false;
  std::optional<Error> refused;  // the mirror's first request
};

LiveSession::State::State(const Scenario& scenario, LiveOptions options)
    : kernel(clock.wall_now()),
      paced(kernel, io, clock, options.speed),
      fleet(scenario, kernel, std::move(options.listeners)),
      server(fleet.service(), paced.executor(), {options.address}) {
  if (!options.kube) return;
  kube = options.kube(outer_clock, paced.executor());
  mirror = std::make_unique<ClusterMirror>(ClusterMirror::Ports{.fleet = fleet,
                                                                .world = kernel,
                                                                .kube = *kube,
                                                                .clock = outer_clock,
                                                                .executor = paced.executor(),
                                                                .complain = options.complain},
                                           pod_runner_config(scenario, {}));
}

LiveSession::State::~State() {
  if (!mirror) return;
  // After an exception: its tasks unwind before what they refer to goes.
  mirror->cancel();
  io.restart();
  while (!mirror->is_over() && io.poll_one() > 0) continue;
}

Awaitable<void> LiveSession::State::shut_down() {
  if (mirror) mirror->cancel();
  co_await server.shut_down(kGrace);
  while (mirror && !mirror->is_over()) co_await outer_clock.sleep_for(std::chrono::milliseconds(1));
  paced.request_stop();
}

LiveSession::LiveSession(const Scenario& scenario, LiveOptions options)
    : state_(std::make_unique<State>(scenario, std::move(options))) {}

LiveSession::~LiveSession() = default;

int LiveSession::port() const { return state_->server.port(); }

LiveFleet& LiveSession::fleet() { return state_->fleet; }

TimePoint LiveSession::now() const { return state_->kernel.now(); }

asio::any_io_executor LiveSession::executor() const { return state_->paced.executor(); }

const ClusterMirror* LiveSession::mirror() const { return state_->mirror.get(); }

Result<void> LiveSession::run() {
  if (state_->mirror) {
    state_->mirror->start([this](const Error& error) {
      state_->refused = error;
      request_stop();
    });
  }
  state_->paced.run(kTimeNever);
  state_->fleet.stop();
  if (state_->refused) return std::unexpected(*state_->refused);
  return {};
}

void LiveSession::request_stop() {
  asio::post(state_->paced.executor(), [this] {
    if (std::exchange(state_->is_stopping, true)) return;
    spawn(state_->paced.executor(), state_->shut_down());
  });
}

}  // namespace casim::sim
