#include "src/ec2/action.h"

#include <algorithm>
#include <iterator>

namespace casim::ec2 {

std::optional<Action> action_named(std::string_view name) {
  const auto* found = std::ranges::find(kActions, name, &ActionInfo::name);
  if (found == std::end(kActions)) return std::nullopt;
  return found->action;
}

std::vector<std::pair<Action, std::string_view>> enum_names(Action) {
  std::vector<std::pair<Action, std::string_view>> names;
  for (const ActionInfo& row : kActions) names.emplace_back(row.action, row.name);
  return names;
}

}  // namespace casim::ec2
