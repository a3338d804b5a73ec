// The formulas in which retry cases write delays: numbers, u, + * ^, min(a, b), and clamp(h, a, b)
// = max(a, min(h, b)).
#pragma once

#include <string_view>

namespace casim::oracle {

// Seconds. Throws std::runtime_error where the text is no such formula.
double evaluate_delay(std::string_view formula, double u);

}  // namespace casim::oracle
