// A kernel, a cluster and an API server, with a watcher that writes down what it sees.
#pragma once

#include <string>
#include <utility>
#include <variant>
#include <vector>

#include "sim/apiserver/api_server.h"

namespace casim::sim {

inline constexpr std::uint64_t kManyEvents = 1'000'000;

inline TimePoint at_ms(std::int64_t ms) { return TimePoint(std::chrono::milliseconds(ms)); }

class Facts : public FactSink {
 public:
  void on_fact(TimePoint at, const Fact& fact) override {
    std::visit([this](const auto& one) { names.push_back(one.kName); }, fact);
    times.push_back(at);
  }

  std::vector<std::string> names;
  std::vector<TimePoint> times;
};

class Seen : public Watcher {
 public:
  explicit Seen(Kernel& kernel) : kernel_(kernel) {}

  void on_watch(const WatchEvent& event) override {
    std::string name;
    if (const auto* pod = std::get_if<PodChanged>(&event)) name = pod->pod.name;
    if (const auto* pod = std::get_if<PodRemoved>(&event)) name = "-" + pod->last.name;
    if (const auto* node = std::get_if<NodeChanged>(&event)) name = node->node->name;
    if (const auto* node = std::get_if<NodeRemoved>(&event)) name = "-" + node->last->name;
    log.emplace_back(kernel_.now(), name);
  }

  std::vector<std::pair<TimePoint, std::string>> log;

 private:
  Kernel& kernel_;
};

struct ApiWorld {
  explicit ApiWorld(ApiServerConfig config = {}, WallTime start = WallTime{})
      : kernel(start), api(kernel, cluster, facts, Random(7), std::move(config)) {}

  NodeId add_node(const std::string& name, bool ready = true, std::int64_t cpu_m = 4000) {
    Node node;
    node.name = name;
    node.ready = ready;
    node.allocatable.cpu = MilliCpu(cpu_m);
    node.allocatable.pods = 10;
    return api.create_node({std::move(node), "i-" + name, "group"});
  }

  NewPod new_pod(const std::string& name) const {
    NewPod pod;
    pod.spec = spec;
    pod.name = name;
    pod.workload = WorkloadId(0);
    return pod;
  }

  PodId add_pod(const std::string& name) { return api.create_pod(new_pod(name)); }

  // A dry kernel stays where its last event was.
  void run_until(std::int64_t ms) { kernel.run(at_ms(ms), kManyEvents); }

  static PodSpecPtr make_spec() {
    PodSpec made;
    made.labels["app"] = "web";
    made.requests.cpu = MilliCpu(500);
    made.requests.pods = 1;
    return std::make_shared<const PodSpec>(made);
  }

  PodSpecPtr spec = make_spec();
  Kernel kernel;
  Cluster cluster;
  Facts facts;
  ApiServer api;
};

}  // namespace casim::sim
