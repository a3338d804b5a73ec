// Which parameters of the EC2 API a path has really sent, by their names on the wire.
#pragma once

#include <cstddef>
#include <cstdint>
#include <map>
#include <optional>
#include <set>
#include <string>

#include "src/ec2/action.h"

namespace casim::sim {

struct ParameterUse {
  static constexpr std::size_t kMostValues = 8;  // kept; one more says that there were others

  std::int64_t calls = 0;               // that sent it
  std::size_t most_in_call = 0;         // values that one call gave it
  std::optional<std::int64_t> least{};  // of numbers
  std::optional<std::int64_t> most{};
  std::set<std::string> values;  // of names: which tag, which filter, which type
};

// By name, with letters for the places of lists: "TagSpecification.N.Tag.M.Key".
using ParameterUses = std::map<std::string, ParameterUse>;

// As the request stands on the wire.
void note_parameters(ParameterUses& uses, const ec2::AnyRequest& request);

}  // namespace casim::sim
