#include "sim/ec2/instance_list.h"

#include <algorithm>
#include <charconv>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>

#include <fmt/format.h>

#include "sim/ec2/instance_ids.h"

namespace casim::sim {
namespace {

std::uint64_t number_at(const std::string& position) {
  std::uint64_t number = 0;
  std::from_chars(position.data(), position.data() + position.size(), number);
  return number;
}

}  // namespace

ec2::Attempt<void> check_instance_list(const std::vector<std::string>& instance_ids,
                                       const PageRequest& page) {
  if (!instance_ids.empty() && page.is_paged()) {
    return std::unexpected(ec2::error_reply(
        ec2::ErrorCode::kInvalidParameterCombination,
        fmt::format("The parameter instancesSet cannot be used with the parameter {}",
                    page.max_results != 0 ? "maxResults" : "nextToken")));
  }
  return check_max_results(page.max_results, 5, 1000);
}

std::string list_instances(Ec2State& state, const std::vector<std::string>& instance_ids,
                           const PageRequest& page, const ListedInstances& listed) {
  Fleet& fleet = state.fleet;
  std::optional<ec2::Instance> older;
  if (!instance_ids.empty()) {
    std::vector<std::uint64_t> numbers = instances_named(fleet, instance_ids).value();
    std::ranges::sort(numbers);
    for (const std::uint64_t number : numbers) {
      const FleetInstance& instance = *fleet.find(number);
      const ec2::Instance& shape = fleet.shown(instance, older);
      if (listed.match(instance, shape)) listed.take(instance, shape);
    }
    return {};
  }
  const auto page_size = static_cast<std::size_t>(
      page.max_results != 0 ? page.max_results : state.config.default_page_size);
  std::uint64_t last = number_at(start_of(state.pages, page).value());
  std::size_t taken = 0;
  const Fleet::Instances& all = fleet.all();
  for (auto it = all.upper_bound(last); it != all.end(); ++it) {
    if (!fleet.is_shown(it->second)) continue;
    const ec2::Instance& shape = fleet.shown(it->second, older);
    if (!listed.match(it->second, shape)) continue;
    if (page.is_paged() && taken == page_size) {
      return state.pages.issue(page.listing, std::to_string(last));
    }
    listed.take(it->second, shape);
    ++taken;
    last = it->first;
  }
  return {};
}

}  // namespace casim::sim
