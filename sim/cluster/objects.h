// Kubernetes objects as scheduler, autoscaler and kubelet see them: the fields that decide
// something. Objects are values; who holds one holds the version it has seen. Field names are
// Kubernetes' own. Object times are cut to whole seconds by the API server.
#pragma once

#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "sim/cluster/int_or_percent.h"
#include "src/core/id.h"
#include "src/core/quantity.h"
#include "src/core/time.h"

namespace casim::sim {

using PodId = Id<struct PodTag>;
using NodeId = Id<struct NodeTag>;
using WorkloadId = Id<struct WorkloadTag>;

// How a pod ended: by itself, or by whose doing. Lost: because of its node, whose taints drove it
// out or which is gone.
enum class PodEnd : std::uint8_t { kCompleted, kDeleted, kEvicted, kPreempted, kLost };

using Labels = std::map<std::string, std::string>;

enum class TaintEffect : std::uint8_t { kNoSchedule, kPreferNoSchedule, kNoExecute };

std::string_view name_of(TaintEffect effect);

struct Taint {
  std::string key;
  std::string value;
  TaintEffect effect = TaintEffect::kNoSchedule;

  bool operator==(const Taint&) const = default;
};

struct Toleration {
  enum class Operator : std::uint8_t { kEqual, kExists };
  std::string key;  // empty with kExists: tolerates everything
  Operator op = Operator::kEqual;
  std::string value;
  std::optional<TaintEffect> effect;  // none: all effects
  // How long a NoExecute taint is borne; none: for ever.
  std::optional<std::int64_t> toleration_seconds{};

  bool operator==(const Toleration&) const = default;
  bool tolerates(const Taint& taint) const;
};

bool tolerates_all(const std::vector<Toleration>& tolerations, const std::vector<Taint>& taints,
                   bool include_prefer_no_schedule = false);

// matchLabels and matchExpressions in one form.
struct LabelRequirement {
  enum class Operator : std::uint8_t { kIn, kNotIn, kExists, kDoesNotExist, kGt, kLt };
  std::string key;
  Operator op = Operator::kIn;
  std::vector<std::string> values;

  bool operator==(const LabelRequirement&) const = default;
  bool matches(const Labels& labels) const;
};

using LabelSelector = std::vector<LabelRequirement>;  // all must match; empty matches everything

bool matches(const LabelSelector& selector, const Labels& labels);

struct PodAffinityTerm {
  LabelSelector selector;
  std::string topology_key;
  std::vector<std::string> namespaces;  // empty: the pod's own
  bool operator==(const PodAffinityTerm&) const = default;
};

struct WeightedPodAffinityTerm {
  int weight = 1;
  PodAffinityTerm term;
  bool operator==(const WeightedPodAffinityTerm&) const = default;
};

struct WeightedNodeTerm {
  int weight = 1;
  LabelSelector term;
  bool operator==(const WeightedNodeTerm&) const = default;
};

struct TopologySpread {
  int max_skew = 1;
  std::string topology_key;
  bool do_not_schedule = true;  // else ScheduleAnyway
  LabelSelector selector;
  int min_domains = 1;
  bool honor_node_taints = false;   // nodeTaintsPolicy Honor; default Ignore
  bool honor_node_affinity = true;  // nodeAffinityPolicy
  bool operator==(const TopologySpread&) const = default;
};

struct HostPort {
  int port = 0;
  std::string protocol = "TCP";
  std::string host_ip;  // empty: all addresses
  bool operator==(const HostPort&) const = default;
};

enum class OwnerKind : std::uint8_t {
  kNone,
  kReplicaSet,
  kReplicationController,
  kJob,
  kStatefulSet,
  kDaemonSet,
  kMirror,  // static pod of a node
  kOther,   // any custom controller
};

std::string_view name_of(OwnerKind kind);
std::optional<OwnerKind> parse_owner_kind(std::string_view name);

struct ContainerImage {
  std::string name;
  Bytes size;
  bool operator==(const ContainerImage&) const = default;
};

// A pod's volume as far as it decides something.
struct Volume {
  enum class Kind : std::uint8_t {
    kEmptyDir,
    kMemory,  // an emptyDir of medium Memory
    kHostPath,
    kProjected,  // its name is drawn anew for each pod
    kClaim,      // a PersistentVolumeClaim
    kOther,
  };
  std::string name;
  Kind kind = Kind::kOther;
  std::string claim{};  // name of the PersistentVolumeClaim

  bool is_local() const { return kind == Kind::kEmptyDir || kind == Kind::kHostPath; }

  bool operator==(const Volume&) const = default;
};

// What a pod counts in the scores of nodes, where that is more than its requests: each container
// that asks for no cpu or memory counts 100m and 200Mi.
struct ScoredRequests {
  MilliCpu cpu;
  Bytes memory;
  bool operator==(const ScoredRequests&) const = default;
};

enum class RestartPolicy : std::uint8_t { kAlways, kOnFailure, kNever };

// Everything that pods of one workload share: one object per workload, so two pods are equivalent
// for scheduling exactly when their pointers are equal (or the specs compare equal).
struct PodSpec {
  std::string workload;  // name of the owner, or of the pod series
  std::string name_prefix;
  std::string namespace_name = "default";
  OwnerKind owner = OwnerKind::kNone;
  std::string owner_uid;  // controller reference; empty without
  Labels labels;
  Labels annotations;
  Resources requests;                      // pods = 1
  std::optional<ScoredRequests> scored{};  // none: as one container has it
  Labels node_selector;
  std::vector<LabelSelector> node_affinity;  // required terms, one of them must match
  std::vector<WeightedNodeTerm> preferred_node_affinity;
  std::vector<Toleration> tolerations;
  std::vector<PodAffinityTerm> pod_affinity;
  std::vector<PodAffinityTerm> pod_anti_affinity;
  std::vector<WeightedPodAffinityTerm> preferred_pod_affinity;
  std::vector<WeightedPodAffinityTerm> preferred_pod_anti_affinity;
  std::vector<TopologySpread> topology_spread;
  std::vector<HostPort> host_ports;
  std::vector<ContainerImage> images;
  std::int32_t priority = 0;
  bool has_priority = true;  // spec.priority is set, as admission does; without it counts as 0
  bool preempts = true;      // preemptionPolicy
  std::string scheduler_name = "default-scheduler";
  Duration grace = std::chrono::seconds(30);
  std::vector<Volume> volumes;
  RestartPolicy restart_policy = RestartPolicy::kAlways;
  std::string volume_zone;  // where its bound volumes are, and it must be; empty: anywhere
  std::vector<std::string> scheduling_gates;  // it waits until none is left
};

using PodSpecPtr = std::shared_ptr<const PodSpec>;

// One version of a pod. What loops look at stands at the front, as in Node.
struct Pod {
  PodId id;
  NodeId node;                 // spec.nodeName
  bool unschedulable = false;  // condition PodScheduled=False, reason Unschedulable
  bool running = false;
  bool succeeded = false;  // phase Succeeded, or
  bool failed = false;     // Failed: the object outlives what it ran
  bool preempted = false;  // condition DisruptionTarget, reason PreemptionByScheduler
  bool gated = false;      // scheduling gates
  PodSpecPtr spec;
  std::string nominated_node;  // status.nominatedNodeName
  std::optional<WallTime> deletion_timestamp;
  std::optional<WallTime> start_time;   // status.startTime, whole seconds: a kubelet has it
  std::optional<WallTime> ready_since;  // condition Ready=True, its lastTransitionTime, likewise
  WallTime unschedulable_since{};       // lastTransitionTime of PodScheduled, whole seconds
  TimePoint created{};                  // exact, for measuring; decisions use the stamp below
  WallTime creation_timestamp{};        // whole seconds
  std::uint64_t resource_version = 0;
  std::uint64_t uid = 0;  // what stands for the random one of the API server
  std::string name;
  std::string node_name;      // empty while unbound
  std::string target_node;    // required affinity to this very node, as DaemonSet pods have
  std::int32_t restarts = 0;  // of its containers

  // Of a DaemonSet, or of a controller that calls its pods so (IsDaemonSetPod).
  bool is_daemon_set() const;
};

// One version of a node. What each loop of an autoscaler looks at stands together, at the front:
// thousands of nodes do not fit a cache.
struct Node {
  NodeId id;
  bool unschedulable = false;       // cordoned
  bool ready = false;               // condition Ready=True
  bool ready_unknown = false;       // with !ready: Ready=Unknown, nobody hears of the node
  bool has_ready_condition = true;  // false: the condition is missing
  bool suspended = false;           // condition Suspended
  bool disk_pressure = false;
  bool network_unavailable = false;
  WallTime last_transition{};  // newest of the conditions Ready, DiskPressure, NetworkUnavailable
  WallTime creation_timestamp{};
  std::uint64_t resource_version = 0;
  std::vector<Taint> taints;
  Labels annotations;
  Labels labels;
  Resources allocatable;
  std::string name;
  std::string provider_id;  // empty: of no cloud
  Resources capacity;
  std::vector<ContainerImage> images;

  bool has_taint(std::string_view key) const;
  bool has_taint(std::string_view key, TaintEffect effect) const;
};

using NodePtr = std::shared_ptr<const Node>;

inline constexpr std::string_view kNotReadyTaint = "node.kubernetes.io/not-ready";
inline constexpr std::string_view kUnreachableTaint = "node.kubernetes.io/unreachable";
inline constexpr std::string_view kToBeDeletedTaint = "ToBeDeletedByClusterAutoscaler";
inline constexpr std::string_view kDeletionCandidateTaint = "DeletionCandidateOfClusterAutoscaler";
inline constexpr std::string_view kGpuResource = "nvidia.com/gpu";
inline constexpr const char* kDaemonPodAnnotation =
    "cluster-autoscaler.kubernetes.io/daemonset-pod";

inline bool Pod::is_daemon_set() const {
  if (spec->owner == OwnerKind::kDaemonSet) return true;
  if (spec->annotations.empty()) return false;
  const auto annotation = spec->annotations.find(kDaemonPodAnnotation);
  return annotation != spec->annotations.end() && annotation->second == "true";
}

// The controller object that owns pods.
struct Owner {
  OwnerKind kind = OwnerKind::kNone;
  std::string uid;
  std::string name;
  std::string namespace_name;
  int replicas = 0;          // spec.replicas
  int current_replicas = 0;  // status.replicas; of a Job: active
  PodSpecPtr daemon_spec;    // of a DaemonSet: what it puts on a node
};

// How much the nodes that it selects may offer together (autoscaling.x-k8s.io).
struct CapacityQuota {
  std::string name;
  LabelSelector selector;
  std::map<std::string, std::int64_t> limits;  // "cpu" in cores, "memory" in bytes, "nodes", ...
};

// What may be done to pods that run and are not Ready while too few pods are.
enum class UnhealthyPodEvictionPolicy : std::uint8_t { kIfHealthyBudget, kAlwaysAllow };

// policy/v1: what evictions ask. Its status is kept by the disruption controller.
struct PodDisruptionBudget {
  std::string name;
  std::string namespace_name;
  LabelSelector selector;
  int disruptions_allowed = 0;  // of its status, as are current_healthy to observed_generation
  int current_healthy = 0;
  int desired_healthy = 0;
  int expected_pods = 0;
  // Pods whose eviction was allowed and whose deletion the controller has not seen yet: when.
  std::map<std::string, WallTime> disrupted_pods;
  std::int64_t observed_generation = 1;
  bool sync_failed = false;  // condition DisruptionAllowed=False, reason SyncFailed
  std::int64_t generation = 1;
  std::optional<IntOrPercent> min_available;
  std::optional<IntOrPercent> max_unavailable;
  UnhealthyPodEvictionPolicy unhealthy_pod_eviction = UnhealthyPodEvictionPolicy::kIfHealthyBudget;
  std::uint64_t resource_version = 0;

  bool operator==(const PodDisruptionBudget&) const = default;
};

}  // namespace casim::sim
