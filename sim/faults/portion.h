// How many of those that a fault could befall it does: a share, or a number.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "src/config/visitor.h"
#include "src/core/random.h"

namespace casim::sim {

struct Portion {
  double share = 1;               // each drawn for itself
  std::optional<int> count = {};  // instead: so many, drawn

  // Those of the names that it befalls, in order of name. Draws are named by purpose, key and name.
  std::vector<std::string> draw(const std::vector<std::string>& names, const Random& random,
                                std::string_view purpose, std::uint64_t key) const;
};

// As members of the fault itself; `whose` as in "share of <whose>".
void describe_portion(config::Visitor& v, Portion& portion, std::string_view whose);

}  // namespace casim::sim
