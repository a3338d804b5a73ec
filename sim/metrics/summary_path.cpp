#include "sim/metrics/summary_path.h"

#include <algorithm>

namespace casim::sim {

std::vector<PathStep> steps_of(std::string_view path) {
  std::vector<PathStep> steps;
  for (std::size_t from = 0; from <= path.size();) {
    const std::size_t dot = std::min(path.find('.', from), path.size());
    std::string_view name = path.substr(from, dot - from);
    if (name.starts_with('{')) {
      name.remove_prefix(1);
      name.remove_suffix(1);
      steps.push_back({PathStep::Kind::kAnyName, std::string(name)});
    } else if (name.ends_with("[]")) {
      name.remove_suffix(2);
      steps.push_back({PathStep::Kind::kName, std::string(name)});
      steps.push_back({PathStep::Kind::kEachItem, ""});
    } else {
      steps.push_back({PathStep::Kind::kName, std::string(name)});
    }
    from = dot + 1;
  }
  return steps;
}

}  // namespace casim::sim
