#include "sim/live/cluster_mirror.h"

#include <utility>

namespace casim::sim {
namespace {

// Requests at a time: enough for hundreds of nodes at once, too few to trouble an API server.
constexpr int kTurns = 8;

}  // namespace

ClusterMirror::ClusterMirror(Ports ports, PodRunnerConfig pods)
    : fleet_(ports.fleet),
      scope_(ports.executor),
      turns_(ports.executor, kTurns),
      nodes_({.kube = ports.kube,
              .clock = ports.clock,
              .world = ports.world,
              .scope = scope_,
              .turns = turns_,
              .complain = ports.complain},
             ports.fleet.heartbeats()),
      pods_({.kube = ports.kube,
             .clock = ports.clock,
             .world = ports.world,
             .scope = scope_,
             .turns = turns_,
             .complain = ports.complain},
            {.nodes = nodes_, .machines = ports.fleet.nodes(), .random = ports.fleet.random()},
            std::move(pods)) {}

ClusterMirror::~ClusterMirror() {
  if (is_watching_) fleet_.api().remove_watcher(nodes_);
}

void ClusterMirror::start(std::function<void(const Error&)> on_refused) {
  scope_.spawn(begin(std::move(on_refused)));
}

Awaitable<void> ClusterMirror::begin(std::function<void(const Error&)> on_refused) {
  const Result<void> cleared = co_await nodes_.clear_leftovers();
  if (!cleared) {
    on_refused(cleared.error());
    co_return;
  }
  fleet_.api().add_watcher(nodes_, WatchOptions());
  is_watching_ = true;
  scope_.spawn(nodes_.keep_alive());
  scope_.spawn(pods_.play());
}

void ClusterMirror::cancel() { scope_.cancel(); }

}  // namespace casim::sim
