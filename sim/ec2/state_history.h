// Earlier states of an instance that the describe actions still show, where EC2 shows changes late.
// Source: ec2.md 5.5 (A), 9: once TerminateInstances was accepted, nothing older than running.
#pragma once

#include <string>
#include <vector>

#include "src/core/time.h"
#include "src/ec2/types.h"

namespace casim::sim {

class StateHistory {
 public:
  // The instance leaves its state, which shows until then, or as long as an earlier one does.
  void leave(const ec2::Instance& instance, TimePoint until);
  // What is older than running shows no more.
  void terminate();

  bool is_late(TimePoint now) const;
  // Requires: it is late.
  void show(TimePoint now, ec2::Instance& instance) const;

 private:
  struct Past {
    ec2::InstanceState state{};
    std::string reason_code;
    std::string reason_message;
    TimePoint until{};
  };

  std::vector<Past> past_;  // oldest first, by until
};

}  // namespace casim::sim
