#include "sim/faults/check.h"

#include <algorithm>

#include <fmt/format.h>

namespace casim::sim {
namespace {

constexpr std::string_view kGroup = "node group";
constexpr std::string_view kZone = "zone of a node group";
constexpr std::string_view kType = "instance type of a node group";

}  // namespace

void FaultCheck::begins(std::string_view member, Duration begin) const {
  if (!surroundings_.duration || begin < *surroundings_.duration) return;
  document_.warning(problems_, path_of(member),
                    "never happens: the run is over by then (duration)");
}

void FaultCheck::befalls_spot(std::string_view member,
                              const std::vector<std::string>& groups) const {
  const auto is_spot = [this](const std::string& group) {
    return std::ranges::find(surroundings_.spot_groups, group) != surroundings_.spot_groups.end();
  };
  const bool befalls_any =
      groups.empty() ? !surroundings_.spot_groups.empty() : std::ranges::any_of(groups, is_spot);
  if (befalls_any) return;
  document_.warning(problems_, path_of(member),
                    groups.empty() ? "befalls nothing: no node group has lifecycle spot"
                                   : "befalls nothing: none of these has lifecycle spot");
}

void FaultCheck::names_group(std::string_view member, const std::string& group) const {
  names_one(std::string(member), kGroup, group, surroundings_.node_groups);
}

void FaultCheck::names_zone(std::string_view member, const std::string& zone) const {
  names_one(std::string(member), kZone, zone, surroundings_.zones);
}

void FaultCheck::names_type(std::string_view member, const std::string& type) const {
  names_one(std::string(member), kType, type, surroundings_.instance_types);
}

void FaultCheck::names_groups(std::string_view member,
                              const std::vector<std::string>& groups) const {
  names_each(member, kGroup, groups, surroundings_.node_groups);
}

void FaultCheck::names_zones(std::string_view member, const std::vector<std::string>& zones) const {
  names_each(member, kZone, zones, surroundings_.zones);
}

void FaultCheck::names_types(std::string_view member, const std::vector<std::string>& types) const {
  names_each(member, kType, types, surroundings_.instance_types);
}

void FaultCheck::names_static_nodes(std::string_view member,
                                    const std::vector<std::string>& nodes) const {
  names_each(member, "static node", nodes, surroundings_.static_nodes);
}

void FaultCheck::error(std::string_view member, const std::string& message) const {
  document_.error(problems_, path_of(member), message);
}

void FaultCheck::names_one(const std::string& member, std::string_view what,
                           const std::string& name, const Names& known) const {
  if (name.empty() || std::ranges::find(known, name) != known.end()) return;
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
