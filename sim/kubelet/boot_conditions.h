// What befalls machines on their way to a node, asked by NodeLife: slow boots, machines that never
// become nodes. Whoever schedules faults implements this; NodeLife honours it and knows no
// schedule.
#pragma once

#include "src/core/time.h"
#include "src/ec2/types.h"

namespace casim::sim {

// Of a machine that begins to boot.
struct BootCourse {
  double factor = 1;         // times what it takes to the kubelet's start
  Duration delay{};          // in addition
  bool never_joins = false;  // no kubelet of it ever registers
};

// The defaults: nothing is wrong.
class BootConditions {
 public:
  virtual ~BootConditions() = default;
  // Asked once, when the machine runs.
  virtual BootCourse on_boot(const ec2::Instance& instance, TimePoint at) const;
  // Since when a kubelet can register that tries at `at`; later than that: it tries again then.
  virtual TimePoint registers_from(const ec2::Instance& instance, TimePoint at) const;
};

const BootConditions& normal_boots();

}  // namespace casim::sim
