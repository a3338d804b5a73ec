#include "sim/live/pod_player.h"

#include <algorithm>
#include <utility>

#include "sim/live/kube_objects.h"
#include "src/config/units.h"

namespace casim::sim {
namespace {

using nlohmann::json;

constexpr Duration kPeriod = std::chrono::seconds(1);

// Those that are bound and not over; what the API server's cache has will do.
constexpr const char* kBoundPods =
    "/api/v1/pods?resourceVersion=0&fieldSelector="
    "spec.nodeName%21%3D%2Cstatus.phase%21%3DSucceeded%2Cstatus.phase%21%3DFailed";

// The machine of a node, as NodeLife names it.
std::string machine_of(const Node& node) {
  if (node.provider_id.empty()) return node.name;
  return node.provider_id.substr(node.provider_id.rfind('/') + 1);
}

}  // namespace

PodPlayer::~PodPlayer() {
  for (auto& [uid, task] : tasks_) ports_.world.cancel(task.next);
}

Awaitable<void> PodPlayer::play() {
  for (int tries = 0;;) {
    const Result<void> seen = co_await look();
    if (seen) {
      tries = 0;
      said_.clear();
      co_await ports_.clock.sleep_for(kPeriod);
      continue;
    }
    ++totals_.failures;
    if (said_ != seen.error().message) ports_.complain(seen.error().message);
    said_ = seen.error().message;
    co_await ports_.clock.sleep_for(mirror_backoff(++tries));
  }
}

Awaitable<Result<void>> PodPlayer::look() {
  const Result<json> listed = co_await call(ports_.kube, get_of(kBoundPods));
  if (!listed) co_return std::unexpected(listed.error());
  ++round_;
  const auto items = listed->find("items");
  if (items != listed->end() && items->is_array()) {
    for (const json& pod : *items) see(pod);
  }
  forget_unseen();
  co_return Result<void>();
}

void PodPlayer::see(const json& pod) {
  const std::string uid = text_at(pod, "/metadata/uid");
  const std::string node = text_at(pod, "/spec/nodeName");
  const bool is_orphan = parts_.nodes.was_ours(node);
  if (uid.empty() || (!is_orphan && !parts_.nodes.find(node))) return;
  const auto [found, is_new] = tasks_.try_emplace(uid);
  Task& task = found->second;
  task.round = round_;
  if (task.stage == Stage::kGone) return;
  if (is_new) {
    task.namespace_name = text_at(pod, "/metadata/namespace");
    task.name = text_at(pod, "/metadata/name");
    task.node = node;
  }
  if (is_orphan) {
    if (task.stage != Stage::kStopping || !task.is_due) begin(uid, task, Stage::kStopping, {});
  } else if (!text_at(pod, "/metadata/deletionTimestamp").empty()) {
    if (task.stage != Stage::kStopping) {
      begin(uid, task, Stage::kStopping, time_to_stop(pod, uid));
    }
  } else if (is_new && text_at(pod, "/status/phase") == "Running") {
    task.stage = Stage::kRunning;  // by an earlier session
  } else if (is_new) {
    task.pod = pod;
    begin(uid, task, Stage::kStarting, draw(config_.start, "kubelet.pod_start", uid));
  }
  act(uid, task);  // what has failed, or could not be done on a machine that was off
}

void PodPlayer::begin(const std::string& uid, Task& task, Stage stage, Duration latency) {
  ports_.world.cancel(task.next);
  task.stage = stage;
  task.is_due = latency <= Duration{};
  if (task.is_due) return;
  task.next = ports_.world.after(latency, Phase::kWorld, [this, uid] { become_due(uid); });
}

void PodPlayer::become_due(const std::string& uid) {
  Task& task = tasks_.at(uid);
  task.is_due = true;
  act(uid, task);
}

void PodPlayer::act(const std::string& uid, Task& task) {
  if (!task.is_due || task.is_busy) return;
  if (task.stage != Stage::kStarting && task.stage != Stage::kStopping) return;
  if (!parts_.nodes.was_ours(task.node) && !can_act(task.node)) return;
  task.is_busy = true;
  ports_.scope.spawn(task.stage == Stage::kStarting ? run(uid) : remove(uid));
}

bool PodPlayer::can_act(const std::string& node) const {
  const NodePtr object = parts_.nodes.find(node);
  return object && parts_.machines.can_act(machine_of(*object));
}

Awaitable<void> PodPlayer::run(std::string uid) {
  Task& task = tasks_.at(uid);
  const std::string path = pod_path(task.namespace_name, task.name) + "/status";
  const json status = running_status(task.pod, ports_.clock.wall_now());
  const Semaphore::Permit turn = co_await ports_.turns.acquire();
  const Result<json> patched = co_await call(ports_.kube, patch_of(path, status, kStrategicPatch));
  task.is_busy = false;
  if (!patched) {
    ++totals_.failures;  // the next list tries again, or has it no more
    co_return;
  }
  ++totals_.started;
  task.pod = nullptr;
  if (task.stage == Stage::kStarting) task.stage = Stage::kRunning;
}

Awaitable<void> PodPlayer::remove(std::string uid) {
  Task& task = tasks_.at(uid);
  const std::string path = pod_path(task.namespace_name, task.name);
  const Semaphore::Permit turn = co_await ports_.turns.acquire();
  const Result<json> removed = co_await call(ports_.kube, delete_of(path, deletion_at_once(uid)));
  task.is_busy = false;
  if (removed) {
    ++totals_.deleted;
  } else if (removed.error().code != ErrorCode::kNotFound &&
             removed.error().code != ErrorCode::kConflict) {
    ++totals_.failures;
    co_return;
  }
  // Or another pod has its name now. A list that is older than this must not bring it back.
  task.stage = Stage::kGone;
}

void PodPlayer::forget_unseen() {
  for (auto it = tasks_.begin(); it != tasks_.end();) {
    if (it->second.round == round_ || it->second.is_busy) {
      ++it;
      continue;
    }
    ports_.world.cancel(it->second.next);
    it = tasks_.erase(it);
  }
}

Duration PodPlayer::draw(const Distribution& latency, const char* purpose,
                         const std::string& uid) const {
  return latency.duration(parts_.random.uniform(purpose, hash_bytes(uid), 0));
}

// At most until its deletionTimestamp, which is the end of its grace period.
Duration PodPlayer::time_to_stop(const json& pod, const std::string& uid) const {
  const Duration needed = draw(config_.stop, "kubelet.pod_stop", uid);
  const auto end = config::parse_wall_time(text_at(pod, "/metadata/deletionTimestamp"));
  if (!end) return needed;
  return std::clamp(*end - ports_.clock.wall_now(), Duration{}, needed);
}

}  // namespace casim::sim
