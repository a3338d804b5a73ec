// What the cloud says of the machine behind a node: the port of the cloud node lifecycle
// controller.
#pragma once

#include <cstdint>

#include "sim/cluster/objects.h"

namespace casim::sim {

enum class CloudState : std::uint8_t {
  kExists,
  kShutDown,  // stopped: it exists, but does not run
  kGone,      // terminated, or never heard of
};

class CloudInstances {
 public:
  virtual ~CloudInstances() = default;
  virtual CloudState state_of(const Node& node) = 0;
};

}  // namespace casim::sim
