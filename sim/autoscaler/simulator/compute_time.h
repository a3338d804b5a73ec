// How long the autoscaler's own computation takes: nothing, or the measured model. What a loop has
// used up is charged by sleeping on the Clock. Source: autoscaler-algorithm.md 1.2a (assumed).
#pragma once

#include "src/core/time.h"

namespace casim::sim {

// What one estimation or one loop had to look at.
struct ComputeWork {
  int nodes = 0;          // of the cluster
  int new_nodes = 0;      // nodes that a group's estimate added
  int awaited_nodes = 0;  // upcoming
};

// The port to whoever says how long a computation takes.
class ComputeTime {
 public:
  virtual ~ComputeTime() = default;
  virtual Duration cost_of(const ComputeWork& work) const = 0;
};

// A machine that is infinitely fast, as the loop oracle's virtual clock has it.
class NoComputeTime : public ComputeTime {
 public:
  Duration cost_of(const ComputeWork&) const override { return {}; }
};

// A sum of parts in proportion to the work, fitted to the real 1.37 on two cores: right within a
// factor of 2, as measured.
class MeasuredComputeTime : public ComputeTime {
 public:
  Duration cost_of(const ComputeWork& work) const override;
};

}  // namespace casim::sim
