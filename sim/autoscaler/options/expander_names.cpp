#include "sim/autoscaler/options/expander_names.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <optional>
#include <span>
#include <string_view>

#include "src/config/names.h"

namespace casim::sim {
namespace {

constexpr std::array<std::string_view, 6> kKnown = {"random",      "most-pods", "least-nodes",
                                                    "least-waste", "price",     "priority"};

}  // namespace

std::string problem_of_expanders(const std::vector<std::string>& names) {
  if (names.empty()) return "expected at least one expander";
  for (std::size_t i = 0; i < names.size(); ++i) {
    const std::string& name = names[i];
    if (name == "grpc") return "expander \"grpc\" asks a server of its own and is not modelled";
    if (std::find(kKnown.begin(), kKnown.end(), name) == kKnown.end()) {
      const auto near = config::nearest_name(name, std::span<const std::string_view>(kKnown));
      return fmt::format("unknown expander \"{}\"{}", name,
                         near ? fmt::format("; did you mean \"{}\"?", *near) : "");
    }
    if (std::count(names.begin(), names.end(), name) > 1) {
      return fmt::format("expander \"{}\" is named twice", name);
    }
    if (i > 0 && names[i - 1] == "random") {
      return fmt::format("expander \"{}\" stands behind random, which leaves one option", name);
    }
  }
  return "";
}

}  // namespace casim::sim
