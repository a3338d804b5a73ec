#include "sim/autoscaler/options/versions.h"

#include <algorithm>
#include <array>
#include <cstddef>

namespace casim::sim {
namespace {

constexpr auto kDifferences = std::to_array<VersionDifference>({
    {Behaviour::kFrequentLoops, 35, "--frequent-loops-enabled is on by default; before: off",
     "config/flags/flags.go; autoscaler-algorithm.md 1.1"},
    {Behaviour::kDynamicResourceAllocation, 35,
     "dynamic resource allocation is always on, so a loop asks for the group of each ready node; "
     "before: off by default",
     "processors/customresources/dra_processor.go FilterOutNodesWithUnreadyResources; "
     "externalgrpc.md 3"},
    {Behaviour::kNodeStartupTimeOption, 35,
     "a registered node's time to become ready is an option of its group; before: 15 minutes",
     "clusterstate/clusterstate.go updateReadinessStats; externalgrpc.md 4.1"},
    {Behaviour::kStartupTimeOfHealthCheck, 36,
     "until the first success both limits of the health check are --max-startup-time; before: "
     "theirs from the start",
     "metrics/liveness.go NewHealthCheck"},
    {Behaviour::kNominatedPodsPlaced, 36,
     "a pod with a nominated node is placed there in the loop's snapshot; before: not",
     "core/static_autoscaler.go RunOnce; autoscaler-algorithm.md 2.1"},
    {Behaviour::kSuspendedNodes, 36,
     "a node with the condition Suspended is a class of its own; before: ready or not",
     "clusterstate/clusterstate.go updateReadinessStats; externalgrpc.md 4.1"},
    {Behaviour::kUpcomingNeedsRequest, 36,
     "nodes of a group are upcoming only while it has an open scale-up request and is not backed "
     "off; before: whatever its target has in excess",
     "clusterstate/clusterstate.go GetUpcomingNodes; externalgrpc.md 4.2"},
    {Behaviour::kTimedOutScaleUpReverted, 36,
     "a scale-up that timed out lowers the group's target by the whole recorded increase; before: "
     "the target stays",
     "clusterstate/clusterstate.go updateScaleRequests; externalgrpc.md 4.3"},
    {Behaviour::kBackoffNeedsTemplate, 36,
     "a group without a template is not backed off; before: any group",
     "clusterstate/clusterstate.go backoffNodeGroup; externalgrpc.md 4.8"},
    {Behaviour::kQuotasOfSimilarGroups, 36,
     "each of the groups that share a scale-up is cut to its quota; before: the chosen group's "
     "quota alone counts",
     "core/scaleup/orchestrator/orchestrator.go capScaleUpsByQuota; autoscaler-algorithm.md 3.8"},
    {Behaviour::kHintsByPriority, 37,
     "pods are placed priority by priority, in each first those whose earlier place still works; "
     "before: one after the other",
     "simulator/scheduling/hinting_simulator.go TrySchedulePods; autoscaler-algorithm.md 2.4"},
    {Behaviour::kSimilarityFlagsIgnored, 37,
     "of the flags about similar groups only --balancing-label reaches an externalgrpc provider; "
     "before: all",
     "builder/autoscaler.go of 1.36, main.go; autoscaler-algorithm.md 3.9"},
});

// Read in the flags of each release (config/flags/flags.go), not tried.
constexpr auto kNewFlags = std::to_array<NewFlag>({
    {"allowed-scheduler-names", 35},
    {"capacity-buffer-pod-dry-run-enabled", 36},
    {"capacity-quotas-enabled", 36},
    {"enable-csi-node-aware-scheduling", 35},
    {"enable-graceful-degradation", 37},
    {"fastpath-binpacking-enabled", 36},
    {"max-node-skip-eval-time-tracker-enabled", 35},
    {"max-node-startup-time", 35},
    {"max-startup-time", 36},
    {"node-removal-latency-tracking-enabled", 35},
    {"pending-pods-batching-timeout", 37},
    {"predicate-parallelism", 35},
    {"salvo-scale-up", 36},
    {"salvo-scale-up-budget", 36},
    {"scale-from-unschedulable", 35},
    {"scaleup-simulation-for-skipped-node-groups-enabled", 36},
    {"scheduler-verbosity", 37},
    {"startup-taint-prefix", 36},
});

// Those of main.go, config/ and cloudprovider/ in one release branch and not in the next, 1.27
// to 1.37.
constexpr auto kRemovedFlags = std::to_array<RemovedFlag>({
    {"gce-expander-ephemeral-storage-support", 33, "it is always on"},
    {"max-autoprovisioned-node-group-count", 33, ""},
    {"max-empty-bulk-delete", 33, "--max-scale-down-parallelism limits it"},
    {"node-autoprovisioning-enabled", 33, ""},
    {"parallel-drain", 32, "it is always on; --max-drain-parallelism limits it"},
});

// Rows stand in the order of the enum, so that has() is a look at one of them.
constexpr bool is_in_order() {
  for (std::size_t i = 0; i < kDifferences.size(); ++i) {
    if (kDifferences[i].behaviour != static_cast<Behaviour>(i)) return false;
  }
  return true;
}

static_assert(is_in_order());

}  // namespace

std::span<const VersionDifference> version_differences() { return kDifferences; }

bool has(Behaviour behaviour, int version) {
  return version >= kDifferences.at(static_cast<std::size_t>(behaviour)).since;
}

std::span<const NewFlag> new_flags() { return kNewFlags; }

std::span<const RemovedFlag> removed_flags() { return kRemovedFlags; }

std::string removal_of(std::string_view flag) {
  const auto row = std::ranges::find(kRemovedFlags, flag, &RemovedFlag::name);
  if (row == kRemovedFlags.end()) return "";
  std::string out = "was removed in 1." + std::to_string(row->gone);
  if (!row->instead.empty()) out.append("; ").append(row->instead);
  return out;
}

int first_version_of(std::string_view flag) {
  const auto row = std::find_if(kNewFlags.begin(), kNewFlags.end(),
                                [&](const NewFlag& f) { return f.name == flag; });
  return row == kNewFlags.end() ? kOldestVersion : row->since;
}

}  // namespace casim::sim
