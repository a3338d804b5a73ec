// A pod as a user writes it, in the field names of Kubernetes' own PodSpec (core/v1): all that
// scheduler, autoscaler and kubelet decide by. Of a container it is the requests, the ports and the
// restart policy. In addition, for pods of one container: hostPort, and the image with its size.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "sim/cluster/objects.h"

namespace casim::sim {

struct ResourceRequirements {
  Resources requests;
  Resources limits;  // a request that is missing is the limit
};

struct ImageTemplate {
  std::string name;
  Bytes size;  // as the registry sends it
};

struct ContainerPort {
  int host_port = 0;  // 0: none
  std::string protocol = "TCP";
  std::string host_ip;
};

struct ContainerTemplate {
  std::string name;
  ResourceRequirements resources;
  std::vector<ContainerPort> ports;
  std::string image;  // decides nothing: PodTemplate::image says what is pulled
};

// One that runs to its end before the next, or a sidecar, which goes on beside the containers.
struct InitContainerTemplate {
  std::string name;
  ResourceRequirements resources;
  std::vector<ContainerPort> ports;
  std::optional<std::string> restart_policy;  // "Always": a sidecar
  std::string image;                          // as that of containers
};

struct LabelExpression {
  std::string key;
  LabelRequirement::Operator op = LabelRequirement::Operator::kIn;
  std::vector<std::string> values;
};

// metav1.LabelSelector.
struct LabelSelectorTemplate {
  Labels match_labels;
  std::vector<LabelExpression> match_expressions;
};

// matchFields is left out: only DaemonSets use it.
struct NodeSelectorTerm {
  std::vector<LabelExpression> match_expressions;
};

struct RequiredNodeAffinity {
  std::vector<NodeSelectorTerm> node_selector_terms;  // one of them must match
};

struct PreferredNodeTerm {
  int weight = 1;
  NodeSelectorTerm preference;
};

struct NodeAffinityTemplate {
  std::optional<RequiredNodeAffinity> required;
  std::vector<PreferredNodeTerm> preferred;
};

struct PodAffinityTermTemplate {
  std::optional<LabelSelectorTemplate> label_selector;  // none: no pod
  std::string topology_key;
  std::vector<std::string> namespaces;
  std::optional<LabelSelectorTemplate> namespace_selector;  // {}: all
  std::vector<std::string> match_label_keys;
  std::vector<std::string> mismatch_label_keys;
};

struct PreferredPodTerm {
  int weight = 1;
  PodAffinityTermTemplate term;
};

struct PodAffinityTemplate {
  std::vector<PodAffinityTermTemplate> required;
  std::vector<PreferredPodTerm> preferred;
};

struct AffinityTemplate {
  std::optional<NodeAffinityTemplate> node_affinity;
  std::optional<PodAffinityTemplate> pod_affinity;
  std::optional<PodAffinityTemplate> pod_anti_affinity;
};

enum class WhenUnsatisfiable : std::uint8_t { kDoNotSchedule, kScheduleAnyway };
enum class InclusionPolicy : std::uint8_t { kHonor, kIgnore };

struct TopologySpreadTemplate {
  int max_skew = 1;
  std::string topology_key;
  WhenUnsatisfiable when_unsatisfiable = WhenUnsatisfiable::kDoNotSchedule;
  std::optional<LabelSelectorTemplate> label_selector;  // none: no pod
  std::optional<int> min_domains;
  InclusionPolicy node_affinity_policy = InclusionPolicy::kHonor;
  InclusionPolicy node_taints_policy = InclusionPolicy::kIgnore;
  std::vector<std::string> match_label_keys;
};

struct EmptyDirTemplate {
  std::string medium;  // "Memory", or empty
};

struct HostPathTemplate {
  std::string path;
};

struct ClaimSourceTemplate {
  std::string claim_name;
};

// Local storage keeps the autoscaler from draining a node (skip-nodes-with-local-storage).
struct VolumeTemplate {
  std::string name;
  std::optional<EmptyDirTemplate> empty_dir;
  std::optional<HostPathTemplate> host_path;
  std::optional<ClaimSourceTemplate> persistent_volume_claim;
};

// One that is not lifted keeps the pod from the scheduler.
struct SchedulingGateTemplate {
  std::string name;
};

enum class PreemptionPolicy : std::uint8_t { kPreemptLowerPriority, kNever };

struct PodTemplate {
  // metadata
  std::optional<Labels> labels;  // none: app=<name of the workload>
  Labels annotations;
  std::string namespace_name = "default";
  // spec
  ResourceRequirements resources;  // of the pod; with containers instead of their sum
  std::vector<ContainerTemplate> containers;
  std::vector<InitContainerTemplate> init_containers;
  Resources overhead;
  Labels node_selector;
  std::optional<AffinityTemplate> affinity;
  std::vector<Toleration> tolerations;
  std::vector<TopologySpreadTemplate> topology_spread_constraints;
  std::optional<std::int32_t> priority;
  std::optional<std::string> priority_class_name;
  std::optional<PreemptionPolicy> preemption_policy;
  std::string scheduler_name = "default-scheduler";
  int host_port = 0;  // 0: none
  std::int64_t termination_grace_period_seconds = 30;
  std::vector<VolumeTemplate> volumes;
  std::vector<SchedulingGateTemplate> scheduling_gates;
  std::optional<ImageTemplate> image;  // none: it is on every node
};

// scheduling.k8s.io/v1. system-cluster-critical and system-node-critical are there by themselves.
struct PriorityClassConfig {
  std::string name;
  std::int32_t value = 0;
  bool global_default = false;
  PreemptionPolicy preemption_policy = PreemptionPolicy::kPreemptLowerPriority;
};

// What namespaceSelectors look at. Namespaces that pods are in need not be listed.
struct NamespaceConfig {
  std::string name;
  Labels labels;  // beside kubernetes.io/metadata.name
};

}  // namespace casim::sim
