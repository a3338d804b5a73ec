// Names that stand for values on the wire, where they are not those of the value's own type.
// Source: ec2.md 1.2.
#pragma once

#include <string_view>
#include <utility>
#include <vector>

#include "src/ec2/requests.h"
#include "src/ec2/types.h"

namespace casim::ec2 {

template <class T>
using WireNames = std::vector<std::pair<T, std::string_view>>;

inline WireNames<Lifecycle> wire_names(Lifecycle) {
  return {{Lifecycle::kOnDemand, "on-demand"}, {Lifecycle::kSpot, "spot"}};
}

inline WireNames<FleetType> wire_names(FleetType) {
  return {{FleetType::kRequest, "request"},
          {FleetType::kMaintain, "maintain"},
          {FleetType::kInstant, "instant"}};
}

inline WireNames<FleetAllocation> wire_names(FleetAllocation) {
  return {{FleetAllocation::kLowestPrice, "lowest-price"},
          {FleetAllocation::kPrioritized, "prioritized"}};
}

inline WireNames<StatusSummary> wire_names(StatusSummary) {
  return {{StatusSummary::kOk, "ok"},
          {StatusSummary::kInitializing, "initializing"},
          {StatusSummary::kNotApplicable, "not-applicable"}};
}

namespace query {

// Where a machine on demand is one of which nothing is said.
struct SpotOnly {
  Lifecycle value = Lifecycle::kOnDemand;

  bool operator==(const SpotOnly&) const = default;
};

inline WireNames<SpotOnly> wire_names(SpotOnly) { return {{{Lifecycle::kSpot}, "spot"}}; }

// Of Spot machines. How much room a pool has is not modelled, so its strategies are that of price.
struct SpotAllocation {
  FleetAllocation value = FleetAllocation::kLowestPrice;

  bool operator==(const SpotAllocation&) const = default;
};

inline WireNames<SpotAllocation> wire_names(SpotAllocation) {
  using enum FleetAllocation;
  return {{{kLowestPrice}, "lowest-price"},
          {{kLowestPrice}, "diversified"},
          {{kLowestPrice}, "capacity-optimized"},
          {{kLowestPrice}, "price-capacity-optimized"},
          {{kPrioritized}, "capacity-optimized-prioritized"}};
}

// The architecture of a processor as this project spells it, with EC2's name.
struct Architecture {
  std::string_view value = "amd64";

  bool operator==(const Architecture&) const = default;
};

inline WireNames<Architecture> wire_names(Architecture) {
  return {{{"amd64"}, "x86_64"},
          {{"arm64"}, "arm64"},
          {{"x86_64_mac"}, "x86_64_mac"},
          {{"arm64_mac"}, "arm64_mac"}};
}

}  // namespace query
}  // namespace casim::ec2
