#include "sim/import/asg_names.h"

#include <algorithm>

#include <fmt/format.h>

namespace casim::sim {
namespace {

// The longest whose name is a part between hyphens; empty: none, or several.
std::string group_in(const std::string& asg, const std::vector<std::string>& groups) {
  if (std::ranges::find(groups, asg) != groups.end()) return asg;
  const std::string text = fmt::format("-{}-", asg);
  std::string best;
  bool is_only = true;
  for (const std::string& group : groups) {
    if (text.find(fmt::format("-{}-", group)) == std::string::npos) continue;
    if (group.size() == best.size()) is_only = false;
    if (group.size() <= best.size()) continue;
    best = group;
    is_only = true;
  }
  return is_only ? best : "";
}

}  // namespace

MatchedBounds match_bounds(const std::map<std::string, GroupBounds>& given,
                           const std::vector<std::string>& groups) {
  MatchedBounds out;
  for (const auto& [asg, bounds] : given) {
    const std::string group = group_in(asg, groups);
    if (group.empty()) {
      out.unmatched.push_back(asg);
      continue;
    }
    GroupBounds& sum = out.bounds[group];
    sum.min += bounds.min;
    sum.max += bounds.max;
  }
  return out;
}

}  // namespace casim::sim
