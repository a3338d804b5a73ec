#include "oracle/scheduler/scheduler_world.h"

#include <cstdio>
#include <utility>

#include "oracle/judge/strict_json.h"
#include "oracle/pods/kubernetes_pod.h"

namespace casim::oracle {

using Json = nlohmann::json;
using namespace casim::sim;

namespace {

// Some whole second; the case says how far off it the scheduler starts.
WallTime start_of(const Json& given) {
  return WallTime(std::chrono::seconds(1'700'000'000)) +
         from_seconds(given.value("wall_offset_s", 0.0));
}

ApiClientConfig client_config(const Json& given) {
  return {"scheduler", given.value("qps", 0.0), given.value("burst", 0), Phase::kScheduler};
}

// By reference: events are kept as such until their time.
Bytes mebibytes(std::int64_t amount) { return Bytes(amount << 20); }

TaintEffect scheduler_effect_of(const std::string& name) {
  if (name == "NoExecute") return TaintEffect::kNoExecute;
  return name == "PreferNoSchedule" ? TaintEffect::kPreferNoSchedule : TaintEffect::kNoSchedule;
}

std::vector<Taint> taints_of(const Json& list) {
  std::vector<Taint> taints;
  for (const Json& one : list) {
    taints.push_back(
        {one.at("key"), one.value("value", ""), scheduler_effect_of(one.at("effect"))});
  }
  return taints;
}

Node node_of(const Json& spec, const std::string& name) {
  Node node;
  node.name = name;
  node.labels = spec.value("labels", Labels{});
  node.labels.emplace("kubernetes.io/hostname", name);
  node.allocatable.cpu = MilliCpu(spec.at("cpu_m"));
  node.allocatable.memory = mebibytes(spec.at("memory_mib"));
  node.allocatable.pods = spec.value("pods", 110);
  node.capacity = node.allocatable;
  node.taints = taints_of(list_of(spec, "taints"));
  node.ready = !node.has_taint(kNotReadyTaint);
  const Json images = spec.value("images_mib", Json::object());
  for (const auto& [image, size] : images.items()) node.images.push_back({image, mebibytes(size)});
  return node;
}

void add_affinities(const Json& spec, const std::string& app, PodSpec& pod) {
  const LabelSelector own{{"app", LabelRequirement::Operator::kIn, {app}}};
  if (spec.contains("anti_affinity_key")) {
    pod.pod_anti_affinity.push_back({own, spec.at("anti_affinity_key"), {}});
  }
  if (spec.contains("spread_key")) {
    TopologySpread spread;
    spread.topology_key = spec.at("spread_key");
    spread.max_skew = spec.value("spread_max_skew", 1);
    spread.selector = own;
    pod.topology_spread.push_back(spread);
  }
}

// In the short form of most cases.
PodSpec short_pod(const Json& spec, const std::string& app) {
  PodSpec pod;
  pod.labels["app"] = app;
  pod.requests.cpu = MilliCpu(spec.value("cpu_m", 0));
  pod.requests.memory = mebibytes(spec.value("memory_mib", 0));
  pod.requests.pods = 1;
  pod.priority = spec.value("priority", 0);
  pod.preempts = !spec.value("never_preempts", false);
  pod.node_selector = spec.value("node_selector", Labels{});
  for (const Json& one : list_of(spec, "tolerations")) {
    Toleration toleration;
    toleration.key = one.value("key", "");
    toleration.value = one.value("value", "");
    if (one.value("operator", "Equal") == "Exists") toleration.op = Toleration::Operator::kExists;
    if (one.contains("effect")) toleration.effect = scheduler_effect_of(one.at("effect"));
    pod.tolerations.push_back(toleration);
  }
  if (spec.contains("host_port")) pod.host_ports.push_back({spec.at("host_port"), "TCP", ""});
  if (spec.contains("image")) pod.images.push_back({spec.at("image"), Bytes(0)});
  add_affinities(spec, app, pod);
  return pod;
}

PodSpecPtr pod_spec_of(const Json& spec, const Json& given) {
  const std::string name = spec.at("name");
  const std::string app = spec.value("replica_set", name);
  const std::vector<NamespaceConfig> namespaces = read_namespaces(list_of(given, "namespaces"));
  PodSpec pod = spec.contains("pod") ? *spec_of(app, read_pod(spec.at("pod")), namespaces)
                                     : short_pod(spec, app);
  pod.workload = app;
  pod.name_prefix = name;
  if (spec.contains("replica_set")) {
    pod.owner = OwnerKind::kReplicaSet;
    pod.owner_uid = app;
  }
  return std::make_shared<const PodSpec>(std::move(pod));
}

// name, or name-0000 and on where there is a count.
std::string name_of(const Json& spec, int index) {
  const std::string name = spec.at("name");
  if (!spec.contains("count")) return name;
  char suffix[16];
  std::snprintf(suffix, sizeof suffix, "-%04d", index);
  return name + suffix;
}

}  // namespace

SchedulerWorld::SchedulerWorld(const Json& given)
    : given_(given),
      kernel_(start_of(given)),
      api_(kernel_, cluster_, *this, Random(1), {}),
      scheduler_(kernel_, api_.add_client(client_config(given)), SchedulerConfig{}) {
  api_.add_watcher(scheduler_, {Duration{}, Phase::kScheduler});
  api_.add_watcher(*this, {Duration{}, Phase::kWorld});
  scheduler_.observe([this](const Attempt& attempt) {
    if (!attempt.node.is_valid()) pods_[attempt.pod.value()].failed.push_back(kernel_.now());
  });
  for (const Json& spec : list_of(given, "nodes")) add_node(spec);
  for (const Json& spec : list_of(given, "pods")) add_pods(spec, true);
  // The real scheduler was let settle after each event and each pod, also of one instant: they are
  // told apart.
  TimePoint last = kTimeNever;
  Duration shift{};
  for (const Json& event : list_of(given, "events")) {
    const TimePoint at = kTimeZero + from_seconds(event.at("t"));
    if (at != last) shift = Duration{};
    last = at;
    plan(event, shift);
    shift += Duration(event.contains("pod") ? event.at("pod").value("count", 1) : 1);
  }
}

void SchedulerWorld::run() {
  kernel_.run(kTimeZero + from_seconds(given_.at("duration_s")), 50'000'000);
  if (const auto broken = cluster_.broken_invariant()) throw std::runtime_error(*broken);
}

void SchedulerWorld::add_node(const Json& spec) {
  for (int i = 0; i < spec.value("count", 1); ++i) {
    api_.create_node({node_of(spec, name_of(spec, i)), "", ""});
  }
}

void SchedulerWorld::add_pods(const Json& spec, bool is_given) {
  const PodSpecPtr shared = pod_spec_of(spec, given_);
  const Duration spacing = from_seconds(spec.value("spacing_s", 0.0));
  for (int i = 0; i < spec.value("count", 1); ++i) {
    const auto create = [this, &spec, shared, is_given, i] {
      NewPod pod;
      pod.spec = shared;
      pod.name = name_of(spec, i);
      pod.gated = spec.value("gated", false);
      pod.target_node = spec.value("target_node", "");
      creating_ = pod.name;
      grace_[pod.name] = from_seconds(spec.value("grace_s", 0.0));
      const PodId id = api_.create_pod(std::move(pod));
      pods_[id.value()].was_given = is_given;
      if (is_given && !api_.bind(id, node(spec.at("node")))) {
        throw std::runtime_error("a given pod cannot be placed");
      }
    };
    if (i == 0 || is_given) {
      create();
    } else {
      kernel_.after(i * (spacing == Duration{} ? Duration(1) : spacing), Phase::kWorld, create);
    }
  }
}

void SchedulerWorld::plan(const Json& event, Duration shift) {
  kernel_.at(kTimeZero + from_seconds(event.at("t")) + shift, Phase::kWorld,
             [this, &event] { apply(event); });
}

void SchedulerWorld::apply(const Json& event) {
  const std::string type = event.at("type");
  const std::string name = event.value("name", "");
  if (type == "pods") {
    add_pods(event.at("pod"), false);
  } else if (type == "node_add") {
    add_node(event.at("node"));
  } else if (type == "node_taints") {
    api_.edit_node(node(name), [&](Node& n) { n.taints = taints_of(event.at("taints")); });
  } else if (type == "node_label") {
    api_.edit_node(node(name), [&](Node& n) { n.labels[event.at("key")] = event.at("value"); });
  } else if (type == "node_cpu") {
    api_.edit_node(node(name), [&](Node& n) {
      n.allocatable.cpu = n.capacity.cpu = MilliCpu(event.at("cpu_m"));
    });
  } else if (type == "node_delete") {
    api_.delete_node(node(name));
  } else if (type == "pod_delete") {
    const PodId id = pod(name);
    if (api_.delete_pod(id, PodEnd::kDeleted, Duration{})) api_.finish_deletion(id);
  } else if (type == "ungate") {
    api_.ungate(pod(name));
  } else {
    throw std::runtime_error("unknown event " + type);
  }
}

NodeId SchedulerWorld::node(const std::string& name) const {
  const NodeId id = cluster_.find_node(name);
  if (!id.is_valid()) throw std::runtime_error("no node " + name);
  return id;
}

PodId SchedulerWorld::pod(const std::string& name) const { return by_name_.at(name); }

void SchedulerWorld::on_fact(TimePoint at, const Fact& fact) {
  if (const auto* created = std::get_if<PodCreated>(&fact)) {
    pods_.emplace_back().name = creating_;
    by_name_[creating_] = created->pod;
  } else if (const auto* marked = std::get_if<PodUnschedulable>(&fact)) {
    pods_[marked->pod.value()].marked = at;
  } else if (const auto* bound = std::get_if<PodBound>(&fact)) {
    PodStory& story = pods_[bound->pod.value()];
    story.bound = at;
    story.node = cluster_.node(bound->node)->name;
  } else if (const auto* ended = std::get_if<PodEnded>(&fact)) {
    pods_[ended->pod.value()].is_gone = true;
  }
}

// The kubelet: a pod that is being deleted is gone after its grace period.
void SchedulerWorld::on_watch(const WatchEvent& event) {
  const auto* changed = std::get_if<PodChanged>(&event);
  if (!changed) return;
  PodStory& story = pods_[changed->pod.id.value()];
  if (!changed->pod.nominated_node.empty() && !story.nominated) {
    story.nominated = kernel_.now();
    story.nominated_node = changed->pod.nominated_node;
  }
  if (!changed->pod.deletion_timestamp || story.deleted) return;
  story.deleted = kernel_.now();
  kernel_.after(grace_[story.name], Phase::kWorld,
                [this, id = changed->pod.id] { api_.finish_deletion(id); });
}

}  // namespace casim::oracle
