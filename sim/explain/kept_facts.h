// The facts of a run that an explanation needs, and no others: listens to a replay, knowing from
// the run before it what to look for.
#pragma once

#include <memory>
#include <vector>

#include "sim/events/facts.h"
#include "sim/explain/target.h"
#include "sim/metrics/order_trail.h"

namespace casim::sim {

struct KeptFact {
  TimePoint at{};
  Fact fact;
};

class KeptFacts : public FactSink {
 public:
  const std::vector<KeptFact>& facts() const { return facts_; }  // in order of time

  // What was ordered for the pod; null: they are of no pod.
  virtual const OrderTrail* orders() const { return nullptr; }

 protected:
  void keep(TimePoint at, const Fact& fact) { facts_.push_back({at, fact}); }

  void forget() { facts_.clear(); }

 private:
  std::vector<KeptFact> facts_;
};

// For its kind.
std::unique_ptr<KeptFacts> facts_for(const Target& target);

}  // namespace casim::sim
