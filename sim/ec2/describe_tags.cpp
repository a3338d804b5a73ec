#include "sim/ec2/describe_tags.h"

#include <algorithm>
#include <cstddef>
#include <string>
#include <utility>
#include <vector>

#include <fmt/format.h>

#include "sim/ec2/filters.h"
#include "sim/ec2/pages.h"
#include "src/core/random.h"

namespace casim::sim {
namespace {

using ec2::TagDescription;

template <auto Member>
bool has(const TagDescription& tag, const std::vector<std::string>& values) {
  return matches_any(values, tag.*Member);
}

constexpr FilterRow<TagDescription> kTagFilters[] = {
    {"key", has<&TagDescription::key>},
    {"value", has<&TagDescription::value>},
    {"resource-id", has<&TagDescription::resource_id>},
    {"resource-type", has<&TagDescription::resource_type>},
};

std::span<const FilterRow<TagDescription>> tag_filters() { return kTagFilters; }

PageRequest page_of(const ec2::DescribeTagsRequest& request) {
  return {.listing = hash_bytes("DescribeTags", hash_of(request.filters)),
          .max_results = request.max_results,
          .next_token = request.next_token};
}

// Orders tags as the reply does: by number of the instance, then by key.
std::string position_of(std::uint64_t number, const std::string& key) {
  return fmt::format("{:016x}{}", number, key);
}

}  // namespace

ec2::Attempt<void> check_describe_tags(Ec2State& state, const ec2::DescribeTagsRequest& request) {
  if (auto size = check_max_results(request.max_results, 5, 1000); !size) return size;
  for (const ec2::Filter& filter : request.filters) {
    // Other describe actions know it.
    if (filter.name == "tag-key") return std::unexpected(unknown_filter(filter.name));
  }
  if (auto named = check_filters(tag_filters(), request.filters, true); !named) return named;
  if (auto start = start_of(state.pages, page_of(request)); !start) {
    return std::unexpected(std::move(start.error()));
  }
  return {};
}

ec2::Attempt<ec2::DescribeTagsReply> describe_tags(Ec2State& state,
                                                   const ec2::DescribeTagsRequest& request) {
  const PageRequest page = page_of(request);
  const BoundFilters<TagDescription> filters(tag_filters(), request.filters);
  const auto page_size = static_cast<std::size_t>(
      page.max_results != 0 ? page.max_results : state.config.default_page_size);
  std::string last = start_of(state.pages, page).value();
  ec2::DescribeTagsReply reply;
  for (const auto& [number, instance] : state.fleet.all()) {
    if (!state.fleet.is_shown(instance)) continue;
    std::vector<ec2::Tag> tags = instance.shape().tags;
    std::ranges::sort(tags);
    for (ec2::Tag& tag : tags) {
      std::string position = position_of(number, tag.key);
      if (position <= last) continue;
      if (!filters.match_tags({tag})) continue;
      TagDescription item{instance.shape().id, "instance", std::move(tag.key),
                          std::move(tag.value)};
      if (!filters.match(item)) continue;
      if (page.is_paged() && reply.tags.size() == page_size) {
        reply.next_token = state.pages.issue(page.listing, last);
        return reply;
      }
      reply.tags.push_back(std::move(item));
      last = std::move(position);
    }
  }
  return reply;
}

}  // namespace casim::sim
