// Faults that come and go while EC2 answers: written as in a scenario, but for their begin, which
// counts from now and is now where nothing is said.
#pragma once

#include <cstdint>
#include <map>
#include <memory>
#include <string>
#include <string_view>

#include "sim/faults/ec2_condition_set.h"
#include "sim/faults/fault.h"
#include "sim/faults/targets.h"
#include "src/config/value.h"
#include "src/core/result.h"

namespace casim::sim {

class LiveFaults {
 public:
  // All outlive it; `targets.ec2_conditions` is the set that the model asks.
  explicit LiveFaults(const Ec2FaultTargets& targets) : targets_(targets) {}

  // Answers the fault's number. INVALID_ARGUMENT: all that is wrong, one line each.
  Result<std::uint32_t> add(std::string_view json);
  // What it has begun by itself, such as a machine that is gone, stays. NOT_FOUND.
  Result<void> end(std::uint32_t number);

  // Those that were added and not ended, by number, as they were written.
  config::Value list() const;

 private:
  struct Added {
    Fault fault;
    config::Value text;
    // Its own, so that it can go: part of the model's set, which does not outlive this.
    Ec2ConditionSet* conditions = nullptr;
  };

  Ec2FaultTargets targets_;
  std::uint32_t next_ = 1;
  std::map<std::uint32_t, Added> added_;
};

}  // namespace casim::sim
