#include "sim/live/node_mirror.h"

#include <algorithm>
#include <utility>
#include <variant>
#include <vector>

#include <fmt/format.h>

#include "sim/cluster/node_condition.h"

namespace casim::sim {
namespace {

using nlohmann::json;

// Of kubelets: algorithm 5.6.
constexpr Duration kLeasePeriod = std::chrono::seconds(10);
constexpr Duration kStatusPeriod = std::chrono::minutes(5);
// How often the mirror looks whose lease is due.
constexpr Duration kLook = std::chrono::seconds(1);

// After a deletion.
bool is_gone(const Result<json>& reply) {
  return reply || reply.error().code == ErrorCode::kNotFound;
}

std::string pods_path(const std::string& node) {
  return fmt::format("/api/v1/pods?fieldSelector=spec.nodeName%3D{}", node);
}

// Of the listed pods, those of the node.
std::vector<KubeRequest> deletions_of(const json& pods, const std::string& node) {
  std::vector<KubeRequest> out;
  const auto items = pods.find("items");
  if (items == pods.end() || !items->is_array()) return out;
  for (const json& pod : *items) {
    if (text_at(pod, "/spec/nodeName") != node) continue;
    out.push_back(
        delete_of(pod_path(text_at(pod, "/metadata/namespace"), text_at(pod, "/metadata/name")),
                  deletion_at_once(text_at(pod, "/metadata/uid"))));
  }
  return out;
}

bool is_same(const json& given, const Taint& taint) {
  return text_at(given, "/key") == taint.key && text_at(given, "/effect") == name_of(taint.effect);
}

bool has(const std::vector<Taint>& taints, const Taint& taint) {
  return std::ranges::find(taints, taint) != taints.end();
}

// The taints of the API server's node with the fleet's changes since `before`; null: as it is.
json changed_taints(const json& current, const Node* before, const Node& after) {
  const json::json_pointer where("/spec/taints");
  json taints = current.contains(where) ? current[where] : json::array();
  const json as_it_was = taints;
  const std::vector<Taint> none;
  const std::vector<Taint>& old = before != nullptr ? before->taints : none;
  for (const Taint& taint : old) {
    if (has(after.taints, taint)) continue;
    std::erase_if(taints.get_ref<json::array_t&>(),
                  [&](const json& given) { return is_same(given, taint); });
  }
  for (const Taint& taint : after.taints) {
    if (has(old, taint)) continue;
    const auto is_it = [&](const json& given) { return is_same(given, taint); };
    if (std::ranges::none_of(taints, is_it)) taints.push_back(taint_object(taint));
  }
  return taints == as_it_was ? json() : taints;
}

// Labels and annotations that are new or have another value; null as a value: one that is gone.
json changed_labels(const Labels& before, const Labels& after) {
  json changes = json::object();
  for (const auto& [key, value] : after) {
    const auto old = before.find(key);
    if (old == before.end() || old->second != value) changes[key] = value;
  }
  for (const auto& [key, value] : before) {
    if (!after.contains(key)) changes[key] = nullptr;
  }
  return changes;
}

// What makes the API server's node the wanted one, but for its status; null: nothing.
json changes_of(const json& current, const Node* before, const Node& after) {
  const Labels none;
  json patch = json::object();
  const json labels = changed_labels(before ? before->labels : none, after.labels);
  if (!labels.empty()) patch["metadata"]["labels"] = labels;
  const json annotations = changed_labels(before ? before->annotations : none, after.annotations);
  if (!annotations.empty()) patch["metadata"]["annotations"] = annotations;
  json taints = changed_taints(current, before, after);
  if (!taints.is_null()) patch["spec"]["taints"] = std::move(taints);
  if ((before != nullptr && before->unschedulable) != after.unschedulable) {
    patch["spec"]["unschedulable"] = after.unschedulable;
  }
  if (patch.empty()) return json();
  patch["metadata"]["resourceVersion"] = text_at(current, "/metadata/resourceVersion");
  return patch;
}

}  // namespace

Awaitable<Result<json>> NodeMirror::ask(KubeRequest request) {
  const Semaphore::Permit turn = co_await ports_.turns.acquire();
  co_return co_await call(ports_.kube, std::move(request));
}

Awaitable<Result<void>> NodeMirror::clear_leftovers() {
  const Result<json> listed =
      co_await ask(get_of(fmt::format("{}?labelSelector={}", kNodesPath, kLiveLabel)));
  if (!listed) co_return std::unexpected(listed.error());
  const auto items = listed->find("items");
  if (items == listed->end() || !items->is_array()) co_return Result<void>();
  for (const json& item : *items) {
    const std::string name = text_at(item, "/metadata/name");
    const Result<json> pods = co_await ask(get_of(pods_path(name)));
    if (!pods) co_return std::unexpected(pods.error());
    // A node of this session may have the same name, and must not inherit them.
    for (const KubeRequest& deletion : deletions_of(*pods, name)) {
      const Result<json> gone = co_await ask(deletion);
      if (!gone && gone.error().code == ErrorCode::kUnavailable) {
        co_return std::unexpected(gone.error());
      }
    }
    const Result<void> removed = co_await remove(name);
    if (!removed) co_return removed;
  }
  co_return Result<void>();
}

void NodeMirror::on_watch(const WatchEvent& event) {
  if (const auto* changed = std::get_if<NodeChanged>(&event)) {
    gone_.erase(changed->node->name);
    want(changed->node->name, changed->node);
  } else if (const auto* removed = std::get_if<NodeRemoved>(&event)) {
    gone_.insert(removed->last->name);
    want(removed->last->name, nullptr);
  }
}

void NodeMirror::want(const std::string& name, NodePtr node) {
  Entry& entry = entries_[name];
  const bool is_same_status =
      node && entry.wanted && ready_status(*entry.wanted) == ready_status(*node);
  if (node && !is_same_status) entry.ready_changed = ports_.clock.wall_now();
  entry.wanted = std::move(node);
  if (entry.is_busy) return;  // its task looks again
  entry.is_busy = true;
  ports_.scope.spawn(write(name));
}

Awaitable<void> NodeMirror::write(std::string name) {
  Entry& entry = entries_.at(name);
  std::string said;
  for (int tries = 0;;) {
    const NodePtr wanted = entry.wanted;
    const Result<void> written = co_await write_once(name, entry, wanted);
    if (written) {
      tries = 0;
      if (wanted == entry.wanted) break;
      continue;
    }
    ++totals_.failures;
    const ErrorCode code = written.error().code;
    // Somebody else was faster: read again at once, but not for ever.
    if (code == ErrorCode::kConflict && tries < 3) {
      ++tries;
      continue;
    }
    if (code != ErrorCode::kConflict && said != written.error().message) {
      said = written.error().message;
      ports_.complain(said);
    }
    co_await ports_.clock.sleep_for(mirror_backoff(++tries));
  }
  entry.is_busy = false;
  if (!entry.wanted) entries_.erase(name);
}

Awaitable<Result<void>> NodeMirror::write_once(const std::string& name, Entry& entry,
                                               NodePtr wanted) {
  if (!wanted) {
    const Result<void> removed = co_await remove(name);
    if (removed) ++totals_.deleted;
    co_return removed;
  }
  if (!entry.is_there) {
    const Result<void> created = co_await create(entry, wanted);
    if (!created || entry.written == wanted) co_return created;
  }
  if (entry.written == wanted) co_return Result<void>();
  co_return co_await update(entry, wanted);
}

Awaitable<Result<void>> NodeMirror::create(Entry& entry, NodePtr wanted) {
  const Result<json> made =
      co_await ask(post_of(kNodesPath, node_object(*wanted, times_of(entry))));
  if (made) {
    ++totals_.created;
    entry.is_there = true;
    entry.written = wanted;
    entry.posted = ports_.clock.now();
    co_return Result<void>();
  }
  // Its answer was lost, or it is of an earlier session: made the same by an update.
  if (made.error().code != ErrorCode::kAlreadyExists) co_return std::unexpected(made.error());
  entry.is_there = true;
  entry.written = nullptr;
  co_return Result<void>();
}

Awaitable<Result<void>> NodeMirror::update(Entry& entry, NodePtr wanted) {
  const std::string path = node_path(wanted->name);
  const Result<json> current = co_await ask(get_of(path));
  if (!current) {
    if (current.error().code == ErrorCode::kNotFound) entry.is_there = false;
    co_return std::unexpected(current.error());
  }
  const json changes = changes_of(*current, entry.written.get(), *wanted);
  if (!changes.is_null()) {
    const Result<json> patched = co_await ask(patch_of(path, changes, kMergePatch));
    if (!patched) co_return std::unexpected(patched.error());
  }
  const Result<void> posted = co_await post_status(entry, wanted);
  if (posted) entry.written = wanted;
  co_return posted;
}

Awaitable<Result<void>> NodeMirror::post_status(Entry& entry, NodePtr wanted) {
  entry.posted = ports_.clock.now();
  const std::string path = node_path(wanted->name) + "/status";
  const Result<json> patched =
      co_await ask(patch_of(path, node_status(*wanted, times_of(entry)), kStrategicPatch));
  if (patched) co_return Result<void>();
  if (patched.error().code == ErrorCode::kNotFound) entry.is_there = false;
  co_return std::unexpected(patched.error());
}

Awaitable<Result<void>> NodeMirror::remove(const std::string& name) {
  gone_.insert(name);
  const Result<json> node = co_await ask(delete_of(node_path(name)));
  if (!is_gone(node)) co_return std::unexpected(node.error());
  const Result<json> lease = co_await ask(delete_of(lease_path(name)));
  if (!is_gone(lease)) co_return std::unexpected(lease.error());
  co_return Result<void>();
}

// --- signs of life

Awaitable<void> NodeMirror::keep_alive() {
  for (;;) {
    co_await ports_.clock.sleep_for(kLook);
    for (auto& [name, entry] : entries_) {
      if (!entry.is_busy && is_due(entry)) {
        entry.is_busy = true;
        ports_.scope.spawn(beat(name));
      }
    }
  }
}

// Its kubelet has given a sign of life since the last that the API server knows of.
bool NodeMirror::is_due(Entry& entry) {
  if (!entry.is_there || !entry.wanted) return false;
  if (entry.has_lease && ports_.clock.now() - entry.renewed < kLeasePeriod) return false;
  const Heartbeat* heartbeat = heartbeats_.find(entry.wanted->id);
  if (heartbeat == nullptr) return false;
  const auto newest = heartbeat->renewed_at(ports_.world.now());
  if (!newest || newest == entry.beat) return false;
  entry.beat = newest;
  return true;
}

Awaitable<void> NodeMirror::beat(std::string name) {
  Entry& entry = entries_.at(name);
  entry.renewed = ports_.clock.now();
  Result<void> done = co_await renew(name, entry);
  if (done && entry.wanted && entry.renewed - entry.posted >= kStatusPeriod) {
    done = co_await post_status(entry, entry.wanted);
  }
  if (!done) ++totals_.failures;
  // It is gone at the API server: created anew. Anything else is tried again at the next beat.
  const bool is_lost = !entry.is_there;
  if (is_lost) entry.written = nullptr;
  if (entry.wanted && entry.wanted == entry.written) {
    entry.is_busy = false;
    co_return;
  }
  ports_.scope.spawn(write(name));
}

Awaitable<Result<void>> NodeMirror::renew(const std::string& name, Entry& entry) {
  const WallTime now = ports_.clock.wall_now();
  if (entry.has_lease) {
    const Result<json> renewed =
        co_await ask(patch_of(lease_path(name), lease_renewal(now), kMergePatch));
    if (renewed) co_return Result<void>();
    if (renewed.error().code != ErrorCode::kNotFound) co_return std::unexpected(renewed.error());
  }
  const Result<json> made = co_await ask(post_of(kLeasesPath, lease_object(name, now)));
  entry.has_lease = made || made.error().code == ErrorCode::kAlreadyExists;
  if (made || entry.has_lease) co_return Result<void>();
  co_return std::unexpected(made.error());
}

NodePtr NodeMirror::find(const std::string& name) const {
  const auto found = entries_.find(name);
  return found == entries_.end() ? nullptr : found->second.wanted;
}

}  // namespace casim::sim
