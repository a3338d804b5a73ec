#include "sim/faults/check.h"

#include <algorithm>

#include <fmt/format.h>

namespace casim::sim {

void FaultCheck::begins(std::string_view member, Duration begin) const {
  if (!surroundings_.duration || begin < *surroundings_.duration) return;
  document_.warning(problems_, path_of(member),
                    "never happens: the run is over by then (duration)");
}

void FaultCheck::names_group(std::string_view member, const std::string& group) const {
  const std::vector<std::string_view>& known = surroundings_.node_groups;
  if (group.empty() || std::ranges::find(known, group) != known.end()) return;
  document_.error(
      problems_, path_of(member),
      fmt::format("unknown node group \"{}\"{}", group, config::suggestion(group, known)));
}

std::string FaultCheck::path_of(std::string_view member) const {
  return fmt::format("{}.{}", path_, member);
}

}  // namespace casim::sim
