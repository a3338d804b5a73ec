// The objects of Cluster API, as far as the way from a replica count to a Ready node depends on
// them. A status has two parts that are written apart, as its patch helper does it: conditions
// first, then spec and metadata, then the rest. Source: provisioning-paths.md 2.1, 2.2 [CAPI].
#pragma once

#include <cstdint>
#include <optional>
#include <string>

#include "sim/paths/cluster_api/config.h"
#include "sim/paths/kube/object_store.h"
#include "src/core/time.h"

namespace casim::sim {

// What a controller does first with an object, a round for each.
struct FirstRounds {
  bool has_finalizer = false;
  bool is_pause_known = false;  // condition Paused

  bool operator==(const FirstRounds&) const = default;
};

struct ReplicaCounts {
  int replicas = 0;
  int ready = 0;
  int available = 0;

  bool operator==(const ReplicaCounts&) const = default;
};

// What the conditions of a set or deployment tell in their messages: any change of it is a write.
struct MachinesSummary {
  int wanted = -1;
  int machines = 0;
  int waiting_for_infra = 0;
  int waiting_for_node = 0;
  int not_ready = 0;
  int deleting = 0;
  int unhealthy = 0;

  bool operator==(const MachinesSummary&) const = default;
};

struct MachineSetObject {
  std::optional<std::uint32_t> deployment;
  int revision = 0;  // of its template, within the deployment
  int replicas = 0;
  MachineDeleteOrder order = MachineDeleteOrder::kRandom;
  FirstRounds first;
  bool is_labelled = false;  // labels and owner, by its own controller
  MachinesSummary summary;
  ReplicaCounts counts;
};

struct MachineDeploymentObject {
  int revision = 0;  // of the template; another one rolls out
  int replicas = 0;
  int max_surge = 1;
  int max_unavailable = 0;
  MachineDeleteOrder order = MachineDeleteOrder::kRandom;
  FirstRounds first;
  bool is_labelled = false;
  MachinesSummary summary;
  ReplicaCounts counts;
};

enum class NodeSeen : std::uint8_t { kNone, kNotReady, kReady };

// Conditions of a Machine, by its own controller.
struct MachineConditions {
  bool are_set = false;
  bool is_bootstrapped = false;
  bool is_infra_ready = false;
  WallTime infra_ready_since{};  // cut to the second
  NodeSeen node = NodeSeen::kNone;
  int deleting = 0;  // how far the deletion is

  bool operator==(const MachineConditions&) const = default;
};

struct MachineStatus {
  bool is_bootstrapped = false;
  bool is_provisioned = false;
  bool has_failed = false;            // phase Failed, for good
  std::optional<std::uint32_t> node;  // nodeRef
  int observed_generation = 0;

  bool operator==(const MachineStatus&) const = default;
};

// By the health check and by the set that acts on it.
enum class MachineHealth : std::uint8_t { kUnknown, kHealthy, kUnhealthy };

struct MachineObject {
  std::uint32_t set = 0;
  std::uint32_t infra = 0;
  std::string name;    // orders machines of one priority
  std::string token;   // what the machine was ordered for; empty: nothing that is known
  WallTime created{};  // cut to the second
  bool is_deleted = false;
  bool is_marked = false;  // annotation delete-machine
  bool is_pause_known = false;
  int generation = 1;
  std::string provider_id;
  std::string instance_id;
  MachineConditions conditions;
  MachineStatus status;
  MachineHealth health = MachineHealth::kUnknown;
  bool needs_remediation = false;  // its set is to delete it
  bool is_remediated = false;      // and does, because of that
};

// The provider's own object behind a Machine.
struct InfraMachineObject {
  std::uint32_t set = 0;
  std::optional<std::uint32_t> machine;  // once its controller has taken it over
  WallTime created{};
  bool is_deleted = false;
  bool is_provisioned = false;
  std::string instance_id;
  std::string provider_id;
  std::string zone;
  std::string failure;      // code of the last failure of the call that makes it; empty: none
  bool has_failed = false;  // for good (failureReason)
};

// A node of the workload cluster.
struct WorkloadNode {
  std::string provider_id;
  bool is_ready = false;
  WallTime changed{};        // of the Ready condition
  bool is_labelled = false;  // by the Machine controller
  bool is_cordoned = false;
};

using MachineSetStore = ObjectStore<MachineSetObject>;
using MachineDeploymentStore = ObjectStore<MachineDeploymentObject>;
using MachineStore = ObjectStore<MachineObject>;
using InfraMachineStore = ObjectStore<InfraMachineObject>;
using WorkloadNodeStore = ObjectStore<WorkloadNode>;

}  // namespace casim::sim
