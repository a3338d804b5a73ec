#include "oracle/node_life/node_life_world.h"

#include <stdexcept>
#include <utility>

#include "oracle/judge/strict_json.h"
#include "sim/cluster/node_condition.h"

namespace casim::oracle {

using namespace casim::sim;

namespace {

// All of its pods at a time.
JobSpec job_of(std::uint64_t pods) {
  JobSpec spec;
  spec.parallelism = pods;
  spec.completions = pods;
  return spec;
}

TimePoint json_time_of(const Json& seconds) { return kTimeZero + from_seconds(seconds); }

}  // namespace

NodeLifeWorld::NodeLifeWorld(const Json& given)
    : given_(given),
      flags_(flags_of(given)),
      kernel_(WallTime(std::chrono::seconds(1'700'000'000))),
      api_(kernel_, cluster_, *this, random_, {}),
      node_lifecycle_(kernel_, api_, heartbeats_, random_, {"node-controller"},
                      flags_.node_lifecycle),
      taint_eviction_(kernel_, api_, {"taint-eviction-controller"}),
      pod_gc_(kernel_, api_, {"pod-garbage-collector"}, flags_.pod_gc),
      jobs_(api_, {{"job-controller"}, {"ttl"}, {"garbage"}}, *this),
      replica_sets_(api_, {"replicaset-controller"}, *this),
      informer_(api_),
      owners_(api_) {
  check_keys(given, {"duration_s", "flags", "ccm", "ccm_start_s", "nodes", "pods", "events"});
  if (flags_.cloud) {
    CloudInstances& machines = *this;
    cloud_.emplace(kernel_, api_, machines, ApiClientConfig{"cloud"}, *flags_.cloud);
  }
  for (Watcher* watcher :
       std::initializer_list<Watcher*>{this, &node_lifecycle_, &taint_eviction_, &pod_gc_}) {
    informer_.add(*watcher);
  }
  if (cloud_) informer_.add(static_cast<Watcher&>(*cloud_));
  informer_.add(static_cast<WorkloadController&>(jobs_));
  informer_.add(static_cast<WorkloadController&>(replica_sets_));
  for (const Json& entry : list_of(given, "nodes")) add_node(entry, std::nullopt);
  add_pods();
  add_owners();
  for (const Json& event : list_of(given, "events")) plan(event);
}

void NodeLifeWorld::run() {
  has_begun_ = true;
  informer_.start({});
  settle_soon();
  constexpr std::uint64_t kEventLimit = 10'000'000;
  const TimePoint end = json_time_of(given_.at("duration_s"));
  if (kernel_.run(end, kEventLimit) == Kernel::Stop::kEventLimit) {
    throw std::runtime_error("it does not end");
  }
  if (const auto broken = cluster_.broken_invariant()) throw std::runtime_error(*broken);
}

// --- what there is

void NodeLifeWorld::add_node(const Json& entry, std::optional<TimePoint> added) {
  const std::vector<std::string> names = names_of(entry);
  for (std::size_t i = 0; i < names.size(); ++i) {
    const GivenNode made = node_of(entry, i, names[i], added);
    const NodeId id = api_.create_node({made.node, "", ""});
    seen_[id] = *cluster_.node(id);
    kubelets_[names[i]] = {
        id, entry.at("name"), made.lease.period, made.status_period, made.is_alive, 1};
    heartbeats_.set(id, Heartbeat(made.lease, made.status));
  }
}

void NodeLifeWorld::add_pods() {
  std::vector<NodeId> never_there;
  for (const Json& entry : list_of(given_, "pods")) {
    for (GivenPod& pod : pods_of(entry, list_of(given_, "nodes"))) {
      if (pod.node.starts_with('?')) {
        pod.node.erase(0, 1);
        if (!cluster_.find_node(pod.node).is_valid()) {
          Node ghost;
          ghost.name = pod.node;
          ghost.allocatable.pods = 1000;
          never_there.push_back(api_.create_node({ghost, "", ""}));
        }
      }
      add_pod(pod);
    }
  }
  for (const NodeId node : never_there) api_.delete_node(node);
}

void NodeLifeWorld::add_pod(const GivenPod& pod) {
  const NodeId node = cluster_.find_node(pod.node);
  if (!node.is_valid()) throw std::runtime_error("no node " + pod.node);
  const std::string& owner = pod.spec->owner_uid.empty() ? pod.name : pod.spec->owner_uid;
  NewPod fresh;
  fresh.spec = pod.spec;
  fresh.name = pod.name;
  const auto number = static_cast<std::uint32_t>(workloads_.size());
  fresh.workload = WorkloadId(workloads_.try_emplace(owner, number).first->second);
  fresh.index = indexes_[owner]++;
  const PodId id = api_.create_pod(std::move(fresh));
  if (!api_.bind(id, node)) throw std::runtime_error(pod.name + " cannot be placed");
  pods_[id] = {pod.name, pod.entry, pod.stop, pod.deleted_at};
  pod_ids_[pod.name] = id;
  cluster_.edit_pod(id, [&](Pod& next) {
    next.creation_timestamp = cut_to_second(kernel_.wall(pod.created_at));
  });
  put_phase(id, pod.phase);
  owners_.add(cluster_.pod(id));
  if (!pod.deleted_at) return;
  cluster_.begin_deletion(id, PodEnd::kDeleted, kernel_.wall(*pod.deleted_at + pod.spec->grace));
  const TimePoint gone = std::max(kTimeZero, *pod.deleted_at + pod.stop);
  kernel_.at(gone, Phase::kWorld, [this, id, life = kubelets_[pod.node].life] {
    const Pod* still = cluster_.find_pod(id);
    if (still == nullptr) return;
    const Kubelet& kubelet = kubelets_.at(still->node_name);
    if (kubelet.is_alive && kubelet.life == life) api_.finish_deletion(id);
  });
}

void NodeLifeWorld::put_phase(PodId pod, const std::string& phase) {
  if (phase == "Pending") return;
  api_.set_running(pod);
  if (phase == "Running") return;
  if (phase != "Succeeded" && phase != "Failed") throw std::runtime_error("unknown phase " + phase);
  api_.finish(pod, phase == "Succeeded");
}

void NodeLifeWorld::add_owners() {
  std::map<std::string, std::uint64_t> replicas;
  std::map<std::string, PodBlueprint> blueprints;
  cluster_.for_each_pod([&](const Pod& pod) {
    const std::string& uid = pod.spec->owner_uid;
    if (uid.empty()) return;
    blueprints.try_emplace(uid, PodBlueprint{pod.spec, cluster_.life(pod.id).workload, 0});
    const bool is_active = !pod.succeeded && !pod.failed && !pod.deletion_timestamp;
    replicas[uid] += is_active || pod.spec->owner == OwnerKind::kJob ? 1 : 0;
  });
  for (const auto& [uid, pods] : blueprints) {
    Owner owner;
    owner.kind = pods.spec->owner;
    owner.uid = owner.name = uid;
    owner.namespace_name = "default";
    if (owner.kind == OwnerKind::kJob) jobs_.create({owner, pods, job_of(replicas[uid])});
    if (owner.kind == OwnerKind::kReplicaSet) replica_sets_.create({owner, pods, replicas[uid]});
  }
}

// --- what happens

void NodeLifeWorld::plan(const Json& event) {
  check_keys(event, {"t", "type", "nodes", "of", "from", "n", "spacing_s", "ready", "state", "node",
                     "pods", "taint", "taints", "remove"});
  const TimePoint t = json_time_of(event.at("t"));
  const std::string type = event.at("type");
  if (type == "node_add") {
    kernel_.at(t, Phase::kWorld, [this, &event, t] { add_node(event.at("node"), t); });
  } else if (type == "pod_end") {
    kernel_.at(t, Phase::kWorld, [this, &event] { end_pods(event); });
  } else {
    Duration shift{};
    for (const std::string& node : nodes_of(event)) {
      kernel_.at(t + shift, Phase::kWorld, [this, &event, node] { apply(event, node); });
      shift += from_seconds(event.value("spacing_s", 0.0));
    }
  }
}

// By name; of an entry those from `from` on, `n` or all.
std::vector<std::string> NodeLifeWorld::nodes_of(const Json& event) const {
  if (event.contains("nodes")) return event.at("nodes");
  for (const Json& entry : list_of(given_, "nodes")) {
    if (entry.at("name") != event.at("of")) continue;
    const std::vector<std::string> names = names_of(entry);
    const std::size_t from = event.value("from", std::size_t{0});
    const std::size_t n = event.value("n", names.size() - from);
    return {names.begin() + static_cast<std::ptrdiff_t>(from),
            names.begin() + static_cast<std::ptrdiff_t>(from + n)};
  }
  throw std::runtime_error("no nodes " + event.at("of").dump());
}

void NodeLifeWorld::apply(const Json& event, const std::string& node) {
  const std::string type = event.at("type");
  const auto found = kubelets_.find(node);
  if (found == kubelets_.end()) throw std::runtime_error("no node " + node);
  Kubelet& kubelet = found->second;
  if (type == "kubelet_stop") {
    stop_kubelet(kubelet);
  } else if (type == "kubelet_start") {
    start_kubelet(kubelet, event.value("ready", "True"));
  } else if (type == "status") {
    post(node, event.at("ready"));
  } else if (type == "status_stop") {
    heartbeats_.edit(kubelet.node, [this](Heartbeat& beats) { beats.stop_status(now()); });
  } else if (type == "instance") {
    instances_[node] = event.at("state");
  } else if (type == "node_delete") {
    stop_kubelet(kubelet);
    api_.delete_node(kubelet.node);
  } else if (type == "taint") {
    taint(node, event);
  } else {
    throw std::runtime_error("unknown event " + type);
  }
}

void NodeLifeWorld::stop_kubelet(Kubelet& kubelet) {
  kubelet.is_alive = false;
  heartbeats_.edit(kubelet.node, [this](Heartbeat& beats) { beats.stop(now()); });
}

// It renews, posts, and then ends what was marked meanwhile.
void NodeLifeWorld::start_kubelet(Kubelet& kubelet, const std::string& status) {
  if (!cluster_.node(kubelet.node)) return;
  kubelet.is_alive = true;
  ++kubelet.life;
  heartbeats_.edit(kubelet.node, [&](Heartbeat& beats) {
    beats.start({now(), kubelet.lease_period}, {now(), kubelet.status_period});
  });
  post(cluster_.node(kubelet.node)->name, status);
  for (const PodId pod : cluster_.pods_on(kubelet.node)) {
    if (cluster_.pod(pod).deletion_timestamp) stop_pod(pod);
  }
}

// The condition alone: taints are the controllers' affair.
void NodeLifeWorld::post(const std::string& name, const std::string& status) {
  if (status != "True" && status != "False" && status != "Unknown") {
    throw std::runtime_error("unknown status " + status);
  }
  const NodeId id = kubelets_.at(name).node;
  if (!cluster_.node(id)) return;
  api_.edit_node(id, [&](Node& next) {
    next.ready = status == "True";
    next.ready_unknown = status == "Unknown";
    next.has_ready_condition = true;
  });
  seen_[id].ready_unknown = status == "Unknown";
  heartbeats_.edit(id, [this](Heartbeat& beats) { beats.post(now()); });
}

void NodeLifeWorld::taint(const std::string& name, const Json& event) {
  const NodeId id = kubelets_.at(name).node;
  const auto change = [&](const Json& texts, bool wanted) {
    for (const Json& text : texts.is_array() ? texts : Json::array({texts})) {
      const Taint taint = taint_of(text);
      const auto put = [&](Node& next) { set_taint(next, taint.key, taint.effect, wanted); };
      api_.edit_node(id, put);
      put(seen_[id]);
    }
  };
  for (const char* key : {"taint", "taints"}) {
    if (event.contains(key)) change(event.at(key), true);
  }
  if (event.contains("remove")) change(event.at("remove"), false);
}

void NodeLifeWorld::end_pods(const Json& event) {
  const std::string state = event.at("state");
  for (const std::string name : event.at("pods")) {
    for (const auto& [id, story] : pods_) {
      if (story.name == name || story.entry == name) put_phase(id, state);
    }
  }
}

// The kubelet of the pod's node, if it lives that long.
void NodeLifeWorld::stop_pod(PodId id) {
  const auto kubelet = kubelets_.find(cluster_.pod(id).node_name);
  if (kubelet == kubelets_.end() || !kubelet->second.is_alive) return;
  kernel_.after(pods_[id].stop, Phase::kWorld, [this, id, life = kubelet->second.life] {
    const Pod* pod = cluster_.find_pod(id);
    if (pod == nullptr) return;
    const Kubelet& now = kubelets_.at(pod->node_name);
    if (now.is_alive && now.life == life) api_.finish_deletion(id);
  });
}

void NodeLifeWorld::settle_soon() {
  if (is_settling_ || !has_begun_) return;
  is_settling_ = true;
  kernel_.after(Duration{}, Phase::kAutoscaler, [this] {
    is_settling_ = false;
    owners_.settle();
  });
}

CloudState NodeLifeWorld::state_of(const Node& node) {
  const auto found = instances_.find(node.name);
  if (found == instances_.end() || found->second == "running") return CloudState::kExists;
  if (found->second == "stopped") return CloudState::kShutDown;
  if (found->second == "gone") return CloudState::kGone;
  throw std::runtime_error("unknown state of an instance: " + found->second);
}

// --- what is written down

void NodeLifeWorld::write(const std::string& list, TimePoint at, std::vector<std::string> words,
                          const std::string& entry) {
  record_[list].push_back({at, std::move(words), entry});
}

void NodeLifeWorld::on_fact(TimePoint at, const Fact& fact) {
  const auto* created = std::get_if<PodCreated>(&fact);
  if (created == nullptr || !has_begun_) return;
  const Pod& pod = cluster_.pod(created->pod);
  pods_[pod.id] = {pod.name, "", std::chrono::seconds(2), std::nullopt};
  write("replaced", at, {pod.spec->owner_uid}, pod.spec->owner_uid);
}

void NodeLifeWorld::on_watch(const WatchEvent& event) {
  settle_soon();
  if (const auto* changed = std::get_if<NodeChanged>(&event)) {
    on_node(*changed->node);
  } else if (const auto* gone = std::get_if<NodeRemoved>(&event)) {
    // A person's kubelet is stopped first; that of a node whose machine went is dead as well.
    const Kubelet& kubelet = kubelets_.at(gone->last->name);
    if (instances_.contains(gone->last->name)) {
      write("node_deleted", now(), {gone->last->name}, kubelet.entry);
    }
  } else if (const auto* pod = std::get_if<PodChanged>(&event)) {
    on_pod(pod->pod);
  } else if (const auto* ended = std::get_if<PodRemoved>(&event)) {
    on_pod_gone(ended->last);
  }
}

void NodeLifeWorld::on_node(const Node& node) {
  const auto found = seen_.find(node.id);
  if (found == seen_.end()) return;
  Node& seen = found->second;
  const std::string& entry = kubelets_.at(node.name).entry;
  if (node.ready_unknown && !seen.ready_unknown) {
    write("ready", now(), {node.name, "Unknown"}, entry);
  }
  const auto differ = [&](const char* list, const Node& with, const Node& without) {
    for (const Taint& taint : with.taints) {
      if (without.has_taint(taint.key, taint.effect)) continue;
      write(list, now(), {node.name, text_of(taint), std::string(name_of(taint.effect))}, entry);
    }
  };
  differ("taints_added", node, seen);
  differ("taints_removed", seen, node);
  seen = node;
}

void NodeLifeWorld::on_pod(const Pod& pod) {
  PodStory& story = pods_[pod.id];
  if (!pod.deletion_timestamp || story.marked) return;
  story.marked = now();
  write("pods_deleted", now(), {story.name}, story.entry);
  stop_pod(pod.id);
}

void NodeLifeWorld::on_pod_gone(const Pod& pod) {
  PodStory& story = pods_[pod.id];
  if (!story.marked) {
    story.marked = now();
    write("pods_deleted", now(), {story.name}, story.entry);
  }
  // The Job controller takes its finalizer off a second after it has heard of the pod's end.
  const bool is_job = pod.spec->owner == OwnerKind::kJob;
  const Duration held = is_job ? std::chrono::seconds(1) : Duration{};
  write("pods_gone", std::max(now(), *story.marked + held), {story.name}, story.entry);
}

}  // namespace casim::oracle
