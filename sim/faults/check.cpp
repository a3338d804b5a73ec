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
  if (!group.empty())
    names_one(std::string(member), "node group", group, surroundings_.node_groups);
}

void FaultCheck::names_groups(std::string_view member,
                              const std::vector<std::string>& groups) const {
  names_each(member, "node group", groups, surroundings_.node_groups);
}

void FaultCheck::names_zones(std::string_view member, const std::vector<std::string>& zones) const {
  names_each(member, "zone of a node group", zones, surroundings_.zones);
}

void FaultCheck::names_types(std::string_view member, const std::vector<std::string>& types) const {
  names_each(member, "instance type of a node group", types, surroundings_.instance_types);
}

void FaultCheck::error(std::string_view member, const std::string& message) const {
  document_.error(problems_, path_of(member), message);
}

void FaultCheck::names_one(const std::string& member, std::string_view what,
                           const std::string& name, const Names& known) const {
  if (std::ranges::find(known, name) != known.end()) return;
  error(member, fmt::format("unknown {} \"{}\"{}", what, name, config::suggestion(name, known)));
}

void FaultCheck::names_each(std::string_view member, std::string_view what,
                            const std::vector<std::string>& names, const Names& known) const {
  for (std::size_t i = 0; i < names.size(); ++i) {
    names_one(fmt::format("{}[{}]", member, i), what, names[i], known);
  }
}

std::string FaultCheck::path_of(std::string_view member) const {
  return fmt::format("{}.{}", path_, member);
}

}  // namespace casim::sim
