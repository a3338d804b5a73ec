#include "sim/controllers/taint_eviction.h"

#include <algorithm>
#include <utility>

namespace casim::sim {
namespace {

std::vector<Taint> no_execute_taints(const Node& node) {
  std::vector<Taint> taints;
  for (const Taint& taint : node.taints) {
    if (taint.effect == TaintEffect::kNoExecute) taints.push_back(taint);
  }
  return taints;
}

}  // namespace

std::optional<Duration> tolerated_for(const std::vector<Toleration>& tolerations,
                                      const std::vector<Taint>& taints) {
  std::optional<Duration> least;
  for (const Taint& taint : taints) {
    const auto used = std::ranges::find_if(
        tolerations, [&](const Toleration& one) { return one.tolerates(taint); });
    if (used == tolerations.end()) return Duration{};
    if (!used->toleration_seconds) continue;
    const Duration time =
        std::chrono::seconds(std::max<std::int64_t>(0, *used->toleration_seconds));
    least = std::min(least.value_or(time), time);
  }
  return least;
}

TaintEviction::TaintEviction(Kernel& kernel, ApiServer& api, ApiClientConfig client)
    : kernel_(kernel), api_(api), client_(api.add_client(std::move(client))) {}

TaintEviction::~TaintEviction() {
  for (const auto& [pod, countdown] : countdowns_) kernel_.cancel(countdown.end);
}

void TaintEviction::on_watch(const WatchEvent& event) {
  if (const auto* changed = std::get_if<NodeChanged>(&event)) {
    on_node(*changed->node);
  } else if (const auto* gone = std::get_if<NodeRemoved>(&event)) {
    tainted_.erase(gone->last->id.value());  // countdowns go on
  } else if (const auto* pod = std::get_if<PodChanged>(&event)) {
    on_pod(pod->pod);
  } else if (const auto* ended = std::get_if<PodRemoved>(&event)) {
    if (!countdowns_.empty()) call_off(ended->last.id);
  }
}

void TaintEviction::on_node(const Node& node) {
  std::vector<Taint> taints = no_execute_taints(node);
  const auto known = tainted_.find(node.id.value());
  if (known == tainted_.end() ? taints.empty() : known->second == taints) return;
  const std::vector<PodId> pods = api_.cluster().pods_on(node.id);
  if (taints.empty()) {
    tainted_.erase(known);
    for (const PodId pod : pods) call_off(pod);
    return;
  }
  const std::vector<Taint>& now = tainted_[node.id.value()] = std::move(taints);
  for (const PodId pod : pods) judge(api_.cluster().pod(pod), now);
}

void TaintEviction::on_pod(const Pod& pod) {
  if (tainted_.empty() || !pod.node.is_valid()) return;
  const auto tainted = tainted_.find(pod.node.value());
  if (tainted != tainted_.end()) judge(pod, tainted->second);
}

void TaintEviction::judge(const Pod& pod, const std::vector<Taint>& taints) {
  const TimePoint now = kernel_.now();
  const std::optional<Duration> tolerated = tolerated_for(pod.spec->tolerations, taints);
  if (!tolerated) return call_off(pod.id);
  const auto known = countdowns_.find(pod.id.value());
  if (known != countdowns_.end()) {
    if (known->second.has_ended) return;
    if (*tolerated > Duration{} && known->second.begun < now) return;
    kernel_.cancel(known->second.end);
  }
  Countdown& countdown = countdowns_[pod.id.value()];
  countdown.begun = now;
  countdown.end = kernel_.after(*tolerated, Phase::kWorld, [this, id = pod.id] { evict(id); });
}

void TaintEviction::call_off(PodId pod) {
  const auto found = countdowns_.find(pod.value());
  if (found == countdowns_.end()) return;
  kernel_.cancel(found->second.end);
  countdowns_.erase(found);
}

void TaintEviction::evict(PodId id) {
  countdowns_.at(id.value()).has_ended = true;
  const Pod* pod = api_.cluster().find_pod(id);
  if (pod == nullptr) return;
  client_.touch();  // its condition DisruptionTarget
  client_.delete_pod(id, PodEnd::kLost, pod->spec->grace, [](const Result<void>&) {});
}

}  // namespace casim::sim
