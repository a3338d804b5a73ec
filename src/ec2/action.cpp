#include "src/ec2/action.h"

#include <algorithm>
#include <iterator>

namespace casim::ec2 {

std::optional<Action> action_named(std::string_view name) {
  const auto* found = std::ranges::find(kActions, name, &ActionInfo::name);
  if (found == std::end(kActions)) return std::nullopt;
  return found->action;
}

}  // namespace casim::ec2
