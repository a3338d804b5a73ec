// What must hold at every instant of a run, whatever the scenario. Source: design section 9.
//   - No node is overcommitted, and pods are conserved (Cluster::broken_invariant).
//   - The provider's ledger is whole (Provider::broken_invariant).
//   - No IncreaseSize beyond a group's maximum is accepted.
//   - The autoscaler removes no node of a group that is at its minimum.
//   - Node time never falls.
//   - When the provider is quiet, no machine is leaked (live, without a slot) and none doubled (two
//     live ones of one token).
//
// What an event touched is checked right after it. A look at everything comes as soon as as many
// objects could have been looked at since the last one at kLooksPerEvent an event: after every
// event in a small world, and in a large one seldom enough that a run stays usable.
#pragma once

#include <functional>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "sim/cluster/cluster.h"
#include "sim/events/facts.h"
#include "sim/faults/fault.h"
#include "sim/metrics/node_ledger.h"
#include "sim/world/broken_invariant.h"
#include "sim/world/machine_audit.h"
#include "src/provider/provider.h"

namespace casim::sim {

class Invariants : public FactSink {
 public:
  static constexpr std::size_t kLooksPerEvent = 500;

  struct Parts {  // all outlive it
    const Cluster& cluster;
    const NodeLedger& nodes;
    const MachineAudit& audit;
    std::function<const provider::Provider*()> provider;  // null: down
    // Else a path stands before EC2, whose controllers may double and leak: that is counted.
    bool are_launches_its_own = true;
  };

  Invariants(provider::Config config, Parts parts);

  // While the autoscaler is told wrong sizes of a group it cannot know when that is at its minimum,
  // nor afterwards what it has begun. Other faults excuse nothing.
  void excuse_minimum(const Fault& fault);

  // Listens after `nodes` and `audit` do. Says nothing before the next check().
  void on_fact(TimePoint at, const Fact& fact) override;

  // After each event, with the time it came. Throws BrokenInvariant.
  void check(TimePoint now);
  // Looks at everything, at once.
  void check_all(TimePoint now);
  // What is still under way at the end of a run that should be at rest; none: nothing.
  std::optional<std::string> unrest(TimePoint now) const;

 private:
  struct Group {
    int min = 0;
    int max = 0;
    // The greatest target since the last loop began: the autoscaler has seen that, or less.
    int target = 0;
    std::set<std::string> leaving;        // nodes whose removal was decided and is under way
    TimePoint excused_from = kTimeNever;  // from its minimum
  };

  void on(const PodBound& fact);
  void on(const PodEnded& fact);
  void on(const NodeRegistered& fact);
  void on(const LoopStarted& fact);
  void on(const AutoscalerKilled& fact);
  void on(const AutoscalerCrashed& fact);
  void on(const LeaderLost& fact);
  void on(const IncreaseSizeCommitted& fact);
  void on(const ScaleDownDecided& fact);
  void on(const ScaleDownFailed& fact);
  void on(const MutationHandled& fact);

  template <class Other>
  void on(const Other&) {}  // breaks nothing by itself

  void forget_removals();
  void note_target(const std::string& name, Group& group);
  void note_broken(std::string what);
  Group* group_of(const std::string& node);
  bool is_newly_quiet(TimePoint now) const;
  std::size_t size() const;  // objects that a look at everything looks at
  std::optional<std::string> broken() const;

  Parts parts_;
  TimePoint now_{};  // of the last fact
  std::map<std::string, Group> groups_;
  std::map<std::string, std::string> group_of_node_;  // by name
  std::vector<NodeId> touched_;
  std::optional<std::string> broken_;  // the first that facts have shown
  TimePoint judged_ = kTimeNever;      // the machines, as they stand since then
  double node_hours_ = 0;
  std::size_t looks_ = 0;  // that the events since the last look at everything stand for
};

}  // namespace casim::sim
