#include "sim/load/scaled_sets.h"

#include <algorithm>
#include <utility>

namespace casim::sim {

void ScaledSets::add(WorkloadId workload, std::vector<ScalingStep> steps) {
  if (steps.empty()) return;
  completion_.expect(1);  // its last step
  ++playing_;
  sets_.push_back({.workload = workload, .owner = "", .steps = std::move(steps)});
}

void ScaledSets::start() {
  for (std::size_t i = 0; i < sets_.size(); ++i) {
    Owner owner = workloads_.series(sets_[i].workload).owner(0);
    sets_[i].owner = owner.uid;
    replica_sets_.create({std::move(owner), workloads_.blueprint(sets_[i].workload, 0), 0});
    arm(i);
  }
}

void ScaledSets::arm(std::size_t number) {
  const Set& set = sets_[number];
  if (set.next == set.steps.size()) return;
  const TimePoint when = std::max(kTimeZero + set.steps[set.next].at, kernel_.now());
  kernel_.at(when, Phase::kWorld, [this, number] { step(number); });
}

void ScaledSets::step(std::size_t number) {
  Set& set = sets_[number];
  const std::uint64_t replicas = set.steps[set.next++].replicas;
  asked_for_ += replicas - std::min(replicas, set.replicas);
  set.replicas = replicas;
  replica_sets_.scale(set.owner, replicas);
  if (set.next == set.steps.size()) {
    --playing_;
    completion_.note_arrival();
  }
  arm(number);
}

}  // namespace casim::sim
