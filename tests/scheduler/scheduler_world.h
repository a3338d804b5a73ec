// API server, scheduler, and a kubelet that only deletes.
#pragma once

#include <chrono>
#include <map>
#include <memory>
#include <string>
#include <utility>

#include "sim/apiserver/api_server.h"
#include "sim/scheduler/scheduler.h"
#include "tests/scheduler/builders.h"

namespace casim::sim {

struct WorldLimits {
  double qps = 0;
  int burst = 0;
};

struct SchedulerWorld : FactSink, Watcher {
  explicit SchedulerWorld(Duration watch_delay = {}, SchedulerConfig config = {},
                          ApiServerConfig server = {}, WorldLimits limits = {})
      : api(kernel, cluster, *this, Random(1), std::move(server)),
        client(api.add_client({"scheduler", limits.qps, limits.burst, Phase::kScheduler})),
        scheduler(std::make_unique<Scheduler>(kernel, client, std::move(config))) {
    api.add_watcher(*scheduler, {watch_delay, Phase::kScheduler});
    api.add_watcher(*this, {Duration{}, Phase::kWorld});
  }

  void on_fact(TimePoint at, const Fact& fact) override {
    if (const auto* one = std::get_if<PodBound>(&fact)) bound[one->pod.value()] = at;
    if (const auto* one = std::get_if<PodEnded>(&fact)) ended[one->pod.value()] = one->how;
  }

  // A kubelet that only deletes: after the whole grace period.
  void on_watch(const WatchEvent& event) override {
    const auto* changed = std::get_if<PodChanged>(&event);
    if (!changed || !changed->pod.deletion_timestamp) return;
    const PodId pod = changed->pod.id;
    if (!deleted.try_emplace(pod.value(), kernel.now()).second) return;
    kernel.after(changed->pod.spec->grace, Phase::kWorld,
                 [this, pod] { api.finish_deletion(pod); });
  }

  NodeId add_node(const std::string& name, Size size, bool ready = true) {
    Node node = make_node(0, size);
    node.name = name;
    node.ready = ready;
    return api.create_node({std::move(node), "", ""});
  }

  PodId add_pod(PodSpec spec, const std::string& target = "") {
    NewPod pod;
    pod.spec = share(std::move(spec));
    pod.name = "p" + std::to_string(cluster.pods_created());
    pod.target_node = target;
    return api.create_pod(std::move(pod));
  }

  void run_until(std::int64_t ms) {
    const TimePoint then{std::chrono::milliseconds(ms)};
    kernel.at(then, Phase::kAutoscaler, [] {});  // a dry kernel does not move
    kernel.run(then, 10'000'000);
  }

  std::string node_of(PodId pod) { return cluster.pod(pod).node_name; }

  Kernel kernel{WallTime(std::chrono::seconds(1'700'000'000))};
  Cluster cluster;
  ApiServer api;
  ApiClient& client;
  std::unique_ptr<Scheduler> scheduler;
  std::map<std::uint32_t, TimePoint> bound;
  std::map<std::uint32_t, TimePoint> deleted;  // begun
  std::map<std::uint32_t, PodEnd> ended;
};

inline TimePoint at(std::int64_t ms) { return TimePoint(std::chrono::milliseconds(ms)); }

}  // namespace casim::sim
