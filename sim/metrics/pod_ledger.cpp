#include "sim/metrics/pod_ledger.h"

#include <cassert>

namespace casim::sim {

bool PodCounts::add_up() const {
  return created ==
         pending + starting + running + completed + deleted + evicted + preempted + lost;
}

PodRecord& PodLedger::at(PodId id) {
  assert(id.is_valid());
  if (id.value() >= pods_.size()) pods_.resize(id.value() + 1);
  return pods_[id.value()];
}

void PodLedger::on_fact(TimePoint now, const Fact& fact) {
  if (const auto* f = std::get_if<PodCreated>(&fact)) {
    PodRecord& pod = at(f->pod);
    pod.created = now;
    pod.workload = f->workload;
    pod.index = f->index;
    pod.replaces = f->replaces;
    pod.daemon_set = f->daemon_set;
  } else if (const auto* f = std::get_if<PodUnschedulable>(&fact)) {
    PodRecord& pod = at(f->pod);
    if (pod.unschedulable == kTimeNever) pod.unschedulable = now;
  } else if (const auto* f = std::get_if<PodBound>(&fact)) {
    PodRecord& pod = at(f->pod);
    pod.bound = now;
    pod.node = f->node;
  } else if (const auto* f = std::get_if<PodRunning>(&fact)) {
    at(f->pod).running = now;
  } else if (const auto* f = std::get_if<PodEnded>(&fact)) {
    PodRecord& pod = at(f->pod);
    pod.ended = now;
    pod.has_ended = true;
    pod.how = f->how;
  } else if (const auto* f = std::get_if<LoopStarted>(&fact)) {
    if (f->loop.value() >= loop_starts_.size()) loop_starts_.resize(f->loop.value() + 1);
    loop_starts_[f->loop.value()] = now;
  } else if (const auto* f = std::get_if<PodsSeen>(&fact)) {
    for (PodId id : f->pods) {
      PodRecord& pod = at(id);
      if (pod.seen == kTimeNever) pod.seen = loop_starts_[f->loop.value()];
    }
  }
}

PodCounts PodLedger::counts() const {
  PodCounts n;
  for (const PodRecord& pod : pods_) {
    ++n.created;
    if (!pod.has_ended) {
      ++(pod.has_run() ? n.running : pod.is_bound() ? n.starting : n.pending);
      continue;
    }
    switch (pod.how) {
      case PodEnd::kCompleted: ++n.completed; break;
      case PodEnd::kDeleted: ++n.deleted; break;
      case PodEnd::kEvicted: ++n.evicted; break;
      case PodEnd::kPreempted: ++n.preempted; break;
      case PodEnd::kLost: ++n.lost; break;
    }
  }
  return n;
}

}  // namespace casim::sim
