// What goes wrong with calls now and then, without any fault: internal errors, and connections that
// time out, half of them after the call had its effect. Drawn per call, by action and number.
// Source: ec2.md 5.5 (A).
#pragma once

#include <optional>

#include "sim/ec2/conditions.h"
#include "sim/ec2/config.h"
#include "src/core/random.h"

namespace casim::sim {

class Background {
 public:
  // Both outlive it.
  Background(const Random& random, const std::optional<BackgroundConfig>& config)
      : random_(random), config_(config) {}

  // Adds to what befalls the call anyway.
  void befall(const Ec2Arrival& arrival, CallConditions& conditions) const;

 private:
  const Random& random_;
  const std::optional<BackgroundConfig>& config_;
};

}  // namespace casim::sim
