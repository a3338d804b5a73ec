// The controllers of nodes on an API server without latency or limits, started at 0 s; tests play
// kubelets and cloud.
#pragma once

#include <map>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "sim/apiserver/api_server.h"
#include "sim/apiserver/node_heartbeats.h"
#include "sim/cluster/node_condition.h"
#include "sim/controllers/cloud_node_lifecycle.h"
#include "sim/controllers/node_lifecycle.h"
#include "sim/controllers/pod_garbage_collector.h"
#include "sim/controllers/taint_eviction.h"
#include "tests/catch.h"

namespace casim::sim {

using namespace std::chrono_literals;

struct NoFacts final : FactSink {
  void on_fact(TimePoint, const Fact&) override {}
};

struct ScriptedCloud final : CloudInstances {
  CloudState state_of(const Node& node) override {
    ++asked;
    const auto found = states.find(node.name);
    return found == states.end() ? CloudState::kExists : found->second;
  }

  std::map<std::string, CloudState> states;
  int asked = 0;
};

// Writes down when taints came and went, nodes went and pods were marked or went.
struct Chronicle final : Watcher {
  explicit Chronicle(Kernel& kernel) : kernel_(kernel) {}

  void on_watch(const WatchEvent& event) override;

  std::vector<Duration> times(const std::string& what) const {
    const auto found = log.find(what);
    return found == log.end() ? std::vector<Duration>{} : found->second;
  }

  std::map<std::string, std::vector<Duration>> log;  // "a +unreachable:NoExecute", "pod marked"

 private:
  void note(const std::string& what) { log[what].push_back(kernel_.now() - kTimeZero); }

  Kernel& kernel_;
  std::map<NodeId, std::vector<Taint>> taints_;
  std::map<PodId, bool> marked_;
};

inline void Chronicle::on_watch(const WatchEvent& event) {
  if (const auto* changed = std::get_if<NodeChanged>(&event)) {
    const Node& node = *changed->node;
    std::vector<Taint>& before = taints_[node.id];
    const auto differ = [&](const std::vector<Taint>& a, const std::vector<Taint>& b,
                            const char* sign) {
      for (const Taint& taint : a) {
        if (std::find(b.begin(), b.end(), taint) != b.end()) continue;
        const std::string key = taint.key.substr(taint.key.find('/') + 1);
        note(node.name + " " + sign + key + ":" + std::string(name_of(taint.effect)));
      }
    };
    differ(node.taints, before, "+");
    differ(before, node.taints, "-");
    before = node.taints;
  } else if (const auto* gone = std::get_if<NodeRemoved>(&event)) {
    note(gone->last->name + " gone");
  } else if (const auto* pod = std::get_if<PodChanged>(&event)) {
    if (pod->pod.deletion_timestamp && !std::exchange(marked_[pod->pod.id], true)) {
      note(pod->pod.name + " marked");
    }
  } else if (const auto* ended = std::get_if<PodRemoved>(&event)) {
    note(ended->last.name + " gone");
  }
}

struct ControllersWorld {
  explicit ControllersWorld(NodeLifecycleConfig config = {}, PodGarbageCollectorConfig gc = {})
      : node_lifecycle(kernel, api, heartbeats, random, {"nodes"}, config),
        pod_gc(kernel, api, {"gc"}, gc) {}

  ~ControllersWorld() { CHECK_FALSE(cluster.broken_invariant()); }

  void start() {
    for (Watcher* watcher : std::initializer_list<Watcher*>{&chronicle, &node_lifecycle, &eviction,
                                                            &pod_gc, &cloud_nodes}) {
      api.add_watcher(*watcher, {});
    }
  }

  void until(Duration t) {
    kernel.at(kTimeZero + t, Phase::kWorld, [] {});
    kernel.run(kTimeZero + t, 1'000'000);
  }

  // Ready, with a lease that is renewed 3 s after each 10 s.
  NodeId add_node(const std::string& name, const std::string& zone = "") {
    NewNode fresh;
    fresh.node.name = name;
    fresh.node.ready = true;
    fresh.node.allocatable.pods = 100;
    if (!zone.empty()) fresh.node.labels["topology.kubernetes.io/zone"] = zone;
    const NodeId id = api.create_node(std::move(fresh));
    const TimePoint first = kTimeZero - 997s;
    heartbeats.set(id, Heartbeat({first, 10s}, {first, 300s}));
    return id;
  }

  std::vector<NodeId> add_nodes(int count, const std::string& zone = "") {
    std::vector<NodeId> ids;
    for (int i = 0; i < count; ++i) ids.push_back(add_node(zone + std::to_string(i), zone));
    return ids;
  }

  PodId add_pod(const std::string& name, NodeId node, std::vector<Toleration> tolerations) {
    auto spec = std::make_shared<PodSpec>();
    spec->requests.pods = 1;
    spec->tolerations = std::move(tolerations);
    NewPod fresh;
    fresh.spec = std::move(spec);
    fresh.name = name;
    const PodId pod = api.create_pod(std::move(fresh));
    REQUIRE(api.bind(pod, node).has_value());
    api.set_running(pod);
    return pod;
  }

  PodId add_pod(const std::string& name, NodeId node) {
    PodSpec spec;
    add_default_tolerations(spec);
    return add_pod(name, node, spec.tolerations);
  }

  void silence(NodeId node) {
    heartbeats.edit(node, [this](Heartbeat& beats) { beats.stop(kernel.now()); });
  }

  void wake(NodeId node) {
    heartbeats.edit(
        node, [this](Heartbeat& beats) { beats.start({kernel.now(), 10s}, {kernel.now(), 300s}); });
    api.set_node_ready(node, true);
  }

  Kernel kernel{WallTime{} + 24h * 20000};
  Cluster cluster;
  NoFacts facts;
  Random random{1};
  ApiServer api{kernel, cluster, facts, Random(1), {}};
  NodeHeartbeats heartbeats;
  ScriptedCloud cloud;
  Chronicle chronicle{kernel};
  NodeLifecycle node_lifecycle;
  TaintEviction eviction{kernel, api, {"eviction"}};
  PodGarbageCollector pod_gc;
  CloudNodeLifecycle cloud_nodes{kernel, api, cloud, {"cloud"}, {.start = kTimeZero + 2s}};
};

using Times = std::vector<Duration>;

}  // namespace casim::sim
