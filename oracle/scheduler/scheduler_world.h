// The world of a scheduler case: API server, scheduler, and a kubelet that only deletes. Runs the
// case and keeps what it asserts.
#pragma once

#include <cstdint>
#include <map>
#include <nlohmann/json.hpp>
#include <optional>
#include <string>
#include <vector>

#include "sim/apiserver/api_server.h"
#include "sim/cluster/cluster.h"
#include "sim/kernel/kernel.h"
#include "sim/scheduler/scheduler.h"
#include "src/core/time.h"

namespace casim::oracle {

// What happened to one pod, in the case's time.
struct PodStory {
  std::string name;
  std::vector<TimePoint> failed;
  std::optional<TimePoint> marked;
  std::optional<TimePoint> bound;
  std::string node;
  std::optional<TimePoint> deleted;  // when the deletion began
  bool is_gone = false;
  bool was_given = false;  // placed before the start
  std::optional<TimePoint> nominated;
  std::string nominated_node;
};

// Requires: `given` outlives it.
class SchedulerWorld : private sim::FactSink, private sim::Watcher {
 public:
  explicit SchedulerWorld(const nlohmann::json& given);

  // To the end of the case's duration.
  void run();

  const std::vector<PodStory>& pods() const { return pods_; }  // in order of creation

 private:
  void on_fact(TimePoint at, const sim::Fact& fact) override;
  void on_watch(const sim::WatchEvent& event) override;

  void add_node(const nlohmann::json& spec);
  void add_pods(const nlohmann::json& spec, bool is_given);
  void plan(const nlohmann::json& event, Duration shift);
  void apply(const nlohmann::json& event);
  sim::NodeId node(const std::string& name) const;
  sim::PodId pod(const std::string& name) const;

  const nlohmann::json& given_;
  sim::Kernel kernel_;
  sim::Cluster cluster_;
  sim::ApiServer api_;
  sim::Scheduler scheduler_;
  std::vector<PodStory> pods_;  // by PodId
  std::map<std::string, sim::PodId> by_name_;
  std::map<std::string, Duration> grace_;  // by name of pod
  std::string creating_;
};

}  // namespace casim::oracle
