// Makes Deployments, StatefulSets and DaemonSets at their times, and does to them what a scenario
// says that people do: another number of replicas, another template.
#pragma once

#include <cstdint>
#include <string>
#include <utility>
#include <vector>

#include "sim/kernel/kernel.h"
#include "sim/load/controlled_spec.h"
#include "sim/load/load_completion.h"
#include "sim/load/workload_table.h"
#include "sim/workloads/daemon_set_controller.h"
#include "sim/workloads/deployment_controller.h"
#include "sim/workloads/stateful_set_controller.h"

namespace casim::sim {

class ControlledLoad {
 public:
  struct Controllers {
    DeploymentController& deployments;
    StatefulSetController& stateful_sets;
    DaemonSetController& daemon_sets;
  };

  // All outlive the load, and the kernel runs no event after it.
  ControlledLoad(Kernel& kernel, const WorkloadTable& workloads, Controllers controllers,
                 LoadCompletion& completion);
  ControlledLoad(const ControlledLoad&) = delete;
  ControlledLoad& operator=(const ControlledLoad&) = delete;

  static std::string uid_of(const ControlledSpec& spec) { return "owner/" + spec.name; }

  // Requires: before start().
  void add(WorkloadId workload, ControlledSpec spec);
  // Of a load without DaemonSets all of this is waited for; those are there for the others.
  void start();

  bool is_over() const { return open_ == 0; }  // all that is to be done has been done

 private:
  struct Entry {
    WorkloadId workload;
    ControlledSpec spec;
    std::uint64_t templates = 1;  // so far
  };

  template <class What>
  void at(const Entry& entry, Duration when, What what);
  void create(const Entry& entry);
  void scale(const Entry& entry, std::uint64_t replicas);
  void roll_out(Entry& entry, const PodSpec& pod);
  Owner owner_of(const Entry& entry, OwnerKind kind) const;

  static std::string uid_of(const Entry& entry) { return uid_of(entry.spec); }

  Kernel& kernel_;
  const WorkloadTable& workloads_;
  Controllers controllers_;
  LoadCompletion& completion_;
  std::vector<Entry> entries_;  // in order of adding; none is added once it has started
  std::uint64_t open_ = 0;
};

}  // namespace casim::sim
