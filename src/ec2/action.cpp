#include "src/ec2/action.h"

#include <algorithm>
#include <cstddef>
#include <iterator>

namespace casim::ec2 {
namespace {

constexpr std::string_view kNames[] = {"RunInstances", "DescribeInstances", "TerminateInstances"};
static_assert(std::size(kNames) == kActionCount);

}  // namespace

std::string_view name_of(Action action) { return kNames[static_cast<std::size_t>(action)]; }

std::optional<Action> action_named(std::string_view name) {
  const auto* found = std::ranges::find(kNames, name);
  if (found == std::end(kNames)) return std::nullopt;
  return static_cast<Action>(found - std::begin(kNames));
}

}  // namespace casim::ec2
