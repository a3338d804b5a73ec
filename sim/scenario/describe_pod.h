// The members of pods, in Kubernetes' field names, and what its API server refuses of them.
#pragma once

#include "sim/scenario/pod_template.h"
#include "src/config/config.h"

namespace casim::sim {

inline config::EnumNames<TaintEffect> enum_names(TaintEffect) {
  return {{TaintEffect::kNoSchedule, "NoSchedule"},
          {TaintEffect::kPreferNoSchedule, "PreferNoSchedule"},
          {TaintEffect::kNoExecute, "NoExecute"}};
}

inline config::EnumNames<Toleration::Operator> enum_names(Toleration::Operator) {
  return {{Toleration::Operator::kEqual, "Equal"}, {Toleration::Operator::kExists, "Exists"}};
}

inline config::EnumNames<LabelRequirement::Operator> enum_names(LabelRequirement::Operator) {
  using Operator = LabelRequirement::Operator;
  return {{Operator::kIn, "In"},         {Operator::kNotIn, "NotIn"},
          {Operator::kExists, "Exists"}, {Operator::kDoesNotExist, "DoesNotExist"},
          {Operator::kGt, "Gt"},         {Operator::kLt, "Lt"}};
}

inline config::EnumNames<WhenUnsatisfiable> enum_names(WhenUnsatisfiable) {
  return {{WhenUnsatisfiable::kDoNotSchedule, "DoNotSchedule"},
          {WhenUnsatisfiable::kScheduleAnyway, "ScheduleAnyway"}};
}

inline config::EnumNames<InclusionPolicy> enum_names(InclusionPolicy) {
  return {{InclusionPolicy::kHonor, "Honor"}, {InclusionPolicy::kIgnore, "Ignore"}};
}

inline config::EnumNames<PreemptionPolicy> enum_names(PreemptionPolicy) {
  return {{PreemptionPolicy::kPreemptLowerPriority, "PreemptLowerPriority"},
          {PreemptionPolicy::kNever, "Never"}};
}

void describe(config::Visitor& v, Toleration& toleration);
void describe(config::Visitor& v, ResourceRequirements& resources);
void describe(config::Visitor& v, ImageTemplate& image);
void describe(config::Visitor& v, ContainerPort& port);
void describe(config::Visitor& v, ContainerTemplate& container);
void describe(config::Visitor& v, InitContainerTemplate& container);
void describe(config::Visitor& v, LabelExpression& expression);
void describe(config::Visitor& v, LabelSelectorTemplate& selector);
void describe(config::Visitor& v, NodeSelectorTerm& term);
void describe(config::Visitor& v, RequiredNodeAffinity& affinity);
void describe(config::Visitor& v, PreferredNodeTerm& term);
void describe(config::Visitor& v, NodeAffinityTemplate& affinity);
void describe(config::Visitor& v, PodAffinityTermTemplate& term);
void describe(config::Visitor& v, PreferredPodTerm& term);
void describe(config::Visitor& v, PodAffinityTemplate& affinity);
void describe(config::Visitor& v, AffinityTemplate& affinity);
void describe(config::Visitor& v, TopologySpreadTemplate& spread);
void describe(config::Visitor& v, EmptyDirTemplate& volume);
void describe(config::Visitor& v, HostPathTemplate& volume);
void describe(config::Visitor& v, ClaimSourceTemplate& source);
void describe(config::Visitor& v, VolumeTemplate& volume);
void describe(config::Visitor& v, SchedulingGateTemplate& gate);
void describe(config::Visitor& v, PodTemplate& pod);
void describe(config::Visitor& v, PriorityClassConfig& priority_class);
void describe(config::Visitor& v, NamespaceConfig& name_space);

}  // namespace casim::sim
