#include "sim/autoscaler/simulator/drainability.h"

#include <algorithm>

#include "sim/autoscaler/cluster/pod_list.h"

namespace casim::sim {
namespace {

enum class Outcome { kUndefined, kDrain, kSkip, kBlock, kWait };

struct Verdict {
  Outcome outcome = Outcome::kUndefined;
  std::string_view reason;
};

constexpr Verdict block(std::string_view reason) { return Verdict{Outcome::kBlock, reason}; }

constexpr Verdict kDrain{Outcome::kDrain, {}};
constexpr Verdict kSkip{Outcome::kSkip, {}};

const std::string* annotation(const Pod& pod, const char* key) {
  if (pod.spec->annotations.empty()) return nullptr;  // no text is made for most
  const auto entry = pod.spec->annotations.find(key);
  return entry == pod.spec->annotations.end() ? nullptr : &entry->second;
}

bool says(const std::string* value, std::string_view text) {
  return value != nullptr && *value == text;
}

// The pod is at its end and nothing starts it again (drain.IsPodTerminal).
bool is_terminal(const Pod& pod) {
  if (pod.failed) return true;
  return pod.succeeded && pod.spec->restart_policy != RestartPolicy::kAlways;
}

// Volumes that are named in the annotation, separated by commas, do not hold the pod.
bool has_blocking_storage(const Pod& pod) {
  if (pod.spec->volumes.empty()) return false;
  const std::string* const named =
      annotation(pod, "cluster-autoscaler.kubernetes.io/safe-to-evict-local-volumes");
  const std::string list = named == nullptr ? "," : "," + *named + ",";
  return std::any_of(pod.spec->volumes.begin(), pod.spec->volumes.end(), [&](const Volume& v) {
    return v.is_local() && list.find("," + v.name + ",") == std::string::npos;
  });
}

bool has_replicas(OwnerKind kind) {
  return kind == OwnerKind::kReplicaSet || kind == OwnerKind::kReplicationController;
}

bool is_known_controller(OwnerKind kind) {
  return has_replicas(kind) || kind == OwnerKind::kJob || kind == OwnerKind::kStatefulSet;
}

Verdict check_controller(const Pod& pod, const DrainContext& context) {
  const AutoscalerOptions& options = context.options;
  if (context.listers == nullptr || !options.skip_nodes_with_custom_controller_pods) return {};
  const OwnerKind kind = pod.spec->owner;
  if (!is_known_controller(kind) && kind != OwnerKind::kDaemonSet) return {};
  // A pod that is only called a DaemonSet's: nobody knows where its controller would be.
  const bool has_lister = !pod.is_daemon_set() || kind == OwnerKind::kDaemonSet ||
                          kind == OwnerKind::kReplicationController;
  if (!has_lister) return {};
  const Owner* const owner = context.listers->find_owner(pod.spec->owner_uid);
  if (owner == nullptr) return block("ControllerNotFound");
  if (has_replicas(kind) && owner->replicas < options.min_replica_count) {
    return block("MinReplicasReached");
  }
  return {};
}

Verdict check_replicated(const Pod& pod, const DrainContext& context) {
  const OwnerKind kind = pod.spec->owner;
  const bool replicated = context.options.skip_nodes_with_custom_controller_pods
                              ? is_known_controller(kind)
                              : kind != OwnerKind::kNone;
  return replicated ? Verdict{} : block("NotReplicated");
}

Verdict check_system(const Pod& pod, const DrainContext& context) {
  if (!context.options.skip_nodes_with_system_pods) return {};
  if (pod.spec->namespace_name != "kube-system") return {};
  if (context.pdbs != nullptr && context.pdbs->is_covered(*pod.spec)) return {};
  const Duration age = context.now - pod.creation_timestamp;
  if (age <= context.options.blocking_system_pod_disruption_timeout) {
    return block("UnmovableKubeSystemPod");
  }
  return kDrain;
}

Verdict judge(const Pod& pod, const DrainContext& context) {
  if (pod.spec->owner == OwnerKind::kMirror) return kSkip;
  if (is_long_terminating(pod, context.now)) return kSkip;
  if (const Verdict v = check_controller(pod, context); v.outcome != Outcome::kUndefined) return v;
  if (pod.is_daemon_set()) return kDrain;
  const std::string* const safe = annotation(pod, "cluster-autoscaler.kubernetes.io/safe-to-evict");
  if (says(safe, "true")) return kDrain;
  if (is_terminal(pod)) return kDrain;
  if (says(safe, "on-completion")) return Verdict{Outcome::kWait, {}};
  if (const Verdict v = check_replicated(pod, context); v.outcome != Outcome::kUndefined) return v;
  if (const Verdict v = check_system(pod, context); v.outcome != Outcome::kUndefined) return v;
  if (says(safe, "false")) return block("NotSafeToEvictAnnotation");
  if (context.options.skip_nodes_with_local_storage && has_blocking_storage(pod)) {
    return block("LocalStorageRequested");
  }
  if (context.pdbs != nullptr && context.pdbs->is_exhausted(*pod.spec)) {
    return block("NotEnoughPdb");
  }
  return {};
}

bool covers(const PodDisruptionBudget& pdb, const PodSpec& pod) {
  return pdb.namespace_name == pod.namespace_name && matches(pdb.selector, pod.labels);
}

}  // namespace

bool PdbTracker::is_covered(const PodSpec& pod) const {
  return std::any_of(budgets_.begin(), budgets_.end(),
                     [&](const PodDisruptionBudget& pdb) { return covers(pdb, pod); });
}

bool PdbTracker::is_exhausted(const PodSpec& pod) const {
  return std::any_of(budgets_.begin(), budgets_.end(), [&](const PodDisruptionBudget& pdb) {
    return covers(pdb, pod) && pdb.disruptions_allowed < 1;
  });
}

bool PdbTracker::can_remove_together(const std::vector<PodPtr>& pods) const {
  return std::all_of(budgets_.begin(), budgets_.end(), [&](const PodDisruptionBudget& pdb) {
    const auto count = std::count_if(pods.begin(), pods.end(),
                                     [&](const PodPtr& pod) { return covers(pdb, *pod->spec); });
    return count <= std::max(0, pdb.disruptions_allowed);
  });
}

void PdbTracker::remove(const std::vector<PodPtr>& pods) {
  for (PodDisruptionBudget& pdb : budgets_) {
    for (const PodPtr& pod : pods) {
      if (covers(pdb, *pod->spec)) --pdb.disruptions_allowed;
    }
  }
}

namespace {

// The verdict is another one later, though nothing changes: the pod's end is near, or its age
// counts.
bool hangs_on_time(const Pod& pod, const AutoscalerOptions& options) {
  if (pod.deletion_timestamp) return true;
  return options.skip_nodes_with_system_pods && pod.spec->namespace_name == "kube-system" &&
         pod.spec->owner != OwnerKind::kMirror && !pod.is_daemon_set();
}

}  // namespace

Emptiness emptiness(const NodeInfo& info, const DrainContext& context, bool* hangs_on_time_of_pod) {
  Emptiness result = Emptiness::kEmpty;
  for (const PodPtr& pod : info.pods) {
    if (hangs_on_time_of_pod != nullptr && hangs_on_time(*pod, context.options))
      *hangs_on_time_of_pod = true;
    const Outcome outcome = judge(*pod, context).outcome;
    if (outcome == Outcome::kSkip) continue;
    if (outcome == Outcome::kBlock) return Emptiness::kOccupied;
    if (outcome == Outcome::kWait) {
      result = Emptiness::kEmptyOnCompletion;
    } else if (!pod->is_daemon_set()) {
      return Emptiness::kOccupied;
    }
  }
  return result;
}

PodsToMove pods_to_move(const NodeInfo& info, const DrainContext& context) {
  PodsToMove result;
  for (const PodPtr& pod : info.pods) {
    const Verdict verdict = judge(*pod, context);
    switch (verdict.outcome) {
      case Outcome::kUndefined:
      case Outcome::kDrain:
        (pod->is_daemon_set() ? result.daemon_pods : result.pods).push_back(pod);
        break;
      case Outcome::kWait:
        result.on_completion.push_back(pod);
        break;
      case Outcome::kBlock:
        result.blocking = pod;
        result.reason = verdict.reason;
        return result;
      case Outcome::kSkip:
        break;
    }
  }
  return result;
}

}  // namespace casim::sim
