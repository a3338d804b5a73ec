// Machines of a group disappear without anybody's order.
#pragma once

#include <string>
#include <string_view>

#include "src/config/visitor.h"
#include "src/core/time.h"

namespace casim::sim {

class FaultCheck;
struct FaultTargets;

struct MachineVanishesFault {
  static constexpr std::string_view kKind = "machine_vanishes";

  Duration at{};
  std::string group;
  int count = 1;  // the oldest that run then, as many as there are

  void check(const FaultCheck& check) const;
  void arm(const FaultTargets& targets) const;
};

void describe(config::Visitor& v, MachineVanishesFault& fault);

}  // namespace casim::sim
