// What happened, in past tense: plain structs that the world reports and collectors fold. The one
// list of them is the variant at the end (those of the provider, EC2 and HPAs stand in files of
// their own); each struct lists its fields once, and digest and event log are made from that list.
// Facts never say how a call was carried (wire or memo). Ids that join them: loop, call, slot,
// client token, instance, node, pod (design section 5).
#pragma once

#include <cstdint>
#include <string>
#include <variant>
#include <vector>

#include "sim/cluster/objects.h"
#include "sim/events/ec2_facts.h"
#include "sim/events/fact_fields.h"
#include "sim/events/hpa_facts.h"
#include "sim/events/provider_facts.h"
#include "src/core/id.h"
#include "src/core/time.h"

namespace casim::sim {

// --- pods
struct PodCreated {
  static constexpr const char* kName = "PodCreated";
  PodId pod;
  WorkloadId workload;
  std::uint64_t index = 0;  // row or ordinal in its workload
  PodId replaces{};         // the pod whose work it takes over, if any
  bool daemon_set = false;

  CASIM_FACT_FIELDS(pod, workload, index, replaces, daemon_set)
};

struct PodGated {  // it is created behind scheduling gates
  static constexpr const char* kName = "PodGated";
  PodId pod;

  CASIM_FACT_FIELDS(pod)
};

struct PodUngated {  // the last of its scheduling gates is lifted
  static constexpr const char* kName = "PodUngated";
  PodId pod;

  CASIM_FACT_FIELDS(pod)
};

struct PodUnschedulable {  // the condition was written
  static constexpr const char* kName = "PodUnschedulable";
  PodId pod;

  CASIM_FACT_FIELDS(pod)
};

struct PodBound {
  static constexpr const char* kName = "PodBound";
  PodId pod;
  NodeId node;

  CASIM_FACT_FIELDS(pod, node)
};

struct PodRunning {
  static constexpr const char* kName = "PodRunning";
  PodId pod;

  CASIM_FACT_FIELDS(pod)
};

struct PodEnded {
  static constexpr const char* kName = "PodEnded";
  PodId pod;
  PodEnd how = PodEnd::kCompleted;

  CASIM_FACT_FIELDS(pod, how)
};

// --- nodes
struct NodeRegistered {
  static constexpr const char* kName = "NodeRegistered";
  NodeId node;
  std::string name;
  std::string instance;
  std::string group;  // empty: of none

  CASIM_FACT_FIELDS(node, name, instance, group)
};

struct NodeReady {  // Ready and without the not-ready taint: pods can go there
  static constexpr const char* kName = "NodeReady";
  NodeId node;

  CASIM_FACT_FIELDS(node)
};

struct NodeNotReady {  // no longer so; its pods stay
  static constexpr const char* kName = "NodeNotReady";
  NodeId node;

  CASIM_FACT_FIELDS(node)
};

struct NodeTainted {  // ToBeDeleted put on (true) or taken off
  static constexpr const char* kName = "NodeTainted";
  NodeId node;
  bool to_be_deleted = true;

  CASIM_FACT_FIELDS(node, to_be_deleted)
};

struct NodeGone {
  static constexpr const char* kName = "NodeGone";
  NodeId node;

  CASIM_FACT_FIELDS(node)
};

// --- the autoscaler
// The process; the first life is 1.
struct AutoscalerStarted {
  static constexpr const char* kName = "AutoscalerStarted";
  std::uint32_t life = 0;

  CASIM_FACT_FIELDS(life)
};

struct AutoscalerKilled {  // by the kubelet, as its liveness probe failed
  static constexpr const char* kName = "AutoscalerKilled";
  std::uint32_t life = 0;

  CASIM_FACT_FIELDS(life)
};

struct AutoscalerCrashed {
  static constexpr const char* kName = "AutoscalerCrashed";
  std::uint32_t life = 0;

  CASIM_FACT_FIELDS(life)
};

// --- leader election, of the autoscaler, the scheduler and the controller managers
struct LeaderLost {  // it could not renew its lease and has exited
  static constexpr const char* kName = "LeaderLost";
  std::string process;

  CASIM_FACT_FIELDS(process)
};

struct LeaderElected {
  static constexpr const char* kName = "LeaderElected";
  std::string process;

  CASIM_FACT_FIELDS(process)
};

// --- loops of the autoscaler
struct LoopStarted {
  static constexpr const char* kName = "LoopStarted";
  LoopId loop;

  CASIM_FACT_FIELDS(loop)
};

// When they differ from those of the loop before; by upstream's own names.
struct LoopResultsChanged {
  static constexpr const char* kName = "LoopResultsChanged";
  LoopId loop;
  std::string scale_up;
  std::string scale_down;
  std::string scale_up_error;  // of ScaleUpError: "<type>: <message>"

  CASIM_FACT_FIELDS(loop, scale_up, scale_down, scale_up_error)
};

struct LoopEnded {
  static constexpr const char* kName = "LoopEnded";
  LoopId loop;
  std::string error;      // type of RunOnce's error; empty: none
  std::string cut_short;  // why it ended early all the same: NoReadyNodes, ClusterUnhealthy,
                          // GroupSizeFixed

  CASIM_FACT_FIELDS(loop, error, cut_short)
};

// Instances without a node for too long (LongUnregistered), or that the provider reported as failed
// (CreateError): the loop ordered their deletion.
struct InstancesDeleted {
  static constexpr const char* kName = "InstancesDeleted";
  LoopId loop;
  std::string group;
  std::vector<std::string> instances;
  std::string reason;
  std::string error;  // the provider's; empty: it took the order

  CASIM_FACT_FIELDS(loop, group, instances, reason, error)
};

// A target that was above the number of instances for too long was lowered.
struct GroupSizeFixed {
  static constexpr const char* kName = "GroupSizeFixed";
  LoopId loop;
  std::string group;
  std::int32_t delta = 0;  // negative

  CASIM_FACT_FIELDS(loop, group, delta)
};

// One loop saw these pods unschedulable for the first time in the life of its process.
struct PodsSeen {
  static constexpr const char* kName = "PodsSeen";
  LoopId loop;
  std::vector<PodId> pods;

  CASIM_FACT_FIELDS(loop, pods)
};

struct ScaleUpDecided {
  static constexpr const char* kName = "ScaleUpDecided";
  LoopId loop;
  std::string group;
  std::int32_t delta = 0;
  std::vector<PodId> pods;  // that the order counted

  CASIM_FACT_FIELDS(loop, group, delta, pods)
};

// A scale-up could have chosen this group.
struct OptionConsidered {
  static constexpr const char* kName = "OptionConsidered";
  LoopId loop;
  std::string group;
  std::int32_t nodes = 0;  // that it would need
  std::int32_t pods = 0;   // that it would take
  // Empty: chosen; else the expander that left it out, or why there is none.
  std::string rejected_by;

  CASIM_FACT_FIELDS(loop, group, nodes, pods, rejected_by)
};

// How many pods do not fit a new node of the group, when that has changed; 0: they do now.
struct PodsRejected {
  static constexpr const char* kName = "PodsRejected";
  LoopId loop;
  std::string group;
  std::string reason;
  std::int32_t pods = 0;

  CASIM_FACT_FIELDS(loop, group, reason, pods)
};

struct ScaleUpFailed {
  static constexpr const char* kName = "ScaleUpFailed";
  LoopId loop;
  std::string group;
  std::string reason;
  std::int32_t nodes = 0;  // that were asked for, or have failed

  CASIM_FACT_FIELDS(loop, group, reason, nodes)
};

struct ScaleDownDecided {
  static constexpr const char* kName = "ScaleDownDecided";
  LoopId loop;
  std::string node;
  bool drain = false;

  CASIM_FACT_FIELDS(loop, node, drain)
};

// The removal was given up, and the node stays. `loop`: that decided it.
struct ScaleDownFailed {
  static constexpr const char* kName = "ScaleDownFailed";
  LoopId loop;
  std::string node;
  std::string reason;  // upstream's NodeDeleteResultType
  std::string detail;

  CASIM_FACT_FIELDS(loop, node, reason, detail)
};

// Why something is not done, by upstream's own reason name, when that has changed. Empty: nothing
// stands in the way any more.
struct GroupSkipped {
  static constexpr const char* kName = "GroupSkipped";
  LoopId loop;
  std::string group;
  std::string reason;

  CASIM_FACT_FIELDS(loop, group, reason)
};

struct NodeUnremovable {
  static constexpr const char* kName = "NodeUnremovable";
  LoopId loop;
  std::string node;
  std::string reason;
  std::string detail;  // BlockedByPod: why that pod blocks

  CASIM_FACT_FIELDS(loop, node, reason, detail)
};

// --- faults of the scenario
struct FaultBegan {
  static constexpr const char* kName = "FaultBegan";
  std::uint32_t fault = 0;  // its place in the scenario's list
  std::string kind;
  Duration length{};  // zero: it is over at once

  CASIM_FACT_FIELDS(fault, kind, length)
};

struct FaultEnded {  // of one with a length
  static constexpr const char* kName = "FaultEnded";
  std::uint32_t fault = 0;
  std::string kind;

  CASIM_FACT_FIELDS(fault, kind)
};

using Fact =
    std::variant<PodCreated, PodUnschedulable, PodBound, PodRunning, PodEnded, NodeRegistered,
                 NodeReady, NodeTainted, NodeGone, AutoscalerStarted, AutoscalerKilled, LoopStarted,
                 LoopEnded, InstancesDeleted, GroupSizeFixed, PodsSeen, ScaleUpDecided,
                 ScaleUpFailed, ScaleDownDecided, ScaleDownFailed, GroupSkipped, NodeUnremovable,
                 LoopResultsChanged, OptionConsidered, PodsRejected, ProviderStarted,
                 ProviderCrashed, MutationHandled, IncreaseSizeCommitted, SlotLaunched, SlotFailed,
                 SlotJoined, SlotCancelled, SlotGone, Ec2CallAnswered, Ec2CallDelayed,
                 InstanceLaunched, InstanceRunning, InstanceTerminated, NodeNotReady,
                 AutoscalerCrashed, LeaderLost, LeaderElected, HpaRescaled, HpaCreated,
                 ReplicasNeeded, GroupTargetChanged, InstanceShuttingDown, FaultBegan, FaultEnded,
                 PodGated, PodUngated, CreationStuck, CreationFreed>;

// Who listens. The stamp is virtual time; facts of one instant come in the order they happened.
class FactSink {
 public:
  virtual ~FactSink() = default;
  virtual void on_fact(TimePoint at, const Fact& fact) = 0;
};

}  // namespace casim::sim
