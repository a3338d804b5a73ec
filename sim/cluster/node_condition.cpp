#include "sim/cluster/node_condition.h"

#include <algorithm>

namespace casim::sim {
namespace {

// [k8s:plugin/pkg/admission/defaulttolerationseconds]
constexpr std::int64_t kDefaultTolerationSeconds = 300;

}  // namespace

ReadyStatus ready_status(const Node& node) {
  if (!node.has_ready_condition) return ReadyStatus::kMissing;
  if (node.ready) return ReadyStatus::kTrue;
  return node.ready_unknown ? ReadyStatus::kUnknown : ReadyStatus::kFalse;
}

void set_ready_status(Node& node, ReadyStatus status, WallTime stamp) {
  if (ready_status(node) != status) node.last_transition = stamp;
  node.ready = status == ReadyStatus::kTrue;
  node.ready_unknown = status == ReadyStatus::kUnknown;
  node.has_ready_condition = status != ReadyStatus::kMissing;
  set_condition_taints(node);
}

bool set_taint(Node& node, std::string_view key, TaintEffect effect, bool wanted) {
  if (node.has_taint(key, effect) == wanted) return false;
  if (wanted) {
    node.taints.push_back({std::string(key), "", effect});
  } else {
    std::erase_if(node.taints,
                  [&](const Taint& taint) { return taint.key == key && taint.effect == effect; });
  }
  return true;
}

bool set_condition_taints(Node& node) {
  const ReadyStatus status = ready_status(node);
  const bool not_ready =
      set_taint(node, kNotReadyTaint, TaintEffect::kNoSchedule, status == ReadyStatus::kFalse);
  const bool unreachable =
      set_taint(node, kUnreachableTaint, TaintEffect::kNoSchedule, status == ReadyStatus::kUnknown);
  return not_ready || unreachable;
}

bool has_right_condition_taints(const Node& node) {
  const ReadyStatus status = ready_status(node);
  const auto is_right = [&](std::string_view key, ReadyStatus its_status) {
    return node.has_taint(key, TaintEffect::kNoSchedule) == (status == its_status);
  };
  return is_right(kNotReadyTaint, ReadyStatus::kFalse) &&
         is_right(kUnreachableTaint, ReadyStatus::kUnknown);
}

void add_default_tolerations(PodSpec& pod) {
  for (const std::string_view key : {kNotReadyTaint, kUnreachableTaint}) {
    const bool has_own = std::ranges::any_of(pod.tolerations, [&](const Toleration& own) {
      return (own.key == key || own.key.empty()) &&
             (!own.effect || own.effect == TaintEffect::kNoExecute);
    });
    if (has_own) continue;
    pod.tolerations.push_back({std::string(key), Toleration::Operator::kExists, "",
                               TaintEffect::kNoExecute, kDefaultTolerationSeconds});
  }
}

}  // namespace casim::sim
