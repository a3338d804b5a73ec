// What faults have brought about at EC2, and when: the model asks, and is told all that holds at
// that instant, put together.
#pragma once

#include <memory>
#include <vector>

#include "sim/ec2/conditions.h"
#include "src/core/time.h"

namespace casim::sim {

// Of several that hold: one throttles, all are throttled; the refusal that was added first is
// answered, and the first launch failure counts; latency factors multiply, delays add up; one lost
// reply is lost; one lack of capacity is lack; an instance runs when all let it.
class Ec2ConditionSet final : public Ec2Conditions {
 public:
  // Holds for calls and launches at from <= t < to.
  void add(TimePoint from, TimePoint to, std::unique_ptr<const Ec2Conditions> conditions);

  // None of them holds any more, nor what is added from now on.
  void close();

  CallConditions on_call(const Ec2Arrival& arrival) const override;
  bool has_capacity(const CapacityQuestion& question) const override;
  TimePoint runs_from(const LaunchQuestion& question) const override;
  std::string_view launch_failure(const LaunchQuestion& question) const override;

 private:
  struct Window {
    TimePoint from{};
    TimePoint to{};
    std::unique_ptr<const Ec2Conditions> conditions;

    bool holds(TimePoint at) const { return from <= at && at < to; }
  };

  std::vector<Window> windows_;
  bool is_closed_ = false;
};

}  // namespace casim::sim
