#include "sim/apiserver/api_server.h"

#include <algorithm>
#include <cassert>
#include <utility>

#include "sim/cluster/node_condition.h"

namespace casim::sim {

namespace {

constexpr Duration kKubeletSync = std::chrono::seconds(10);

// Pods can go there: what the fact NodeReady says.
bool is_usable(const Node& node) {
  return node.ready && !node.has_taint(kNotReadyTaint, TaintEffect::kNoSchedule);
}

// Upstream's MaxDisruptedPodSize.
constexpr std::size_t kMostDisruptedPods = 2000;

// Whether an eviction may go on without the budget's leave: of a pod that is not healthy, where the
// budget is kept or lets such go.
bool is_let_go(const PodDisruptionBudget& pdb, const Pod& pod) {
  if (pod.ready_since) return false;
  if (pdb.unhealthy_pod_eviction == UnhealthyPodEvictionPolicy::kAlwaysAllow) return true;
  return pdb.current_healthy >= pdb.desired_healthy && pdb.desired_healthy > 0;
}

}  // namespace

ApiServer::ApiServer(Kernel& kernel, Cluster& cluster, FactSink& facts, Random random,
                     ApiServerConfig config)
    : kernel_(kernel),
      cluster_(cluster),
      facts_(facts),
      random_(random),
      config_(std::move(config)),
      claims_(cluster),
      watches_(kernel) {}

ApiClient& ApiServer::add_client(ApiClientConfig config) {
  return *clients_.emplace_back(std::make_unique<ApiClient>(*this, std::move(config)));
}

void ApiServer::end_clients(std::string_view name) {
  for (const auto& client : clients_) {
    if (client->config().name == name) client->die();
  }
}

void ApiServer::hold_clients(std::string_view name) {
  for (const auto& client : clients_) {
    if (client->config().name == name) client->hold();
  }
}

void ApiServer::release_clients(std::string_view name) {
  for (const auto& client : clients_) {
    if (client->config().name == name) client->release();
  }
}

void ApiServer::add_watcher(Watcher& watcher, WatchOptions options) {
  watches_.add(watcher, options);
  list(watcher);
}

void ApiServer::list(Watcher& watcher) const {
  cluster_.for_each_node([&](const NodePtr& node) { watcher.on_watch(NodeChanged{node}); });
  for (const Owner* owner : cluster_.owners()) watcher.on_watch(OwnerChanged{*owner});
  for (const auto& [key, pdb] : cluster_.pdbs()) watcher.on_watch(PdbChanged{pdb});
  cluster_.for_each_pod([&](const Pod& pod) { watcher.on_watch(PodChanged{pod}); });
}

void ApiServer::remove_watcher(Watcher& watcher) { watches_.remove(watcher); }

Duration ApiServer::write_latency(const char* purpose, std::uint64_t key, std::uint64_t n) const {
  if (const auto* constant = std::get_if<Constant>(&config_.write_latency.family())) {
    if (constant->value == 0) return Duration{};  // the common case of tests, without a draw
  }
  return config_.write_latency.duration(random_.uniform(purpose, key, n));
}

bool ApiServer::is_put_off(NodeId node, const std::string& name,
                           std::move_only_function<void()> again) {
  const bool others_wait = reports_.contains(node);
  if (!others_wait && !outages_.is_down(now())) return false;
  reports_[node].queue.push_back(std::move(again));
  if (!others_wait) await_kubelet(node, name);
  return true;
}

void ApiServer::await_kubelet(NodeId node, const std::string& name) {
  const TimePoint up = outages_.up_from(now());
  if (up == kTimeNever) return;
  const auto n = static_cast<std::uint64_t>(up.time_since_epoch().count());
  const double luck = random_.uniform("kubelet.sync", hash_bytes(name), n);
  const Duration later = from_seconds(luck * to_seconds(kKubeletSync));
  reports_.at(node).next = kernel_.at(up + later, Phase::kWorld, [this, node, name] {
    if (outages_.is_down(now())) return await_kubelet(node, name);
    std::vector<std::move_only_function<void()>> queue = std::move(reports_.at(node).queue);
    reports_.erase(node);
    for (auto& report : queue) report();
  });
}

void ApiServer::forget_reports(NodeId node) {
  const auto found = reports_.find(node);
  if (found == reports_.end()) return;
  kernel_.cancel(found->second.next);
  reports_.erase(found);
}

void ApiServer::publish_pod(const Pod& pod) { watches_.append(PodChanged{pod}); }

// --- pods

PodId ApiServer::create_pod(NewPod pod) {
  pod.created = now();
  pod.spec = claims_.spec_of(pod.spec);
  pod.gated |= !pod.spec->scheduling_gates.empty();
  if (pod.uid == 0) {
    pod.uid = random_.bits("workloads.pod_uid", hash_combine(pod.workload.value(), pod.index),
                           pod.incarnation);
  }
  const PodId id = cluster_.create_pod(std::move(pod), stamp());
  claims_.on_created(id);
  const PodLife& life = cluster_.life(id);
  const Pod& made = cluster_.pod(id);
  report(PodCreated{id, life.workload, life.index, life.replaces, made.is_daemon_set()});
  if (made.gated) report(PodGated{id});
  publish_pod(made);
  return id;
}

Result<void> ApiServer::bind(PodId id, NodeId node) {
  const Pod* pod = cluster_.find_pod(id);
  if (!pod) return failure(ErrorCode::kNotFound, "the pod is gone");
  if (!cluster_.node(node)) return failure(ErrorCode::kNotFound, "the node is gone");
  if (pod->node.is_valid()) return failure(ErrorCode::kConflict, "the pod is bound already");
  if (pod->deletion_timestamp) return failure(ErrorCode::kConflict, "the pod is being deleted");
  cluster_.bind(id, node, stamp());  // the kubelet takes it over at once
  report(PodBound{id, node});
  const std::vector<PodId> moved = claims_.on_bound(id);
  publish_pod(cluster_.pod(id));
  for (const PodId other : moved) publish_pod(cluster_.pod(other));
  return {};
}

Result<void> ApiServer::mark_unschedulable(PodId id, const std::optional<std::string>& nominated) {
  const Pod* pod = cluster_.find_pod(id);
  if (!pod) return failure(ErrorCode::kNotFound, "the pod is gone");
  if (pod->node.is_valid()) return {};  // the binding overtook it; its condition is True
  const bool is_first = !pod->unschedulable;
  const WallTime since = is_first ? stamp() : pod->unschedulable_since;
  cluster_.edit_pod(id, [&](Pod& next) {
    next.unschedulable = true;
    next.unschedulable_since = since;
    if (nominated) next.nominated_node = *nominated;
  });
  if (is_first) report(PodUnschedulable{id});
  publish_pod(cluster_.pod(id));
  return {};
}

Result<void> ApiServer::nominate(PodId id, const std::string& node) {
  if (!cluster_.find_pod(id)) return failure(ErrorCode::kNotFound, "the pod is gone");
  publish_pod(cluster_.edit_pod(id, [&](Pod& next) { next.nominated_node = node; }));
  return {};
}

Result<void> ApiServer::mark_preempted(PodId id) {
  if (!cluster_.find_pod(id)) return failure(ErrorCode::kNotFound, "the pod is gone");
  publish_pod(cluster_.edit_pod(id, [](Pod& next) { next.preempted = true; }));
  return {};
}

// An eviction needs an allowed disruption of the budget that selects the pod, and uses it up until
// the disruption controller counts anew; two budgets are an error. A budget whose spec the
// controller has not seen allows none [k8s: pkg/registry/core/pod/storage/eviction.go].
Result<void> ApiServer::take_disruption(const Pod& pod) {
  const PodDisruptionBudget* found = nullptr;
  for (const auto& [key, pdb] : cluster_.pdbs()) {
    if (key.first != pod.spec->namespace_name || !matches(pdb.selector, pod.spec->labels)) continue;
    if (found) return failure(ErrorCode::kInternal, "several budgets select the pod");
    found = &pdb;
  }
  if (!found || is_let_go(*found, pod)) return {};
  if (found->disrupted_pods.size() > kMostDisruptedPods) {
    return failure(ErrorCode::kPermissionDenied, "too many evictions that are not confirmed");
  }
  if (found->observed_generation < found->generation || found->disruptions_allowed <= 0) {
    return failure(ErrorCode::kResourceExhausted, "the disruption budget is used up");
  }
  PodDisruptionBudget next = *found;
  --next.disruptions_allowed;
  next.disrupted_pods[pod.name] = stamp();
  put_pdb(std::move(next));
  return {};
}

Result<void> ApiServer::delete_pod(PodId id, PodEnd how, Duration grace) {
  const Pod* pod = cluster_.find_pod(id);
  if (!pod) return failure(ErrorCode::kNotFound, "the pod is gone");
  if (pod->deletion_timestamp) return {};
  const bool has_ended = pod->succeeded || pod->failed;
  if (how == PodEnd::kEvicted && pod->running && !has_ended) {
    if (auto allowed = take_disruption(*pod); !allowed) return allowed;
  }
  // No grace for what runs nowhere.
  if (!pod->node.is_valid() || has_ended) {
    end_pod(id, how);
    return {};
  }
  cluster_.begin_deletion(id, how, cut_to_second(kernel_.wall(now() + grace)));
  publish_pod(cluster_.pod(id));
  return {};
}

void ApiServer::set_running(PodId id, bool is_ready) {
  const Pod* pod = cluster_.find_pod(id);
  if (!pod || pod->running) return;
  const auto again = [this, id, is_ready] { set_running(id, is_ready); };
  if (is_put_off(pod->node, pod->node_name, again)) return;
  cluster_.start(id, is_ready ? std::optional(stamp()) : std::nullopt);
  report(PodRunning{id});
  publish_pod(cluster_.pod(id));
}

void ApiServer::set_ready(PodId id, bool ready) {
  const Pod* pod = cluster_.find_pod(id);
  if (!pod || pod->ready_since.has_value() == ready) return;
  const auto again = [this, id, ready] { set_ready(id, ready); };
  if (is_put_off(pod->node, pod->node_name, again)) return;
  assert(pod->running);
  publish_pod(cluster_.edit_pod(id, [&](Pod& next) {
    next.ready_since.reset();
    if (ready) next.ready_since = stamp();
  }));
}

void ApiServer::complete(PodId id, bool succeeded) {
  const Pod* pod = cluster_.find_pod(id);
  const auto again = [this, id, succeeded] { complete(id, succeeded); };
  if (!pod || is_put_off(pod->node, pod->node_name, again)) return;
  if (!succeeded) cluster_.edit_pod(id, [](Pod& next) { next.failed = true; });
  end_pod(id, PodEnd::kCompleted);
}

void ApiServer::finish(PodId id, bool succeeded) {
  const Pod* pod = cluster_.find_pod(id);
  if (!pod ||
      is_put_off(pod->node, pod->node_name, [this, id, succeeded] { finish(id, succeeded); }))
    return;
  publish_pod(cluster_.edit_pod(id, [succeeded](Pod& next) {
    next.succeeded = succeeded;
    next.failed = !succeeded;
    next.ready_since.reset();
  }));
}

void ApiServer::finish_deletion(PodId id) {
  const Pod* pod = cluster_.find_pod(id);
  if (!pod || is_put_off(pod->node, pod->node_name, [this, id] { finish_deletion(id); })) return;
  assert(pod->deletion_timestamp);
  end_pod(id, cluster_.life(id).end);
}

Result<void> ApiServer::remove_pod(PodId id) {
  const Pod* pod = cluster_.find_pod(id);
  if (!pod) return failure(ErrorCode::kNotFound, "the pod is gone");
  end_pod(id, pod->deletion_timestamp ? cluster_.life(id).end : PodEnd::kLost);
  return {};
}

void ApiServer::ungate(PodId id) {
  const Pod* pod = cluster_.find_pod(id);
  if (!pod || !pod->gated) return;
  report(PodUngated{id});
  publish_pod(cluster_.edit_pod(id, [](Pod& next) { next.gated = false; }));
}

void ApiServer::end_pod(PodId id, PodEnd how) {
  PodRemoved removed{cluster_.pod(id)};
  cluster_.end(id, how);
  report(PodEnded{id, how});
  watches_.append(std::move(removed));
}

// --- nodes

NodeId ApiServer::create_node(NewNode fresh) {
  assert(!outages_.is_down(now()));
  const bool is_new = ready_status(fresh.node) == ReadyStatus::kFalse;
  if (is_new) set_taint(fresh.node, kNotReadyTaint, TaintEffect::kNoSchedule, true);
  fresh.node.last_transition = stamp();
  const NodeId id = cluster_.create_node(std::move(fresh.node), stamp());
  const NodePtr& node = cluster_.node(id);
  report(NodeRegistered{id, node->name, fresh.instance, fresh.group});
  if (is_usable(*node)) report(NodeReady{id});
  watches_.append(NodeChanged{node});
  return id;
}

void ApiServer::set_node_ready(NodeId id, bool ready) {
  const NodePtr& node = cluster_.node(id);
  const ReadyStatus status = ready ? ReadyStatus::kTrue : ReadyStatus::kFalse;
  if (!node || is_put_off(id, node->name, [this, id, ready] { set_node_ready(id, ready); })) return;
  if (ready_status(*node) == status) return;
  Node next = *node;
  set_ready_status(next, status, stamp());
  put_version(id, std::move(next));
}

void ApiServer::edit_node(NodeId id, const std::function<void(Node&)>& change) {
  const NodePtr& node = cluster_.node(id);
  if (!node || is_put_off(id, node->name, [this, id, change] { edit_node(id, change); })) return;
  Node next = *node;
  change(next);
  put_version(id, std::move(next));
}

Result<NodePtr> ApiServer::update_node(NodeId id, std::uint64_t resource_version,
                                       ApiClient::NodeChange& change) {
  if (!id.is_valid() || !cluster_.node(id)) return failure(ErrorCode::kNotFound, "no such node");
  const NodePtr& node = cluster_.node(id);
  if (resource_version != 0 && resource_version != node->resource_version) {
    return failure(ErrorCode::kConflict, "the node has changed since it was read");
  }
  Node next = *node;
  change(next);
  put_version(id, std::move(next));
  return cluster_.node(id);
}

void ApiServer::put_version(NodeId id, Node next) {
  const NodePtr old = cluster_.node(id);
  const NodePtr& node = cluster_.update_node(id, std::move(next));
  const bool to_be_deleted = node->has_taint(kToBeDeletedTaint);
  if (to_be_deleted != old->has_taint(kToBeDeletedTaint)) report(NodeTainted{id, to_be_deleted});
  if (is_usable(*node) && !is_usable(*old)) report(NodeReady{id});
  if (!is_usable(*node) && is_usable(*old)) report(NodeNotReady{id});
  watches_.append(NodeChanged{node});
}

void ApiServer::delete_node(NodeId id) {
  NodeRemoved removed{cluster_.node(id)};
  if (!removed.last) return;
  cluster_.remove_node(id);
  report(NodeGone{id});
  watches_.append(std::move(removed));
}

// --- owners and budgets

void ApiServer::put_owner(Owner owner) {
  cluster_.put_owner(owner);
  watches_.append(OwnerChanged{std::move(owner)});
}

void ApiServer::remove_owner(const std::string& uid) {
  const Owner* const found = cluster_.find_owner(uid);
  if (found == nullptr) return;
  OwnerRemoved removed{*found};
  cluster_.remove_owner(uid);
  watches_.append(std::move(removed));
}

void ApiServer::put_pdb(PodDisruptionBudget pdb) {
  watches_.append(PdbChanged{cluster_.put_pdb(std::move(pdb))});
}

}  // namespace casim::sim
