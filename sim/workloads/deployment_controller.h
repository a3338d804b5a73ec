// The Deployment controller: makes a ReplicaSet for each template, and sizes them so that a rollout
// keeps within surge and unavailable pods (deployment_plan.h). Its writes, Events among them, take
// turns in its own token bucket; a sync's writes follow one another, and where one meets an object
// that has changed since the sync began, the rest is dropped and the sync comes again.
#pragma once

#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <string>
#include <vector>

#include "sim/paths/queue/work_queue.h"
#include "sim/workloads/deployment_plan.h"
#include "sim/workloads/pod_control.h"
#include "sim/workloads/workload_controller.h"

namespace casim::sim {

struct Deployment {
  std::string uid;
  WorkloadId workload;  // of its pods
  std::string revision = "1";
  PodSpec pod;  // the template; the owner is set by the controller
  std::uint64_t replicas = 0;
  DeploymentStrategy strategy;
  Duration min_ready{};
  std::optional<Duration> progress_deadline = std::chrono::seconds(600);
};

class DeploymentController {
 public:
  // Told when a status has been written.
  using OnStatus = std::function<void(const std::string& uid, const DeploymentStatus&)>;

  // All outlive the controller. The client of that configuration becomes its own.
  DeploymentController(ApiServer& api, ApiClientConfig client, ReplicaSetController& sets,
                       WorkloadObserver& observer);

  void when_status_written(OnStatus listener) { on_status_ = std::move(listener); }

  // Requires: a new uid.
  void create(Deployment deployment);
  // As people or HPA change its spec. Requires: it is there, as for the following.
  void scale(const std::string& uid, std::uint64_t replicas);
  // Another name is another template, one that it had before rolls back to that.
  void set_template(const std::string& uid, std::string revision, PodSpec pod);

  const DeploymentStatus& status(const std::string& uid) const;
  std::uint64_t replicas(const std::string& uid) const;

  const ApiClient& client() const { return client_; }

 private:
  using Key = WorkQueue::Key;

  struct State {
    Deployment spec;
    DeploymentView view;  // all but the newest numbers of its sets
    std::uint64_t version = 1;
    std::uint64_t writes = 0;
    std::map<std::string, PodSpec> templates;  // by revision
  };

  // A sync under way.
  struct Syncing {
    Key key = 0;
    std::uint64_t version = 0;                          // of the Deployment
    std::map<std::string, std::uint64_t> set_versions;  // by uid
    DeploymentPlan plan;
    std::size_t next = 0;  // write
  };

  State& state_of(const std::string& uid) { return *deployments_[keys_.at(uid)]; }

  // The spec has a new generation.
  void change(State& of, const WorkloadStatus& before);
  void note_sets(State& of);
  void sync(Key key);
  void write_next(const std::shared_ptr<Syncing>& syncing);
  Result<void> apply(Syncing& syncing, const DeploymentWrite& write);
  void create_set(State& of, const DeploymentSet& set);
  void end_sync(const Syncing& syncing, bool ok);
  WorkloadStatus workload_status(const State& of) const;

  WallTime now() const { return api_.kernel().wall(api_.kernel().now()); }

  ApiServer& api_;
  ReplicaSetController& sets_;
  WorkloadObserver& observer_;
  ApiClient& client_;
  ControllerEvents events_;
  OnStatus on_status_;
  std::vector<std::unique_ptr<State>> deployments_;  // by key
  std::map<std::string, Key> keys_;                  // by uid
  WorkQueue queue_;
};

}  // namespace casim::sim
