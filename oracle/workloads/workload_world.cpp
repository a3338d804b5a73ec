#include "oracle/workloads/workload_world.h"

#include <stdexcept>
#include <utility>

#include "oracle/judge/strict_json.h"

namespace casim::oracle {

using namespace casim::sim;

namespace {

constexpr const char* kAnyNode = "any";  // of a case without nodes
constexpr const char* kRevision = "revision";

}  // namespace

WorkloadWorld::WorkloadWorld(const Json& given)
    : given_(given),
      scripts_(given),
      kernel_(WallTime(std::chrono::days(20'000))),  // midnight
      api_(kernel_, cluster_, *this, Random(1),
           {.write_latency =
                Distribution::constant(from_seconds(given.value("write_latency_s", 0.0)))}),
      informer_(api_) {
  api_.admit_pods_by([this](const NewPod&) { return admit(); });
  informer_.add(static_cast<Watcher&>(*this));
  for (const Json& entry : list_of(given, "nodes")) {
    for (Node& node : workload_nodes_of(entry)) api_.create_node({std::move(node), "", ""});
  }
  if (!given.contains("nodes")) {
    const Json any = {{"name", kAnyNode}};
    api_.create_node({workload_nodes_of(any).front(), "", ""});
  }
  for (const Json& event : list_of(given, "events")) {
    kernel_.at(workload_time_of(event.at("t")), Phase::kWorld, [this, &event] { apply(event); });
  }
}

void WorkloadWorld::on(const std::string& type, OnEvent what) { on_event_[type] = std::move(what); }

void WorkloadWorld::at(double t, std::function<void()> what) {
  kernel_.at(workload_time_of(t), Phase::kWorld, std::move(what));
}

void WorkloadWorld::at_creation(std::function<void()> what) {
  at(given_.at("created_at_s"), std::move(what));
}

void WorkloadWorld::run() {
  informer_.start({});
  constexpr std::uint64_t kEventLimit = 50'000'000;
  const TimePoint end = workload_time_of(given_.at("duration_s"));
  if (kernel_.run(end, kEventLimit) == Kernel::Stop::kEventLimit) {
    throw std::runtime_error("it does not end");
  }
  if (const auto broken = cluster_.broken_invariant()) throw std::runtime_error(*broken);
}

ApiClientConfig WorkloadWorld::client(std::string name) const {
  ApiClientConfig config;
  config.name = std::move(name);
  config.qps = given_.value("qps", 0.0);
  config.burst = given_.value("burst", 0);
  return config;
}

PodSpecPtr WorkloadWorld::spec(OwnerKind kind, const std::string& uid,
                               const std::string& revision) const {
  PodSpec spec;
  spec.workload = spec.name_prefix = spec.owner_uid = uid;
  spec.owner = kind;
  spec.labels = {{"app", uid}, {kRevision, revision}};
  spec.requests.pods = 1;
  spec.requests.cpu = MilliCpu(script_of(given_.value("pod", Json::object())).cpu_request_m);
  return std::make_shared<const PodSpec>(std::move(spec));
}

Owner WorkloadWorld::owner(OwnerKind kind, const std::string& uid) {
  Owner owner;
  owner.kind = kind;
  owner.uid = owner.name = uid;
  owner.namespace_name = "default";
  return owner;
}

// --- what happens to pods

void WorkloadWorld::on_watch(const WatchEvent& event) {
  if (const auto* changed = std::get_if<PodChanged>(&event)) {
    on_pod(changed->pod);
  } else if (const auto* removed = std::get_if<PodRemoved>(&event)) {
    MadePod& story = stories_[number_of_.at(removed->last.id)];
    if (!story.deleted) story.deleted = now();
  }
}

void WorkloadWorld::on_pod(const Pod& pod) {
  const auto [known, is_new] = number_of_.try_emplace(pod.id, stories_.size());
  const std::size_t number = known->second;
  if (is_new) {
    MadePod& story = stories_.emplace_back();
    story.pod = pod.id;
    story.node = pod.target_node;
    story.index = cluster_.life(pod.id).index;
    story.created = pod.created;
    const auto revision = pod.spec->labels.find(kRevision);
    if (revision != pod.spec->labels.end()) story.revision = revision->second;
    const std::uint64_t attempt = tries_[{pod.spec->owner_uid, story.index}]++;
    begin(pod, scripts_.of(number, story.revision, story.index, attempt));
  }
  MadePod& story = stories_[number];
  if (!pod.deletion_timestamp || story.deleted) return;
  story.deleted = now();
  kernel_.after(script_of_[number].stop, Phase::kWorld,
                [this, id = pod.id] { api_.finish_deletion(id); });
}

void WorkloadWorld::begin(const Pod& pod, PodScript script) {
  const std::size_t number = script_of_.size();
  script_of_.push_back(script);
  if (pod.node.is_valid() || pod.deletion_timestamp || !script.bind) return;
  const TimePoint when = std::max(now(), pod.created + *script.bind);
  kernel_.at(when, Phase::kWorld, [this, number] { bind(number); });
}

void WorkloadWorld::bind(std::size_t number) {
  MadePod& story = stories_[number];
  const Pod* pod = cluster_.find_pod(story.pod);
  if (pod == nullptr) return;
  if (story.node.empty()) {
    cluster_.for_each_node([&](const NodePtr& node) {
      if (story.node.empty()) story.node = node->name;
    });
  }
  const NodeId node = cluster_.find_node(story.node);
  if (!node.is_valid() || !api_.bind(story.pod, node)) return;
  kernel_.after(script_of_[number].start, Phase::kWorld, [this, number] { start(number); });
}

void WorkloadWorld::start(std::size_t number) {
  const PodScript& script = script_of_[number];
  const PodId id = stories_[number].pod;
  const auto lives = [this, id] {
    const Pod* pod = cluster_.find_pod(id);
    return pod != nullptr && !pod->deletion_timestamp && !pod->succeeded && !pod->failed;
  };
  if (!lives()) return;
  api_.set_running(id, script.ready == Duration{});
  if (script.ready && *script.ready > Duration{}) {
    kernel_.after(*script.ready, Phase::kWorld, [this, id, lives] {
      if (lives()) api_.set_ready(id, true);
    });
  }
  if (script.run > Duration{}) {
    kernel_.after(script.run, Phase::kWorld, [this, id, lives, fail = script.fail] {
      if (lives()) api_.finish(id, !fail);
    });
  }
}

Result<void> WorkloadWorld::admit() const {
  if (has_create_errors_) return failure(ErrorCode::kInternal, "server error");
  if (quota_ == 0) return {};
  std::uint64_t pods = 0;
  cluster_.for_each_pod([&](const Pod& pod) { pods += pod.succeeded || pod.failed ? 0 : 1; });
  if (pods < quota_) return {};
  return failure(ErrorCode::kPermissionDenied, "exceeded quota");
}

// --- what people do

void WorkloadWorld::apply(const Json& event) {
  check_keys(event, {"t", "type", "value", "name", "flag", "taints", "node"});
  const std::string type = event.at("type");
  if (const auto found = on_event_.find(type); found != on_event_.end()) {
    found->second(event);
  } else if (type == "quota") {
    quota_ = event.at("value");
  } else if (type == "create_errors") {
    has_create_errors_ = event.at("flag");
  } else if (!apply_to_pod(type, event) && !apply_to_node(type, event)) {
    throw std::runtime_error("unknown event " + type);
  }
}

bool WorkloadWorld::apply_to_pod(const std::string& type, const Json& event) {
  if (!type.starts_with("pod_")) return false;
  const auto number = event.at("value").get<std::size_t>();
  if (number >= stories_.size()) return true;  // never made
  const PodId id = stories_[number].pod;
  const Pod* pod = cluster_.find_pod(id);
  if (pod == nullptr) return true;
  if (type == "pod_delete") {
    static_cast<void>(api_.delete_pod(id, PodEnd::kDeleted, pod->spec->grace));
  } else if (type == "pod_fail" || type == "pod_succeed") {
    api_.finish(id, type == "pod_succeed");
  } else if (type == "pod_ready" || type == "pod_unready") {
    if (pod->running) api_.set_ready(id, type == "pod_ready");
  } else {
    return false;
  }
  return true;
}

bool WorkloadWorld::apply_to_node(const std::string& type, const Json& event) {
  if (type == "node_add") {
    for (Node& node : workload_nodes_of(event.at("node"))) {
      api_.create_node({std::move(node), "", ""});
    }
    return true;
  }
  if (type != "node_delete" && type != "node_taints" && type != "node_labels") return false;
  const std::string name = event.at("name");
  const NodeId node = cluster_.find_node(name);
  if (!node.is_valid()) throw std::runtime_error("no node " + name);
  if (type == "node_delete") {
    api_.delete_node(node);
  } else if (type == "node_taints") {
    std::vector<Taint> taints;
    for (const Json& taint : event.at("taints")) taints.push_back(workload_taint_of(taint));
    api_.edit_node(node, [&taints](Node& next) { next.taints = taints; });
  } else {
    const auto labels = event.at("node").value("labels", Labels{});
    api_.edit_node(node, [&labels](Node& next) { next.labels = labels; });
  }
  return true;
}

}  // namespace casim::oracle
