// The scale-up of one loop: which groups could help, by how many nodes, which one is chosen, and
// the order to the provider. Source: autoscaler-algorithm.md section 3.
#pragma once

#include <map>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "sim/autoscaler/clusterstate/cluster_state.h"
#include "sim/autoscaler/clusterstate/group_delays.h"
#include "sim/autoscaler/observers/loop_observer.h"
#include "sim/autoscaler/observers/reason_log.h"
#include "sim/autoscaler/scaleup/balancing.h"
#include "sim/autoscaler/scaleup/equivalence.h"
#include "sim/autoscaler/scaleup/estimator.h"
#include "sim/autoscaler/scaleup/expander.h"
#include "sim/autoscaler/scaleup/quotas.h"
#include "sim/autoscaler/simulator/compute_time.h"
#include "sim/autoscaler/simulator/similarity.h"

namespace casim::sim {

// Upstream's ScaleUpStatus.
struct ScaleUpOutcome {
  ScaleUpResult result = ScaleUpResult::kNotNeeded;
  std::optional<AutoscalerError> error;  // where the result is kError
  // What was to be raised, and for which pods: those of the chosen option.
  std::vector<ScaleUpInfo> raised;
  std::vector<PodPtr> pods;
  std::vector<PodPtr> remaining;  // that no group can help
  std::vector<PodPtr> awaiting;   // that another group than the chosen one would help

  static ScaleUpOutcome of(ScaleUpResult result);
  // kError, of that type.
  static ScaleUpOutcome failed(AutoscalerErrorType type, std::string message);

  bool ok() const { return result == ScaleUpResult::kSuccessful; }
};

// What is chosen by other rules elsewhere: in clouds with a comparator of their own, in tests.
struct ScaleUpPolicy {
  ExpanderChain expander;
  SimilarityRules similarity;
  std::vector<ThresholdRule> thresholds;
};

// Upstream's orchestrator.ScaleUpOrchestrator.
class ScaleUpOrchestrator {
 public:
  // All outlive it.
  struct Ports {
    CloudProvider& provider;
    ClusterState& state;
    const TemplateRegistry& templates;
    Snapshot& snapshot;
    const ClusterView& view;
    Clock& clock;
    const ComputeTime& compute_time;
    const OrderPolicy& order;
    LoopObserver& observer;
    EventRecorder& events;
    GroupDelays& delays;
  };

  ScaleUpOrchestrator(const AutoscalerOptions& options, Ports ports);
  ScaleUpOrchestrator(const AutoscalerOptions& options, Ports ports, ScaleUpPolicy policy);

  // One scale-up for the pods: at most one option is ordered, perhaps shared by similar groups.
  // `nodes`: the snapshot's, placeholders included. With `all_or_nothing` either all pods get a
  // place or nothing is ordered.
  Awaitable<ScaleUpOutcome> scale_up(LoopId by, std::vector<PodPtr> pods,
                                     std::vector<NodePtr> nodes, bool all_or_nothing = false);
  // Raises groups below their minimum (3.11).
  Awaitable<ScaleUpOutcome> raise_to_min(LoopId by, std::vector<NodePtr> nodes);

 private:
  struct Candidate {
    NodeGroupPtr group;
    NodeInfoPtr info;
    std::vector<const PodGroup*> fitting;  // in the order of the loop's pod groups
  };

  using Candidates = std::vector<Candidate>;

  // One scale-up as it goes.
  struct Attempt {
    LoopId by;
    std::uint64_t n = 0;  // how many the loop has tried before
    std::vector<PodGroup> pod_groups;
    Candidates candidates;
    std::size_t pods = 0;
    int node_count = 0;
    TimePoint packing_start{};  // the quota's and the group filter's calls count too
    TimePoint now{};
    bool all_or_nothing = false;
  };

  // Orders that the provider refused.
  struct Refusal {
    std::optional<AutoscalerErrorType> error;  // none: all were taken
    std::string message;
    std::vector<std::string> groups;  // and those that were not even tried
  };

  // Healthy and not backed off: empty. Else the reason.
  std::string_view unready_reason(const NodeGroup& group, TimePoint now) const;
  Awaitable<bool> has_templates_for_upcoming(LoopId by);
  std::vector<Quota> quotas() const;
  Awaitable<Candidates> valid_groups(LoopId by, std::vector<NodeGroupPtr> groups,
                                     QuotaTracker& tracker, int node_count, TimePoint now);
  // The reason why it is not; empty: it is valid.
  Awaitable<std::string_view> invalid_reason(LoopId by, NodeGroupPtr group, QuotaTracker& tracker,
                                             int node_count, TimePoint now);
  Awaitable<std::string_view> over_quota(LoopId by, NodeGroupPtr group, QuotaTracker& tracker,
                                         int count);
  using Rejected = std::map<std::pair<std::string, FailedFilter>, int>;  // group and reason: pods

  void find_fitting(Candidate& candidate, std::vector<PodGroup>& groups, Rejected& rejected);
  void report_rejected(LoopId by, Rejected rejected);
  Awaitable<std::optional<ScaleUpOption>> choose(const Attempt& attempt,
                                                 std::vector<ScaleUpOption> options);
  // What is said when nothing is ordered: of the pods that no valid group can hold.
  ScaleUpOutcome no_options(const Attempt& attempt);
  // Nothing is ordered, although some pods would have a place.
  ScaleUpOutcome abort(Attempt& attempt);
  ScaleUpOutcome failure(Attempt& attempt, AutoscalerErrorType type, std::string message,
                         const ScaleUpOption& best);
  ScaleUpOutcome outcome_of(const Attempt& attempt, const ScaleUpOption& best,
                            const Refusal& refusal) const;
  Awaitable<std::vector<ScaleUpOption>> options_of(const Attempt& attempt);
  Awaitable<ScaleUpOption> option_of(const Attempt& attempt, const Candidate& candidate,
                                     std::vector<NodeGroupPtr> similar);
  void report_no_option(LoopId by, const Candidate& candidate, std::string_view reason);
  // Alike, safe to scale, and fit for all pods that the group is fit for (3.8).
  Awaitable<std::vector<NodeGroupPtr>> similar_groups(LoopId by, NodeGroupPtr group,
                                                      const Candidates& candidates, TimePoint now);
  Awaitable<ScaleUpOutcome> carry_out(Attempt& attempt, ScaleUpOption best, QuotaTracker& tracker);
  // The group and the similar ones that have quota left.
  Awaitable<std::vector<NodeGroupPtr>> groups_to_raise(const Attempt& attempt, NodeGroupPtr group,
                                                       QuotaTracker& tracker);
  Awaitable<Result<std::vector<ScaleUpInfo>>> plan(LoopId by, std::vector<NodeGroupPtr> groups,
                                                   int new_nodes, QuotaTracker& tracker);
  Awaitable<Refusal> execute(LoopId by, std::vector<ScaleUpInfo> infos, std::vector<PodId> pods,
                             TimePoint now);
  Awaitable<Refusal> execute_in_turn(LoopId by, std::vector<ScaleUpInfo> infos,
                                     std::vector<PodId> pods, TimePoint now);
  // `error`: what it was refused with.
  Awaitable<void> raise(LoopId by, ScaleUpInfo info, std::vector<PodId> pods, TimePoint now,
                        std::string& error);
  Awaitable<int> missing_to_min(LoopId by, NodeGroupPtr group, QuotaTracker& tracker, int target,
                                TimePoint now);
  // Below 1: the cluster is full.
  int capped(int new_nodes, int node_count) const;

  const AutoscalerOptions& options_;
  Ports ports_;
  ScaleUpPolicy policy_;
  LoopId last_loop_;  // that tried a scale-up, and how often
  std::uint64_t attempts_ = 0;
  ReasonLog skipped_;
  Rejected rejected_;                  // as told last
  std::set<std::string> quota_texts_;  // reasons that name resources
};

}  // namespace casim::sim
