// Several results on one page: latency, cost, nodes and what EC2 must sustain side by side, with a
// conclusion in words. One file, without scripts and without network.
#pragma once

#include <string>
#include <vector>

#include "sim/capacity/variant.h"

namespace casim::sim {

// Requires: at least one. Every number stands in a <data> element with its exact value, `data-of`
// (the variant, from 0) and `data-path` (as casim compare names it): the mean over the variant's
// runs.
std::string capacity_html(const std::vector<Variant>& variants);

}  // namespace casim::sim
