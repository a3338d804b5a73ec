// What faults have brought about on the way of machines to a node, and when: NodeLife asks, and is
// told all that holds at that instant, put together.
#pragma once

#include <memory>
#include <vector>

#include "sim/kubelet/boot_conditions.h"
#include "src/core/time.h"

namespace casim::sim {

// Of several that hold: factors multiply, delays add up, one that lets no machine join is enough,
// and the last that lets a kubelet register counts.
class BootConditionSet final : public BootConditions {
 public:
  // Holds for what is asked at from <= t < to.
  void add(TimePoint from, TimePoint to, std::unique_ptr<const BootConditions> conditions);

  BootCourse on_boot(const ec2::Instance& instance, TimePoint at) const override;
  TimePoint registers_from(const ec2::Instance& instance, TimePoint at) const override;

 private:
  struct Window {
    TimePoint from{};
    TimePoint to{};
    std::unique_ptr<const BootConditions> conditions;

    bool holds(TimePoint at) const { return from <= at && at < to; }
  };

  std::vector<Window> windows_;
};

}  // namespace casim::sim
