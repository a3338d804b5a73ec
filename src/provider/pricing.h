// Prices for CA's price expander: of a node by its group, of a pod by its share of the cheapest
// group that it fits.
#pragma once

#include <span>

#include "src/core/result.h"
#include "src/core/time.h"
#include "src/provider/types.h"

namespace casim::provider {

// In USD, from start to end: of a node of the group. NOT_FOUND: its price is not known; the price
// expander leaves such a group out.
Result<double> price_of(const GroupConfig& group, WallTime start, WallTime end);
// Of a pod with these requests. NOT_FOUND: no group with a known price has room for it.
Result<double> price_of_pod(std::span<const GroupConfig> groups, const Resources& requests,
                            WallTime start, WallTime end);

}  // namespace casim::provider
