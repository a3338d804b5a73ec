// Workloads that a controller keeps up.
#include <algorithm>

#include "sim/scenario/describe.h"
#include "sim/scenario/int_or_percent_codec.h"

namespace casim::sim {

using config::at_least;

namespace {

// Each after the workload is made, one after the other.
template <class Step>
bool is_rising(const std::vector<Step>& steps, Duration after) {
  return std::ranges::all_of(steps, [&after](const Step& step) {
    const bool is_later = step.at > after;
    after = step.at;
    return is_later;
  });
}

template <class Body>
void describe_rollouts(config::Visitor& v, Body& body) {
  v.field("rollouts", body.rollouts, "new templates, each at its time");
  v.check("rollouts", is_rising(body.rollouts, body.at),
          "their times must rise, from after the workload's own");
  v.required("pod", body.pod, "the pods, in Kubernetes' own field names");
}

template <class Body>
void describe_replicas(config::Visitor& v, Body& body) {
  v.required("replicas", body.replicas, "pods that it has from then on", at_least(0));
  v.field("at", body.at, "when it is made", at_least(Duration{}));
  v.field("scale", body.scale, "other numbers of pods, each from its time on");
  v.check("scale", is_rising(body.scale, body.at),
          "their times must rise, from after the workload's own");
}

constexpr const char* kMinReady =
    "minReadySeconds: how long a pod is Ready before it counts as available";

}  // namespace

void describe(config::Visitor& v, ScaleStep& s) {
  v.required("at", s.at, "when somebody changes it", at_least(Duration{}));
  v.required("replicas", s.replicas, "pods that it has from then on", at_least(0));
}

void describe(config::Visitor& v, RolloutStep& s) {
  v.required("at", s.at, "when the template changes", at_least(Duration{}));
  v.field("pod", s.pod, "the new pods; absent: as before, made anew (kubectl rollout restart)");
}

void describe(config::Visitor& v, DeploymentWorkload& d) {
  describe_replicas(v, d);
  v.field("strategy", d.strategy, "how a rollout replaces pods");
  v.field("max_surge", d.max_surge, "pods that a rollout may have beyond replicas, rounded up");
  v.field("max_unavailable", d.max_unavailable,
          "pods of replicas that a rollout may lack, rounded down");
  v.field("min_ready", d.min_ready, kMinReady, at_least(Duration{}));
  describe_rollouts(v, d);
  v.check("max_unavailable", d.max_surge.value != 0 || d.max_unavailable.value != 0,
          "may not be 0 where max_surge is: a rollout could not begin");
}

void describe(config::Visitor& v, StatefulSetWorkload& s) {
  describe_replicas(v, s);
  v.field("pod_management", s.pod_management, "one pod after the other, or all at once");
  v.field("partition", s.partition, "a rollout leaves lower ordinals alone", at_least(0));
  v.field("max_unavailable", s.max_unavailable,
          "pods that a rollout may take at a time, rounded down, as from 1.37; absent: one, as "
          "up to 1.36");
  v.field("min_ready", s.min_ready, kMinReady, at_least(Duration{}));
  v.field("volumeClaimTemplates", s.volume_claim_templates,
          "volumes of each pod, which are kept and bind it to their zone", config::unique("name"));
  describe_rollouts(v, s);
}

void describe(config::Visitor& v, StorageClassConfig& s) {
  v.required("name", s.name, "what claims name it by", config::not_blank());
  v.field("volumeBindingMode", s.volume_binding_mode,
          "a volume is made where its first pod goes, or before");
  v.field("zones", s.zones, "allowedTopologies of Immediate volumes; absent: all zones of groups",
          config::unique());
  v.check("zones", s.zones.empty() || s.volume_binding_mode == VolumeBindingMode::kImmediate,
          "are of Immediate volumes");
}

void describe(config::Visitor& v, VolumeClaimConfig& c) {
  v.required("name", c.name, "name of the PersistentVolumeClaim", config::not_blank());
  v.field("namespace", c.namespace_name, "of it and the pods that name it", config::not_blank());
  v.field("zone", c.zone, "where its volume is");
  v.field("storageClassName", c.storage_class_name,
          "one of storage_classes: when and where its volume is made");
  v.check("", c.zone.has_value() != c.storage_class_name.has_value(),
          "needs one of zone and storageClassName");
}

void describe(config::Visitor& v, VolumeClaimTemplateConfig& c) {
  v.required("name", c.name, "begins the names of the claims", config::not_blank());
  v.required("storageClassName", c.storage_class_name, "one of storage_classes",
             config::not_blank());
}

void describe(config::Visitor& v, DaemonSetWorkload& d) {
  v.field("at", d.at, "when it is made", at_least(Duration{}));
  v.field("max_unavailable", d.max_unavailable,
          "nodes that a rollout may leave without, rounded up");
  v.field("max_surge", d.max_surge,
          "nodes on which a rollout may have two, rounded up; not with hostPort");
  describe_rollouts(v, d);
  v.check("max_surge", (d.max_surge.value == 0) != (d.max_unavailable.value == 0),
          "needs max_unavailable 0, and max_unavailable max_surge 0: one of them is above 0");
  v.check("max_surge", d.max_surge.value == 0 || d.pod.host_port == 0,
          "two pods cannot share the node's hostPort");
}

}  // namespace casim::sim
