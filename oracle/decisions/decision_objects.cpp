#include "oracle/decisions/decision_objects.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <utility>

#include "sim/autoscaler/simulator/node_infos.h"
#include "sim/cluster/pod_requests.h"

namespace casim::oracle {

using sim::LabelRequirement;
using sim::LabelSelector;
using sim::OwnerKind;
using sim::Volume;

namespace {

Resources resources_of(const Json& given) {
  Resources r;
  const auto amount = [&](const char* key) {
    const auto value = given.find(key);
    // Upstream's fixtures leave a resource out where they say -1.
    if (value == given.end() || value->is_null()) return std::int64_t{0};
    return std::max<std::int64_t>(0, value->get<std::int64_t>());
  };
  r.cpu = MilliCpu(amount("cpu_m"));
  r.memory = Bytes(amount("memory_b"));
  if (const std::int64_t gpus = amount("gpu"); gpus > 0) {
    r.extended[std::string(sim::kGpuResource)] = gpus;
  }
  return r;
}

LabelSelector selector_of(const Json& labels) {
  LabelSelector selector;
  for (const auto& [key, value] : labels.items()) {
    selector.push_back(
        LabelRequirement{key, LabelRequirement::Operator::kIn, {value.get<std::string>()}});
  }
  return selector;
}

bool is_honored(const Json& given, const char* key, bool fallback) {
  if (!given.contains(key)) return fallback;
  const std::string policy = given.at(key);
  if (policy != "Honor" && policy != "Ignore") throw std::runtime_error("unknown policy " + policy);
  return policy == "Honor";
}

sim::TopologySpread spread_of(const Json& given, const sim::Labels& own) {
  check_keys(given, {"topology_key", "max_skew", "min_domains", "when_unsatisfiable",
                     "label_selector", "node_taints_policy", "node_affinity_policy"});
  sim::TopologySpread spread;
  spread.topology_key = given.at("topology_key");
  spread.max_skew = given.value("max_skew", 1);
  spread.min_domains = given.value("min_domains", 1);
  spread.do_not_schedule = given.value("when_unsatisfiable", "DoNotSchedule") == "DoNotSchedule";
  const Json selector = given.value("label_selector", Json("own labels"));
  spread.selector = selector_of(selector.is_object() ? selector : Json(own));
  spread.honor_node_taints = is_honored(given, "node_taints_policy", false);
  spread.honor_node_affinity = is_honored(given, "node_affinity_policy", true);
  return spread;
}

Volume volume_of(const Json& given) {
  check_keys(given, {"name", "kind", "medium"});
  const std::string kind = given.at("kind");
  Volume volume{given.at("name"), Volume::Kind::kOther};
  if (kind == "emptyDir") {
    const bool in_memory = given.value("medium", "") == "Memory";
    volume.kind = in_memory ? Volume::Kind::kMemory : Volume::Kind::kEmptyDir;
  } else if (kind == "hostPath") {
    volume.kind = Volume::Kind::kHostPath;
  } else if (kind == "projected") {
    volume.kind = Volume::Kind::kProjected;
  }
  return volume;
}

std::vector<sim::InitContainer> inits_of(const Json& given) {
  std::vector<sim::InitContainer> inits;
  for (const Json& init : given) {
    check_keys(init, {"cpu_m", "memory_b", "restart_always"});
    inits.push_back({resources_of(init), init.value("restart_always", false)});
  }
  return inits;
}

bool is_set(const Json& given, const char* key) {
  const auto value = given.find(key);
  return value != given.end() && !value->is_null();
}

// A controller by name or by kind alone: pods of one kind then have the same one.
void set_owner(const Json& given, sim::PodSpec& spec) {
  std::string kind = is_set(given, "controller_kind") ? given.at("controller_kind") : Json("");
  if (kind.empty() && is_set(given, "kind")) kind = given.at("kind");
  if (kind.empty() && is_set(given, "controller")) kind = "ReplicationController";
  if (given.value("daemonset", false)) kind = "DaemonSet";
  if (given.value("daemonset_annotation", false)) {
    spec.annotations[sim::kDaemonPodAnnotation] = "true";
    if (kind.empty()) kind = "CustomDaemonSet";
  }
  // Both kinds of pods that a kubelet runs by itself.
  if (given.value("mirror", false) || kind == "static" || kind == "mirror") {
    spec.owner = OwnerKind::kMirror;
    return;
  }
  if (kind.empty()) return;
  spec.owner = sim::parse_owner_kind(kind).value_or(OwnerKind::kOther);
  const std::string name = is_set(given, "controller") ? given.at("controller") : Json(kind);
  spec.owner_uid = "uid-" + name;
}

void set_placement(const Json& given, sim::PodSpec& spec) {
  if (is_set(given, "host_port")) {
    spec.host_ports.push_back(sim::HostPort{given.at("host_port").get<int>(), "TCP", ""});
  }
  if (given.value("tolerates_gpu", false)) {
    sim::Toleration toleration;
    toleration.key = sim::kGpuResource;
    toleration.op = sim::Toleration::Operator::kExists;
    spec.tolerations.push_back(std::move(toleration));
  }
  for (const Json& spread : given.value("topology_spread", Json::array())) {
    spec.topology_spread.push_back(spread_of(spread, spec.labels));
  }
  if (given.contains("node_selector")) spec.node_selector = given.at("node_selector");
}

sim::RestartPolicy restart_policy_of(const std::string& name) {
  if (name == "Always") return sim::RestartPolicy::kAlways;
  if (name == "OnFailure") return sim::RestartPolicy::kOnFailure;
  if (name == "Never") return sim::RestartPolicy::kNever;
  throw std::runtime_error("unknown restart policy " + name);
}

sim::PodSpecPtr decided_spec_of(const Json& given) {
  check_keys(given, {"name",
                     "namespace",
                     "cpu_m",
                     "memory_b",
                     "node",
                     "priority",
                     "labels",
                     "annotations",
                     "controller",
                     "controller_kind",
                     "kind",
                     "host_port",
                     "gpu",
                     "tolerates_gpu",
                     "topology_spread",
                     "unschedulable",
                     "nominated_node",
                     "daemonset",
                     "daemonset_annotation",
                     "mirror",
                     "terminating_for_s",
                     "grace_s",
                     "init",
                     "age_s",
                     "annotation",
                     "volumes",
                     "phase",
                     "restart_policy",
                     "node_selector",
                     "count"});
  auto spec = std::make_shared<sim::PodSpec>();
  spec->workload = given.at("name");
  spec->namespace_name = given.value("namespace", "default");
  if (given.contains("labels")) spec->labels = given.at("labels");
  if (given.contains("annotations")) spec->annotations = given.at("annotations");
  if (is_set(given, "annotation")) {
    spec->annotations["cluster-autoscaler.kubernetes.io/pod-scale-up-delay"] =
        given.at("annotation");
  }
  set_owner(given, *spec);
  spec->requests =
      sim::effective_requests(resources_of(given), inits_of(given.value("init", Json::array())));
  spec->requests.pods = 1;
  set_placement(given, *spec);
  if (is_set(given, "priority")) spec->priority = given.at("priority");
  if (is_set(given, "grace_s")) spec->grace = seconds_of(given.at("grace_s"));
  for (const Json& volume : given.value("volumes", Json::array())) {
    spec->volumes.push_back(volume_of(volume));
  }
  spec->restart_policy = restart_policy_of(given.value("restart_policy", "Always"));
  return spec;
}

void set_phase(const std::string& phase, sim::Pod& pod) {
  constexpr std::array<std::string_view, 3> kOthers = {"Pending", "Running", "Unknown"};
  pod.succeeded = phase == "Succeeded";
  pod.failed = phase == "Failed";
  if (pod.succeeded || pod.failed) return;
  if (std::find(kOthers.begin(), kOthers.end(), phase) == kOthers.end()) {
    throw std::runtime_error("unknown phase " + phase);
  }
}

void add_gpu_marks(const Json& given, sim::Node& node) {
  const bool has_gpus = given.value("gpu", 0) > 0;
  if (has_gpus || given.value("gpu_label", false)) node.labels[kGpuLabel] = "gpu-type";
  if (!has_gpus) return;
  node.taints.push_back(sim::Taint{std::string(sim::kGpuResource), "present"});
}

}  // namespace

Duration seconds_of(const Json& number) {
  return std::chrono::microseconds(std::llround(number.get<double>() * 1e6));
}

Duration seconds_of(const Json& object, const char* key, double fallback) {
  return seconds_of(object.value(key, Json(fallback)));
}

sim::NodePtr node_of(const Json& given) {
  check_keys(given, {"name", "cpu_m", "memory_b", "pods", "labels", "group", "ready", "gpu",
                     "gpu_label", "annotations", "to_be_deleted_age_s", "being_deleted"});
  auto node = std::make_shared<sim::Node>();
  node->name = given.at("name");
  node->provider_id = node->name;
  node->labels[std::string(sim::kHostnameLabel)] = node->name;
  if (given.contains("labels")) {
    for (const auto& [key, value] : given.at("labels").items()) node->labels[key] = value;
  }
  if (given.contains("annotations")) node->annotations = given.at("annotations");
  node->capacity = resources_of(given);
  node->capacity.pods = given.value("pods", std::int64_t{100});
  node->allocatable = node->capacity;
  node->ready = given.value("ready", true);
  add_gpu_marks(given, *node);
  const bool is_marked = given.value("being_deleted", false);
  if (is_marked || is_set(given, "to_be_deleted_age_s")) {
    const WallTime since = kDecisionTime - seconds_of(given, "to_be_deleted_age_s");
    const auto seconds = std::chrono::floor<std::chrono::seconds>(since).time_since_epoch();
    node->taints.push_back(
        sim::Taint{std::string(sim::kToBeDeletedTaint), std::to_string(seconds.count())});
  }
  return node;
}

std::string group_of(const Json& node) { return is_set(node, "group") ? node.at("group") : ""; }

sim::PodPtr PodReader::read(const Json& given, const std::string& node) {
  auto pod = std::make_shared<sim::Pod>();
  pod->id = next_id();
  pod->spec = decided_spec_of(given);
  pod->name = pod->spec->workload;
  pod->node_name = is_set(given, "node") ? given.at("node").get<std::string>() : node;
  pod->running = !pod->node_name.empty();
  pod->unschedulable = pod->node_name.empty();
  if (is_set(given, "nominated_node")) pod->nominated_node = given.at("nominated_node");
  constexpr double kOld = 365.0 * 24 * 3600;
  pod->creation_timestamp = kDecisionTime - seconds_of(given, "age_s", kOld);
  if (is_set(given, "terminating_for_s")) {
    pod->deletion_timestamp = kDecisionTime - seconds_of(given.at("terminating_for_s"));
  }
  set_phase(given.value("phase", "Running"), *pod);
  return pod;
}

std::vector<sim::PodPtr> PodReader::read_all(const Json& given) {
  std::vector<sim::PodPtr> pods;
  for (const Json& pod : given) pods.push_back(read(pod));
  return pods;
}

std::vector<sim::PodPtr> PodReader::read_many(const Json& given, int count) {
  std::vector<sim::PodPtr> pods;
  const sim::PodPtr first = read(given);
  for (int i = 0; i < count; ++i) {
    auto pod = std::make_shared<sim::Pod>(*first);
    pod->id = next_id();
    pods.push_back(std::move(pod));
  }
  return pods;
}

sim::Snapshot snapshot_of(const Json& nodes, const std::vector<sim::PodPtr>& pods) {
  std::vector<sim::NodeInfoPtr> infos;
  for (const Json& given : nodes) {
    auto info = std::make_shared<sim::NodeInfo>();
    info->node = node_of(given);
    for (const sim::PodPtr& pod : pods) {
      if (pod->node_name == info->node->name) info->add(pod);
    }
    infos.push_back(std::move(info));
  }
  sim::Snapshot snapshot;
  snapshot.reset(std::move(infos));
  return snapshot;
}

void announce_owners(sim::ClusterView& view, const std::vector<sim::PodPtr>& pods, int replicas) {
  for (const sim::PodPtr& pod : pods) {
    const sim::PodSpec& spec = *pod->spec;
    if (spec.owner_uid.empty() || view.find_owner(spec.owner_uid) != nullptr) continue;
    sim::Owner owner;
    owner.kind = spec.owner;
    owner.uid = spec.owner_uid;
    owner.name = spec.owner_uid;
    owner.namespace_name = spec.namespace_name;
    owner.replicas = replicas;
    view.on_watch(sim::OwnerChanged{std::move(owner)});
  }
}

std::vector<sim::PodDisruptionBudget> pdbs_of(const Json& given) {
  std::vector<sim::PodDisruptionBudget> pdbs;
  for (const Json& one : given) {
    check_keys(one, {"name", "namespace", "selector", "disruptions_allowed"});
    if (one.contains("selector") && one.at("selector").is_null()) continue;  // selects nothing
    sim::PodDisruptionBudget pdb;
    pdb.name = one.value("name", "");
    pdb.namespace_name = one.value("namespace", "");
    pdb.selector = selector_of(one.value("selector", Json::object()));
    pdb.disruptions_allowed = one.value("disruptions_allowed", 0);
    pdbs.push_back(std::move(pdb));
  }
  return pdbs;
}

Json names_of(const std::vector<sim::PodPtr>& pods) {
  Json names = Json::array();
  for (const sim::PodPtr& pod : pods) names.push_back(pod->name);
  return names;
}

Json names_of(const std::vector<sim::NodePtr>& nodes) {
  Json names = Json::array();
  for (const sim::NodePtr& node : nodes) names.push_back(node->name);
  return names;
}

}  // namespace casim::oracle
