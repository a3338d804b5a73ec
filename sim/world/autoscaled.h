// The HorizontalPodAutoscalers of a scenario: their controller, what each sizes, and what the
// metrics APIs tell it.
#pragma once

#include <deque>
#include <functional>
#include <map>
#include <optional>
#include <string>

#include "sim/events/facts.h"
#include "sim/load/needed_replicas.h"
#include "sim/load/workload_metrics.h"
#include "sim/load/workload_table.h"
#include "sim/scenario/scenario.h"
#include "sim/workloads/deployment_controller.h"
#include "sim/workloads/hpa/hpa_controller.h"
#include "sim/workloads/pod_informer.h"
#include "sim/workloads/replica_set_controller.h"

namespace casim::sim {

class Autoscaled {
 public:
  // All outlive it.
  struct Parts {
    ApiServer& api;
    const Random& random;
    FactSink& facts;
    ReplicaSetController& replica_sets;
    DeploymentController& deployments;
  };

  // A workload that an HPA may size.
  struct Sized {
    std::string name;
    WorkloadId id;
    std::string uid;
    PodSpecPtr pod;  // the first of its templates: what a replica requests
  };

  Autoscaled(const Scenario& scenario, Parts parts);
  Autoscaled(const Autoscaled&) = delete;
  Autoscaled& operator=(const Autoscaled&) = delete;

  // Before the informers list. Does nothing without HPAs.
  void listen(PodInformer& informer);
  // Of the HPA on that workload, if there is one. Before the informers list.
  void add_replica_set(const Sized& workload);
  // `at`: when the Deployment is made, and its HPA.
  void add_deployment(const Sized& workload, Duration at);
  // Creates the HPAs at their times. When the ReplicaSets are there.
  void start();

 private:
  // The scale subresource of one target.
  struct Scale {
    std::function<HpaScale()> get;
    std::function<void(std::uint64_t replicas)> set;
  };

  // Tells when it is written.
  class Target final : public ScaleTarget {
   public:
    Target(Parts parts, std::string hpa, Scale scale);

    HpaScale scale() const override { return scale_.get(); }

    void set_replicas(std::int32_t replicas) override;

   private:
    Parts parts_;
    std::string hpa_;
    Scale scale_;
  };

  struct Planned {
    std::string name;
    HpaController::Hpa hpa;
    std::optional<NeededReplicas> needed;  // none: it cannot be said
    Duration at{};
  };

  void add(const Sized& workload, const Scale& scale, Duration at);
  void create(const Planned& planned);
  // Tells how many replicas are needed from now on, and sets out for the next change.
  void tell_needed(const Planned& planned);

  void on_ready_changed(WorkloadId workload);

  const Scenario& scenario_;
  Parts parts_;
  HpaPods pods_;
  HpaController controller_;
  std::deque<Target> targets_;
  std::deque<WorkloadMetrics> metrics_;
  std::deque<Planned> hpas_;
  std::multimap<WorkloadId, WorkloadMetrics*> by_workload_;
};

}  // namespace casim::sim
