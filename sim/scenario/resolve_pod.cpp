#include "sim/scenario/resolve_pod.h"

#include <algorithm>
#include <map>

#include "sim/cluster/node_condition.h"
#include "sim/cluster/own_labels.h"
#include "sim/scenario/pod_templates.h"
#include "sim/scenario/resolve_volumes.h"

namespace casim::sim {
namespace {

constexpr MilliCpu kScoredCpu{100};
constexpr Bytes kScoredMemory{std::int64_t{200} << 20};

Resources max_of(Resources a, const Resources& b) {
  a.cpu = std::max(a.cpu, b.cpu);
  a.memory = std::max(a.memory, b.memory);
  a.ephemeral_storage = std::max(a.ephemeral_storage, b.ephemeral_storage);
  for (const auto& [name, amount] : b.extended) {
    std::int64_t& mine = a.extended[name];
    mine = std::max(mine, amount);
  }
  return a;
}

// The API server's default: what is limited and not asked for is asked for in full.
Resources with_limits(const ResourceRequirements& resources) {
  Resources out = resources.requests;
  const Resources& limits = resources.limits;
  if (out.cpu == MilliCpu()) out.cpu = limits.cpu;
  if (out.memory == Bytes()) out.memory = limits.memory;
  if (out.ephemeral_storage == Bytes()) out.ephemeral_storage = limits.ephemeral_storage;
  for (const auto& [name, amount] : limits.extended) out.extended.try_emplace(name, amount);
  return out;
}

Resources scored(Resources requests) {
  if (requests.cpu == MilliCpu()) requests.cpu = kScoredCpu;
  if (requests.memory == Bytes()) requests.memory = kScoredMemory;
  return requests;
}

template <class T>
T of_whole(T request, T limit, T sum) {
  if (request > T()) return request;
  return sum > T() ? sum : limit;
}

template <class Adjust>
Resources aggregate(const PodTemplate& pod, Adjust adjust) {
  Resources sum;
  if (pod.containers.empty()) sum = adjust(with_limits(pod.resources));
  for (const ContainerTemplate& container : pod.containers) {
    sum += adjust(with_limits(container.resources));
  }
  Resources sidecars;
  Resources greatest;
  for (const InitContainerTemplate& container : pod.init_containers) {
    const Resources asked = adjust(with_limits(container.resources));
    if (container.restart_policy) {
      sum += asked;
      sidecars += asked;
      greatest = max_of(greatest, sidecars);
    } else {
      greatest = max_of(greatest, asked + sidecars);
    }
  }
  Resources all = max_of(sum, greatest);
  if (!pod.containers.empty()) {
    // spec.resources of the pod itself stands for cpu and memory of all its containers; its limit
    // only where none of them asks.
    all.cpu = of_whole(pod.resources.requests.cpu, pod.resources.limits.cpu, all.cpu);
    all.memory = of_whole(pod.resources.requests.memory, pod.resources.limits.memory, all.memory);
  }
  all += pod.overhead;
  all.pods = 1;
  return all;
}

LabelSelector selector_of(const std::vector<LabelExpression>& expressions) {
  LabelSelector out;
  for (const LabelExpression& e : expressions) out.push_back({e.key, e.op, e.values});
  return out;
}

LabelSelector selector_of(const LabelSelectorTemplate& given) {
  LabelSelector out;
  for (const auto& [key, value] : given.match_labels) {
    out.push_back({key, LabelRequirement::Operator::kIn, {value}});
  }
  for (LabelRequirement& requirement : selector_of(given.match_expressions)) {
    out.push_back(std::move(requirement));
  }
  return out;
}

// Every namespace that there is, with its labels.
std::map<std::string, Labels> namespaces_of(const Scenario& scenario) {
  std::map<std::string, Labels> all;
  for (const char* name : {"default", "kube-node-lease", "kube-public", "kube-system"}) all[name];
  for_each_template(scenario,
                    [&all](const FoundTemplate& found) { all[found.pod.namespace_name]; });
  for (const NamespaceConfig& given : scenario.namespaces) all[given.name] = given.labels;
  for (auto& [name, labels] : all) labels["kubernetes.io/metadata.name"] = name;
  return all;
}

class PodResolver {
 public:
  PodResolver(const PodTemplate& pod, const Scenario& scenario, PodSpec& spec)
      : pod_(pod), scenario_(scenario), spec_(spec) {
    for (const Workload& workload : scenario.workloads) {
      if (workload.name == spec.workload) given_later_ = controller_labels(workload);
    }
  }

  void add_affinity() {
    if (!pod_.affinity) return;
    if (pod_.affinity->node_affinity) add_node_affinity(*pod_.affinity->node_affinity);
    if (const auto& affinity = pod_.affinity->pod_affinity) {
      add_pods(*affinity, spec_.pod_affinity, spec_.preferred_pod_affinity);
    }
    if (const auto& affinity = pod_.affinity->pod_anti_affinity) {
      add_pods(*affinity, spec_.pod_anti_affinity, spec_.preferred_pod_anti_affinity);
    }
  }

  void add_spread() {
    for (const TopologySpreadTemplate& given : pod_.topology_spread_constraints) {
      TopologySpread out;
      out.max_skew = given.max_skew;
      out.topology_key = given.topology_key;
      out.do_not_schedule = given.when_unsatisfiable == WhenUnsatisfiable::kDoNotSchedule;
      out.selector = selector_of(given.label_selector);
      add_label_keys(given.match_label_keys, LabelRequirement::Operator::kIn, out.selector);
      out.min_domains = given.min_domains.value_or(1);
      out.honor_node_taints = given.node_taints_policy == InclusionPolicy::kHonor;
      out.honor_node_affinity = given.node_affinity_policy == InclusionPolicy::kHonor;
      spec_.topology_spread.push_back(std::move(out));
    }
  }

  void add_ports() {
    if (pod_.host_port != 0) spec_.host_ports.push_back({pod_.host_port, "TCP", ""});
    for (const ContainerTemplate& container : pod_.containers) add_ports(container.ports);
    for (const InitContainerTemplate& container : pod_.init_containers) {
      if (container.restart_policy) add_ports(container.ports);
    }
  }

  void add_volumes() {
    for (const VolumeTemplate& given : pod_.volumes) {
      Volume out;
      out.name = given.name;
      if (given.host_path) out.kind = Volume::Kind::kHostPath;
      if (given.empty_dir) {
        out.kind =
            given.empty_dir->medium == "Memory" ? Volume::Kind::kMemory : Volume::Kind::kEmptyDir;
      }
      if (given.persistent_volume_claim) {
        out.kind = Volume::Kind::kClaim;
        out.claim = given.persistent_volume_claim->claim_name;
      }
      spec_.volumes.push_back(std::move(out));
    }
  }

  // As the admission plugin Priority does it.
  void set_priority() {
    PriorityClassConfig chosen;
    if (pod_.priority_class_name) {
      chosen = find_priority_class(*pod_.priority_class_name, scenario_).value_or(chosen);
    } else {
      for (const PriorityClassConfig& each : scenario_.priority_classes) {
        if (each.global_default) chosen = each;
      }
    }
    spec_.priority = pod_.priority.value_or(chosen.value);
    spec_.preempts =
        pod_.preemption_policy.value_or(chosen.preemption_policy) != PreemptionPolicy::kNever;
  }

 private:
  void add_node_affinity(const NodeAffinityTemplate& given) {
    if (given.required) {
      for (const NodeSelectorTerm& term : given.required->node_selector_terms) {
        spec_.node_affinity.push_back(selector_of(term.match_expressions));
      }
    }
    for (const PreferredNodeTerm& term : given.preferred) {
      spec_.preferred_node_affinity.push_back(
          {term.weight, selector_of(term.preference.match_expressions)});
    }
  }

  void add_pods(const PodAffinityTemplate& given, std::vector<PodAffinityTerm>& required,
                std::vector<WeightedPodAffinityTerm>& preferred) const {
    for (const PodAffinityTermTemplate& term : given.required) required.push_back(resolve(term));
    for (const PreferredPodTerm& term : given.preferred) {
      preferred.push_back({term.weight, resolve(term.term)});
    }
  }

  // Keys that the pod has no label of are left out.
  void add_label_keys(const std::vector<std::string>& keys, LabelRequirement::Operator op,
                      LabelSelector& selector) const {
    for (const std::string& key : keys) {
      const auto label = spec_.labels.find(key);
      if (std::ranges::find(given_later_, key) != given_later_.end()) {
        selector.push_back({key, op, {kOwnValue}});
      } else if (label != spec_.labels.end()) {
        selector.push_back({key, op, {label->second}});
      }
    }
  }

  PodAffinityTerm resolve(const PodAffinityTermTemplate& given) const {
    PodAffinityTerm out;
    out.topology_key = given.topology_key;
    out.selector = selector_of(given.label_selector);
    add_label_keys(given.match_label_keys, LabelRequirement::Operator::kIn, out.selector);
    add_label_keys(given.mismatch_label_keys, LabelRequirement::Operator::kNotIn, out.selector);
    out.namespaces = given.namespaces;
    if (given.namespace_selector) add_namespaces(*given.namespace_selector, out.namespaces);
    return out;
  }

  // Behind the empty name (is_named()), unless the selector wants no label: then the scheduler
  // knows without labels that it chooses a namespace.
  void add_namespaces(const LabelSelectorTemplate& selector,
                      std::vector<std::string>& namespaces) const {
    const LabelSelector wanted = selector_of(selector);
    if (!matches(wanted, Labels())) namespaces.emplace_back();
    for (const auto& [name, labels] : namespaces_of(scenario_)) {
      const bool is_listed = std::ranges::find(namespaces, name) != namespaces.end();
      if (matches(wanted, labels) && !is_listed) namespaces.push_back(name);
    }
    if (namespaces.empty()) namespaces.emplace_back();  // none has that name
  }

  void add_ports(const std::vector<ContainerPort>& ports) {
    for (const ContainerPort& port : ports) {
      if (port.host_port != 0) {
        spec_.host_ports.push_back({port.host_port, port.protocol, port.host_ip});
      }
    }
  }

  const PodTemplate& pod_;
  const Scenario& scenario_;
  PodSpec& spec_;
  std::vector<std::string> given_later_;  // labels by its controller
};

}  // namespace

LabelSelector selector_of(const std::optional<LabelSelectorTemplate>& given) {
  if (given) return selector_of(*given);
  return {{"", LabelRequirement::Operator::kIn, {}}};
}

Resources requests_of(const PodTemplate& pod) {
  return aggregate(pod, [](Resources requests) { return requests; });
}

Resources scored_requests_of(const PodTemplate& pod) { return aggregate(pod, scored); }

std::vector<std::string> priority_class_names(const Scenario& scenario) {
  std::vector<std::string> names{"system-cluster-critical", "system-node-critical"};
  for (const PriorityClassConfig& each : scenario.priority_classes) names.push_back(each.name);
  return names;
}

std::optional<PriorityClassConfig> find_priority_class(const std::string& name,
                                                       const Scenario& scenario) {
  constexpr std::int32_t kSystemClusterCritical = 2'000'000'000;
  PriorityClassConfig system{.name = name, .value = kSystemClusterCritical};
  if (name == "system-cluster-critical") return system;
  if (name == "system-node-critical") {
    system.value += 1000;
    return system;
  }
  for (const PriorityClassConfig& each : scenario.priority_classes) {
    if (each.name == name) return each;
  }
  return std::nullopt;
}

PodSpec resolve_pod(const std::string& workload, const PodTemplate& pod, const Scenario& scenario) {
  PodSpec spec;
  spec.workload = workload;
  spec.name_prefix = workload;
  spec.namespace_name = pod.namespace_name;
  spec.labels = pod.labels.value_or(Labels{{"app", workload}});
  spec.annotations = pod.annotations;
  spec.requests = requests_of(pod);
  const Resources by_containers = scored_requests_of(pod);
  const ScoredRequests score{by_containers.cpu, by_containers.memory};
  const Resources as_one = scored(spec.requests);
  if (score != ScoredRequests{as_one.cpu, as_one.memory}) spec.scored = score;
  spec.node_selector = pod.node_selector;
  spec.tolerations = pod.tolerations;
  spec.scheduler_name = pod.scheduler_name;
  spec.grace = std::chrono::seconds(pod.termination_grace_period_seconds);
  for (const SchedulingGateTemplate& gate : pod.scheduling_gates) {
    spec.scheduling_gates.push_back(gate.name);
  }
  if (pod.image) spec.images.push_back({pod.image->name, pod.image->size});
  PodResolver resolver(pod, scenario, spec);
  resolver.add_affinity();
  resolver.add_spread();
  resolver.add_ports();
  resolver.add_volumes();
  spec.volume_zone = volume_zone_of(pod, scenario);
  resolver.set_priority();
  add_default_tolerations(spec);
  return spec;
}

}  // namespace casim::sim
