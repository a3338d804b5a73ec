#include "sim/scenario/describe_pod.h"

#include <algorithm>
#include <set>
#include <tuple>

#include <fmt/format.h>

#include "sim/scenario/label_syntax.h"

namespace casim::sim {

using config::at_least;
using config::at_least_one;
using config::at_most;
using config::not_blank;
using config::one_of;
using config::unique;

namespace {

using Operator = LabelRequirement::Operator;

constexpr const char* kRequired = "requiredDuringSchedulingIgnoredDuringExecution";
constexpr const char* kPreferred = "preferredDuringSchedulingIgnoredDuringExecution";

void check_labels(config::Visitor& v, std::string_view member, const Labels& labels) {
  v.check(member, problem_of(labels).empty(), [&] { return problem_of(labels); });
}

void check_key(config::Visitor& v, std::string_view member, const std::string& key) {
  v.check(member, is_label_key(key), [&] { return fmt::format("\"{}\" is no label key", key); });
}

bool is_number(const std::string& text) {
  const std::size_t sign = text.starts_with('-') ? 1 : 0;
  return text.size() > sign && text.size() <= 19 &&
         std::all_of(text.begin() + static_cast<std::ptrdiff_t>(sign), text.end(),
                     [](char c) { return c >= '0' && c <= '9'; });
}

bool has_comparison(const std::vector<LabelExpression>& expressions) {
  return std::ranges::any_of(expressions, [](const LabelExpression& e) {
    return e.op == Operator::kGt || e.op == Operator::kLt;
  });
}

bool names_key(const LabelSelectorTemplate& selector, const std::string& key) {
  return selector.match_labels.contains(key) ||
         std::ranges::any_of(selector.match_expressions,
                             [&](const LabelExpression& e) { return e.key == key; });
}

// Of containers that run together.
class HostPorts {
 public:
  // False: one of them is taken.
  bool take(const std::vector<ContainerPort>& ports) {
    return std::ranges::all_of(ports, [this](const ContainerPort& port) {
      return port.host_port == 0 ||
             taken_.emplace(port.protocol, port.host_ip, port.host_port).second;
    });
  }

 private:
  std::set<std::tuple<std::string, std::string, int>> taken_;
};

void check_host_ports(config::Visitor& v, const PodTemplate& p) {
  constexpr const char* kTwice = "a hostPort is taken twice";
  HostPorts together;
  together.take({{p.host_port, "TCP", ""}});
  for (const ContainerTemplate& container : p.containers) {
    v.check("containers", together.take(container.ports), kTwice);
  }
  for (const InitContainerTemplate& container : p.init_containers) {
    v.check("initContainers", HostPorts().take(container.ports), kTwice);
  }
}

template <class T>
void check_limits(config::Visitor& v, std::string_view member, T request, T limit) {
  v.check(member, limit == T() || request <= limit, [&] {
    return fmt::format("{} are above the limit of {}", to_string(request), to_string(limit));
  });
}

}  // namespace

void describe(config::Visitor& v, Toleration& t) {
  v.field("key", t.key, "taint key; empty with operator Exists tolerates everything");
  v.field("operator", t.op, "Equal compares the value, Exists does not");
  v.field("value", t.value, "taint value");
  v.field("effect", t.effect, "taint effect; absent: all effects");
  v.field("tolerationSeconds", t.toleration_seconds,
          "how long a NoExecute taint is borne; absent: for ever");
  v.check("tolerationSeconds", !t.toleration_seconds || t.effect == TaintEffect::kNoExecute,
          "needs the effect NoExecute");
  v.check("operator", !t.key.empty() || t.op == Toleration::Operator::kExists,
          "must be Exists where the key is empty");
  v.check("value", t.value.empty() || t.op == Toleration::Operator::kEqual,
          "must be empty with the operator Exists");
}

void describe(config::Visitor& v, ResourceRequirements& r) {
  v.field("requests", r.requests, "what it asks for: cpu, memory, nvidia.com/gpu, ...");
  v.field("limits", r.limits, "what it may have; asked for where requests say nothing");
  check_limits(v, "requests", r.requests.cpu, r.limits.cpu);
  check_limits(v, "requests", r.requests.memory, r.limits.memory);
  check_limits(v, "requests", r.requests.ephemeral_storage, r.limits.ephemeral_storage);
  // Nobody can have more of them than was asked for.
  for (const auto& [name, request] : r.requests.extended) {
    const auto limit = r.limits.extended.find(name);
    v.check("requests", limit == r.limits.extended.end() || limit->second == request, [&] {
      return fmt::format("{} of {} must be equal to the limit of {}", request, name, limit->second);
    });
  }
}

void describe(config::Visitor& v, ImageTemplate& i) {
  v.required("name", i.name, "image that a node pulls once", not_blank());
  v.required("size", i.size, "as the registry sends it, compressed", config::above(Bytes()));
}

void describe(config::Visitor& v, ContainerPort& p) {
  v.field("hostPort", p.host_port, "port of the node that it takes; 0: none", at_least(0),
          at_most(65535));
  v.field("protocol", p.protocol, "of the port", one_of({"TCP", "UDP", "SCTP"}));
  v.field("hostIP", p.host_ip, "address of the node; empty: all of them");
}

void describe(config::Visitor& v, ContainerTemplate& c) {
  v.required("name", c.name, "name of the container", not_blank());
  v.field("resources", c.resources, "its requests and limits");
  v.field("ports", c.ports, "its ports; those of the node matter");
  v.field("image", c.image, "decides nothing; the pod's image says what a node pulls");
}

void describe(config::Visitor& v, InitContainerTemplate& c) {
  v.required("name", c.name, "name of the container", not_blank());
  v.field("resources", c.resources, "its requests and limits");
  v.field("ports", c.ports, "its ports; those of the node matter");
  v.field("restartPolicy", c.restart_policy, "Always: a sidecar, which goes on; absent: it ends",
          one_of({"Always"}));
  v.field("image", c.image, "decides nothing; the pod's image says what a node pulls");
}

void describe(config::Visitor& v, LabelExpression& e) {
  v.required("key", e.key, "label key");
  v.required("operator", e.op, "how the label is compared; Gt and Lt are of node affinity");
  v.field("values", e.values, "what it is compared with");
  check_key(v, "key", e.key);
  const bool is_set = e.op == Operator::kIn || e.op == Operator::kNotIn;
  const bool is_comparison = e.op == Operator::kGt || e.op == Operator::kLt;
  v.check("values", !is_set || !e.values.empty(), "must name at least one with In and NotIn");
  v.check("values", is_set || is_comparison || e.values.empty(),
          "must be empty with Exists and DoesNotExist");
  v.check("values", !is_comparison || (e.values.size() == 1 && is_number(e.values[0])),
          "must be one whole number with Gt and Lt");
}

void describe(config::Visitor& v, LabelSelectorTemplate& s) {
  v.field("matchLabels", s.match_labels, "labels that must be there");
  v.field("matchExpressions", s.match_expressions, "what else must hold of the labels");
  check_labels(v, "matchLabels", s.match_labels);
  v.check("matchExpressions", !has_comparison(s.match_expressions),
          "Gt and Lt are of node affinity only");
}

void describe(config::Visitor& v, NodeSelectorTerm& t) {
  v.field("matchExpressions", t.match_expressions, "all must hold; none: no node");
}

void describe(config::Visitor& v, RequiredNodeAffinity& a) {
  v.required("nodeSelectorTerms", a.node_selector_terms, "one of them must match", at_least_one());
}

void describe(config::Visitor& v, PreferredNodeTerm& t) {
  v.required("weight", t.weight, "1 to 100", at_least(1), at_most(100));
  v.required("preference", t.preference, "nodes that are preferred");
}

void describe(config::Visitor& v, NodeAffinityTemplate& a) {
  v.field(kRequired, a.required, "nodes that the pod can go to");
  v.field(kPreferred, a.preferred, "nodes that it rather goes to");
}

void describe(config::Visitor& v, PodAffinityTermTemplate& t) {
  v.field("labelSelector", t.label_selector, "pods that are meant; absent: none, {}: all");
  v.required("topologyKey", t.topology_key, "label of nodes that says what is one place");
  v.field("namespaces", t.namespaces, "of those pods; empty: the pod's own", unique());
  v.field("namespaceSelector", t.namespace_selector, "and those with such labels; {}: all");
  v.field("matchLabelKeys", t.match_label_keys, "labels that they have as the pod has", unique());
  v.field("mismatchLabelKeys", t.mismatch_label_keys, "labels that they have otherwise", unique());
  check_key(v, "topologyKey", t.topology_key);
  for (const std::string& key : t.mismatch_label_keys) {
    v.check("mismatchLabelKeys",
            std::ranges::find(t.match_label_keys, key) == t.match_label_keys.end(),
            [&] { return fmt::format("{} is in matchLabelKeys too", key); });
  }
  const bool has_keys = !t.match_label_keys.empty() || !t.mismatch_label_keys.empty();
  v.check("labelSelector", !has_keys || t.label_selector.has_value(),
          "is needed with matchLabelKeys and mismatchLabelKeys");
}

void describe(config::Visitor& v, PreferredPodTerm& t) {
  v.required("weight", t.weight, "1 to 100", at_least(1), at_most(100));
  v.required("podAffinityTerm", t.term, "pods that are meant");
}

void describe(config::Visitor& v, PodAffinityTemplate& a) {
  v.field(kRequired, a.required, "where it must, or may not, be");
  v.field(kPreferred, a.preferred, "where it rather is, or is not");
}

void describe(config::Visitor& v, AffinityTemplate& a) {
  v.field("nodeAffinity", a.node_affinity, "to nodes");
  v.field("podAffinity", a.pod_affinity, "to places where other pods are");
  v.field("podAntiAffinity", a.pod_anti_affinity, "away from places where other pods are");
}

void describe(config::Visitor& v, TopologySpreadTemplate& s) {
  v.required("maxSkew", s.max_skew, "pods by which places may differ", at_least(1));
  v.required("topologyKey", s.topology_key, "label of nodes that says what is one place");
  v.required("whenUnsatisfiable", s.when_unsatisfiable, "wait, or go where it hurts least");
  v.field("labelSelector", s.label_selector, "pods that are counted; absent: none, {}: all");
  v.field("minDomains", s.min_domains, "places that there must be, else the least count is 0",
          at_least(1));
  v.field("nodeAffinityPolicy", s.node_affinity_policy,
          "whether nodes count that the pod cannot go to by its affinity");
  v.field("nodeTaintsPolicy", s.node_taints_policy,
          "whether nodes count whose taints it does not tolerate");
  v.field("matchLabelKeys", s.match_label_keys, "labels that they have as the pod has", unique());
  check_key(v, "topologyKey", s.topology_key);
  v.check("minDomains", !s.min_domains || s.when_unsatisfiable == WhenUnsatisfiable::kDoNotSchedule,
          "needs whenUnsatisfiable DoNotSchedule");
  v.check("labelSelector", s.match_label_keys.empty() || s.label_selector.has_value(),
          "is needed with matchLabelKeys");
  for (const std::string& key : s.match_label_keys) {
    v.check("matchLabelKeys", !s.label_selector || !names_key(*s.label_selector, key),
            [&] { return fmt::format("{} is in labelSelector too", key); });
  }
}

void describe(config::Visitor& v, EmptyDirTemplate& d) {
  v.field("medium", d.medium, "Memory, or empty: the node's disk", one_of({"", "Memory"}));
}

void describe(config::Visitor& v, HostPathTemplate& p) {
  v.required("path", p.path, "folder of the node", not_blank());
}

void describe(config::Visitor& v, ClaimSourceTemplate& s) {
  v.required("claimName", s.claim_name, "one of volume_claims of its namespace", not_blank());
}

void describe(config::Visitor& v, VolumeTemplate& s) {
  v.required("name", s.name, "name of the volume", not_blank());
  v.field("emptyDir", s.empty_dir, "a folder that goes with the pod");
  v.field("hostPath", s.host_path, "a folder of the node");
  v.field("persistentVolumeClaim", s.persistent_volume_claim,
          "a claim whose volume is in one zone, which binds the pod");
  const int sources =
      (s.empty_dir ? 1 : 0) + (s.host_path ? 1 : 0) + (s.persistent_volume_claim ? 1 : 0);
  v.check("", sources == 1,
          "must be one of emptyDir, hostPath and persistentVolumeClaim: other volumes decide "
          "nothing here");
}

void describe(config::Visitor& v, SchedulingGateTemplate& g) {
  v.required("name", g.name, "of the gate; the scenario's scheduling_gates say when it is lifted");
  check_key(v, "name", g.name);
}

void describe(config::Visitor& v, PodTemplate& p) {
  v.field("labels", p.labels, "labels; absent: app=<name of the workload>");
  v.field("annotations", p.annotations,
          "annotations, such as cluster-autoscaler.kubernetes.io/safe-to-evict");
  v.field("namespace", p.namespace_name, "namespace", not_blank());
  v.field("resources", p.resources,
          "requests and limits of the pod; with containers instead of their sum");
  v.field("containers", p.containers, "its containers; absent: one, with the pod's resources",
          unique("name"));
  v.field("initContainers", p.init_containers, "what runs before them, and sidecars",
          unique("name"));
  v.field("overhead", p.overhead, "what its runtime class takes in addition");
  v.field("nodeSelector", p.node_selector, "labels that a node must have");
  v.field("affinity", p.affinity, "where it must, may not, or rather be");
  v.field("tolerations", p.tolerations, "taints that the pod bears");
  v.field("topologySpreadConstraints", p.topology_spread_constraints,
          "how evenly pods are spread over zones, nodes, ...");
  v.field("priority", p.priority, "higher goes first and may preempt; absent: as its class says");
  v.field("priorityClassName", p.priority_class_name, "one of priority_classes, or a system- one",
          not_blank());
  v.field("preemptionPolicy", p.preemption_policy, "absent: as its class says");
  v.field("schedulerName", p.scheduler_name, "who binds it; another than default-scheduler: nobody",
          not_blank());
  v.field("hostPort", p.host_port, "port of the node that it takes; 0: none", at_least(0),
          at_most(65535));
  v.field("terminationGracePeriodSeconds", p.termination_grace_period_seconds,
          "time to stop after an eviction", at_least(0));
  v.field("volumes", p.volumes, "its local storage", unique("name"));
  v.field("schedulingGates", p.scheduling_gates, "what it waits for before it is scheduled",
          unique("name"));
  v.field("image", p.image,
          "what a node pulls before the pod starts, with nodes.image_pulls; absent: it is there");
  if (p.labels) check_labels(v, "labels", *p.labels);
  check_labels(v, "nodeSelector", p.node_selector);
  const auto say_extended = [](const Resources& r) {
    return !r.extended.empty() || r.ephemeral_storage > Bytes();
  };
  v.check("resources",
          p.containers.empty() ||
              (!say_extended(p.resources.requests) && !say_extended(p.resources.limits)),
          "may say cpu and memory only where there are containers");
  std::set<std::string> names;
  for (const ContainerTemplate& container : p.containers) names.insert(container.name);
  v.check("initContainers",
          std::ranges::none_of(p.init_containers,
                               [&](const auto& init) { return names.contains(init.name); }),
          "one has the name of a container");
  check_host_ports(v, p);
  v.check("priority", !(p.priority && p.priority_class_name),
          "is what priorityClassName decides: keep one of them");
  std::set<std::pair<std::string, WhenUnsatisfiable>> spreads;
  bool is_twice = false;
  for (const TopologySpreadTemplate& spread : p.topology_spread_constraints) {
    is_twice |= !spreads.emplace(spread.topology_key, spread.when_unsatisfiable).second;
  }
  v.check("topologySpreadConstraints", !is_twice,
          "two have the same topologyKey and whenUnsatisfiable");
}

void describe(config::Visitor& v, PriorityClassConfig& c) {
  v.required("name", c.name, "what pods name it by", not_blank());
  v.required("value", c.value, "priority of its pods", at_most(1'000'000'000));
  v.field("globalDefault", c.global_default, "of pods that name none");
  v.field("preemptionPolicy", c.preemption_policy, "of its pods");
  v.check("name", !c.name.starts_with("system-"), "system- is Kubernetes' own prefix");
}

void describe(config::Visitor& v, NamespaceConfig& n) {
  v.required("name", n.name, "name of the namespace", not_blank());
  v.field("labels", n.labels, "its labels, beside kubernetes.io/metadata.name");
  check_labels(v, "labels", n.labels);
}

}  // namespace casim::sim
