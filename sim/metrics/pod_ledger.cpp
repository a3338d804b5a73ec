#include "sim/metrics/pod_ledger.h"

#include <algorithm>
#include <cassert>
#include <utility>

namespace casim::sim {

PodRecord& PodLedger::at(PodId id) {
  assert(id.is_valid());
  if (id.value() >= pods_.size()) pods_.resize(id.value() + 1);
  return pods_[id.value()];
}

void PodLedger::on_fact(TimePoint now, const Fact& fact) {
  std::visit([this, now](const auto& f) { on(now, f); }, fact);
}

void PodLedger::on(TimePoint now, const PodCreated& fact) {
  PodRecord& pod = at(fact.pod);
  pod.created = now;
  pod.waits_from = now;
  pod.workload = fact.workload;
  pod.index = fact.index;
  pod.replaces = fact.replaces;
  pod.daemon_set = fact.daemon_set;
}

void PodLedger::on(TimePoint /*now*/, const PodGated& fact) {
  at(fact.pod).waits_from = kTimeNever;
}

void PodLedger::on(TimePoint now, const PodUngated& fact) { at(fact.pod).waits_from = now; }

void PodLedger::on(TimePoint now, const PodUnschedulable& fact) {
  PodRecord& pod = at(fact.pod);
  if (pod.unschedulable == kTimeNever) pod.unschedulable = now;
}

void PodLedger::on(TimePoint now, const PodBound& fact) {
  PodRecord& pod = at(fact.pod);
  pod.bound = now;
  pod.node = fact.node;
}

void PodLedger::on(TimePoint now, const PodRunning& fact) { at(fact.pod).running = now; }

void PodLedger::on(TimePoint now, const PodEnded& fact) {
  PodRecord& pod = at(fact.pod);
  pod.ended = now;
  pod.has_ended = true;
  pod.how = fact.how;
}

void PodLedger::on(TimePoint now, const LoopStarted& fact) {
  if (fact.loop.value() >= loop_starts_.size()) loop_starts_.resize(fact.loop.value() + 1);
  loop_starts_[fact.loop.value()] = now;
}

void PodLedger::on(TimePoint /*now*/, const PodsSeen& fact) {
  for (PodId id : fact.pods) {
    PodRecord& pod = at(id);
    if (pod.seen == kTimeNever) pod.seen = loop_starts_[fact.loop.value()];
  }
}

PodTally PodLedger::counts() const {
  PodTally n;
  for (const PodRecord& pod : pods_) {
    ++n.created;
    if (!pod.has_ended) {
      ++(pod.has_run() ? n.running : pod.is_bound() ? n.starting : n.pending);
      continue;
    }
    switch (pod.how) {
      case PodEnd::kCompleted:
        ++n.completed;
        break;
      case PodEnd::kDeleted:
        ++n.deleted;
        break;
      case PodEnd::kEvicted:
        ++n.evicted;
        break;
      case PodEnd::kPreempted:
        ++n.preempted;
        break;
      case PodEnd::kLost:
        ++n.lost;
        break;
    }
  }
  return n;
}

std::int64_t PodLedger::rows_run() const {
  std::vector<std::pair<WorkloadId, std::uint64_t>> rows;
  for (const PodRecord& pod : pods_) {
    if (pod.has_run() && !pod.daemon_set) rows.emplace_back(pod.workload, pod.index);
  }
  std::ranges::sort(rows);
  return std::ranges::unique(rows).begin() - rows.begin();
}

std::int64_t PodLedger::unserved(const std::vector<PodId>& unfit) const {
  std::int64_t count = 0;
  for (std::size_t i = 0; i < pods_.size(); ++i) {
    const PodRecord& pod = pods_[i];
    const bool waits = pod.unschedulable != kTimeNever && !pod.is_bound() && !pod.has_ended;
    if (!waits || pod.daemon_set) continue;
    if (!std::ranges::binary_search(unfit, PodId(static_cast<PodId::rep>(i)))) ++count;
  }
  return count;
}

}  // namespace casim::sim
