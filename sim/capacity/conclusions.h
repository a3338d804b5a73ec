// What several results say side by side, in sentences made of their figures.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "sim/capacity/variant.h"

namespace casim::sim {

// One of the first variant, one of each other against it.
std::vector<std::string> conclusions(const std::vector<Variant>& variants);

// The calls that EC2 must take, and the vCPUs that the account must have, for all of them.
std::vector<std::string> requirements_in_words(const std::vector<Variant>& variants);

// Names that take the place of "{...}" in a path of some variant, each once, in order:
// names_at(variants, "ec2.calls.", ".ok").
std::vector<std::string> names_at(const std::vector<Variant>& variants, std::string_view before,
                                  std::string_view behind);

// "210 s", "4.21 USD", "12.3 %", "1.61 calls a second".
std::string figure_text(double number, const ValueType& type);

}  // namespace casim::sim
