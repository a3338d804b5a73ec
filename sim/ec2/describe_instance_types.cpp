#include "sim/ec2/describe_instance_types.h"

#include <algorithm>
#include <cstddef>
#include <string>
#include <utility>
#include <vector>

#include <fmt/format.h>
#include <fmt/ranges.h>

#include "sim/ec2/filters.h"
#include "sim/ec2/pages.h"
#include "src/core/random.h"

namespace casim::sim {
namespace {

using ec2::ErrorCode;
using ec2::InstanceType;
using Values = std::vector<std::string>;

constexpr int kMost = 100;  // names of a request, items of a page

constexpr FilterRow<InstanceType> kTypeFilters[] = {
    {"instance-type",
     [](const InstanceType& type, const Values& values) { return matches_any(values, type.name); }},
    {"vcpu-info.default-vcpus",
     [](const InstanceType& type, const Values& values) {
       return matches_any(values, std::to_string(type.vcpus));
     }},
    {"memory-info.size-in-mib",
     [](const InstanceType& type, const Values& values) {
       return matches_any(values, std::to_string(type.memory.value() >> 20));
     }},
    {"processor-info.supported-architecture",
     [](const InstanceType& type, const Values& values) {
       return matches_any(values, ec2::wire_architecture(type));
     }},
    {"supported-usage-class",
     [](const InstanceType& type, const Values& values) {
       return matches_any(values, "on-demand") || (type.has_spot && matches_any(values, "spot"));
     }},
};

std::span<const FilterRow<InstanceType>> type_filters() { return kTypeFilters; }

PageRequest page_of(const ec2::DescribeInstanceTypesRequest& request) {
  std::uint64_t listing = hash_bytes("DescribeInstanceTypes", hash_of(request.filters));
  for (const std::string& name : request.instance_types) {
    listing = hash_combine(listing, hash_bytes(name));
  }
  return {.listing = listing,
          .max_results = request.max_results != 0 ? request.max_results : kMost,
          .next_token = request.next_token};
}

ec2::Attempt<void> check_names(const ec2::Catalogue& catalogue, const Values& names) {
  if (names.size() > kMost) {
    return std::unexpected(ec2::error_reply(
        ErrorCode::kInvalidParameterValue,
        fmt::format("Too many instance types: {}. At most {} per call.", names.size(), kMost)));
  }
  Values unknown;
  for (const std::string& name : names) {
    if (!catalogue.contains(name)) unknown.push_back(name);
  }
  if (unknown.empty()) return {};
  return std::unexpected(
      ec2::error_reply(ErrorCode::kInvalidInstanceType,
                       fmt::format("The following supplied instance types do not exist: [{}]",
                                   fmt::join(unknown, ", "))));
}

}  // namespace

ec2::Attempt<void> check_describe_instance_types(Ec2State& state,
                                                 const ec2::DescribeInstanceTypesRequest& request) {
  if (auto size = check_max_results(request.max_results, 5, kMost); !size) return size;
  if (auto named = check_filters(type_filters(), request.filters, false); !named) return named;
  if (auto known = check_names(*state.config.catalogue, request.instance_types); !known) {
    return known;
  }
  if (auto start = start_of(state.pages, page_of(request)); !start) {
    return std::unexpected(std::move(start.error()));
  }
  return {};
}

ec2::Attempt<ec2::DescribeInstanceTypesReply> describe_instance_types(
    Ec2State& state, const ec2::DescribeInstanceTypesRequest& request) {
  const PageRequest page = page_of(request);
  const BoundFilters<InstanceType> filters(type_filters(), request.filters);
  const auto page_size = static_cast<std::size_t>(page.max_results);
  const Values& names = request.instance_types;
  const auto is_asked_for = [&names](const std::string& name) {
    return names.empty() || std::ranges::find(names, name) != names.end();
  };
  ec2::DescribeInstanceTypesReply reply;
  const ec2::Catalogue& all = *state.config.catalogue;
  for (auto it = all.upper_bound(start_of(state.pages, page).value()); it != all.end(); ++it) {
    const InstanceType& type = it->second;
    if (!is_asked_for(type.name) || !filters.match(type)) continue;
    if (reply.types.size() == page_size) {
      reply.next_token = state.pages.issue(page.listing, reply.types.back().name);
      break;
    }
    reply.types.push_back(type);
  }
  return reply;
}

}  // namespace casim::sim
