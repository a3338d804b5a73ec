// The nodes of a fleet, written to a real API server as their kubelets and the controllers of nodes
// would: created, changed, their leases renewed, deleted in the end.
//   - What others wrote stays: of taints only those that changed in the fleet are put on or taken
//     off, at the version that was read; a conflict reads again.
//   - A node that somebody else has deleted while its machine lives is created anew, as by a
//   kubelet
//     that starts again (assumed).
//   - What fails is tried again, ever more slowly, until it is done or no longer wanted.
#pragma once

#include <map>
#include <optional>
#include <set>
#include <string>
#include <utility>

#include "sim/apiserver/node_heartbeats.h"
#include "sim/cluster/watch.h"
#include "sim/live/kube_objects.h"
#include "sim/live/mirror_ports.h"

namespace casim::sim {

class NodeMirror final : public Watcher {
 public:
  struct Totals {
    std::int64_t created = 0;
    std::int64_t deleted = 0;
    std::int64_t failures = 0;  // requests that were tried again
  };

  // Heartbeats outlive it.
  NodeMirror(MirrorPorts ports, const NodeHeartbeats& heartbeats)
      : ports_(std::move(ports)), heartbeats_(heartbeats) {}

  NodeMirror(const NodeMirror&) = delete;
  NodeMirror& operator=(const NodeMirror&) = delete;

  // Deletes the nodes of an earlier session, before this one's. The first refusal ends it.
  Awaitable<Result<void>> clear_leftovers();

  void on_watch(const WatchEvent& event) override;

  // Renews leases and posts status for as long as it is not cancelled.
  Awaitable<void> keep_alive();

  // The fleet's node of that name; null: none, or gone.
  NodePtr find(const std::string& name) const;

  // It was the fleet's, of this session or of one before it.
  bool was_ours(const std::string& name) const { return gone_.contains(name); }

  const Totals& totals() const { return totals_; }

 private:
  struct Entry {
    NodePtr wanted;   // null: to be deleted
    NodePtr written;  // what the API server was told; null: nothing yet
    bool is_there = false;
    bool is_busy = false;  // a task writes it
    bool has_lease = false;
    WallTime ready_changed{};
    TimePoint renewed{};            // its lease, and
    TimePoint posted{};             // its status
    std::optional<TimePoint> beat;  // the newest of the fleet that the API server knows of
  };

  void want(const std::string& name, NodePtr node);
  Awaitable<void> write(std::string name);
  Awaitable<Result<void>> write_once(const std::string& name, Entry& entry, NodePtr wanted);
  Awaitable<Result<void>> create(Entry& entry, NodePtr wanted);
  Awaitable<Result<void>> update(Entry& entry, NodePtr wanted);
  Awaitable<Result<void>> remove(const std::string& name);
  Awaitable<Result<void>> post_status(Entry& entry, NodePtr wanted);
  Awaitable<void> beat(std::string name);
  Awaitable<Result<void>> renew(const std::string& name, Entry& entry);
  bool is_due(Entry& entry);
  Awaitable<Result<nlohmann::json>> ask(KubeRequest request);

  StatusTimes times_of(const Entry& entry) const {
    return {ports_.clock.wall_now(), entry.ready_changed};
  }

  MirrorPorts ports_;
  const NodeHeartbeats& heartbeats_;
  std::map<std::string, Entry> entries_;  // by name; addresses hold
  std::set<std::string> gone_;
  Totals totals_;
};

}  // namespace casim::sim
