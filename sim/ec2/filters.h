// Filters of the describe actions: names that EC2 knows and this model too, values with wildcards.
// A table has a row per name; tags are filtered alike everywhere. Source: ec2.md 1.3 (BC); the
// wildcards, their escape and the limit of 200 values: Using_Filtering of the EC2 User Guide.
#pragma once

#include <algorithm>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "src/ec2/action.h"
#include "src/ec2/attempt.h"

namespace casim::sim {

// * stands for any text, ? for one character; a backslash takes either for itself.
bool matches_pattern(std::string_view pattern, std::string_view text);
bool matches_any(const std::vector<std::string>& patterns, std::string_view text);

// "tag:<key>" and "tag-key".
bool is_tag_filter(std::string_view name);
bool matches_tags(const ec2::Filter& filter, const std::vector<ec2::Tag>& tags);

std::uint64_t hash_of(const std::vector<ec2::Filter>& filters);

ec2::AttemptError unknown_filter(const std::string& name);  // InvalidParameterValue
// FilterLimitExceeded.
ec2::Attempt<void> check_filter_count(const std::vector<ec2::Filter>& filters);

// What a filter of that name asks of an item.
template <class Item>
struct FilterRow {
  std::string_view name;
  bool (*matches)(const Item& item, const std::vector<std::string>& values);
};

// Without tags: whoever has them looks at these filters first.
template <class Item>
const FilterRow<Item>* row_named(std::span<const FilterRow<Item>> table, std::string_view name) {
  const auto row = std::ranges::find(table, name, &FilterRow<Item>::name);
  return row == table.end() ? nullptr : &*row;
}

template <class Item>
ec2::Attempt<void> check_filters(std::span<const FilterRow<Item>> table,
                                 const std::vector<ec2::Filter>& filters, bool with_tags) {
  for (const ec2::Filter& filter : filters) {
    if (with_tags && is_tag_filter(filter.name)) continue;
    if (row_named(table, filter.name) == nullptr) {
      return std::unexpected(unknown_filter(filter.name));
    }
  }
  return check_filter_count(filters);
}

// The filters of one request, looked up once. Requires: they passed the check. The request outlives
// it.
template <class Item>
class BoundFilters {
 public:
  BoundFilters(std::span<const FilterRow<Item>> table, const std::vector<ec2::Filter>& filters) {
    for (const ec2::Filter& filter : filters) {
      if (is_tag_filter(filter.name)) {
        of_tags_.push_back(&filter);
      } else {
        others_.push_back({row_named(table, filter.name), &filter});
      }
    }
  }

  bool match(const Item& item) const {
    return std::ranges::all_of(others_, [&](const Bound& bound) {
      return bound.row->matches(item, bound.filter->values);
    });
  }

  bool match_tags(const std::vector<ec2::Tag>& tags) const {
    return std::ranges::all_of(
        of_tags_, [&](const ec2::Filter* filter) { return matches_tags(*filter, tags); });
  }

 private:
  struct Bound {
    const FilterRow<Item>* row;
    const ec2::Filter* filter;
  };

  std::vector<const ec2::Filter*> of_tags_;
  std::vector<Bound> others_;
};

}  // namespace casim::sim
