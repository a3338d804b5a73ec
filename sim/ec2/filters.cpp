#include "sim/ec2/filters.h"

#include <cstddef>

#include <fmt/format.h>

#include "src/core/random.h"

namespace casim::sim {
namespace {

constexpr std::string_view kTagPrefix = "tag:";
constexpr std::size_t kMostValues = 200;

}  // namespace

bool matches_pattern(std::string_view pattern, std::string_view text) {
  std::size_t p = 0;
  std::size_t t = 0;
  std::size_t star = pattern.npos;  // the last one, which may take more
  std::size_t taken = 0;            // where what it takes ends
  while (t < text.size()) {
    const bool is_escaped = p + 1 < pattern.size() && pattern[p] == '\\' &&
                            std::string_view("*?\\").contains(pattern[p + 1]);
    if (p < pattern.size() && pattern[p] == '*') {
      star = p++;
      taken = t;
    } else if (is_escaped ? pattern[p + 1] == text[t]
                          : p < pattern.size() && (pattern[p] == '?' || pattern[p] == text[t])) {
      p += is_escaped ? 2 : 1;
      ++t;
    } else if (star != pattern.npos) {
      p = star + 1;
      t = ++taken;
    } else {
      return false;
    }
  }
  return pattern.find_first_not_of('*', p) == pattern.npos;
}

bool matches_any(const std::vector<std::string>& patterns, std::string_view text) {
  return std::ranges::any_of(
      patterns, [&](const std::string& pattern) { return matches_pattern(pattern, text); });
}

bool is_tag_filter(std::string_view name) {
  return name == "tag-key" || name.starts_with(kTagPrefix);
}

bool matches_tags(const ec2::Filter& filter, const std::vector<ec2::Tag>& tags) {
  const std::string_view name = filter.name;
  if (!name.starts_with(kTagPrefix)) {
    return std::ranges::any_of(
        tags, [&](const ec2::Tag& tag) { return matches_any(filter.values, tag.key); });
  }
  const auto tag = std::ranges::find(tags, name.substr(kTagPrefix.size()), &ec2::Tag::key);
  return tag != tags.end() && matches_any(filter.values, tag->value);
}

std::uint64_t hash_of(const std::vector<ec2::Filter>& filters) {
  std::uint64_t hash = filters.size();
  for (const ec2::Filter& filter : filters) {
    hash = hash_combine(hash, hash_bytes(filter.name, filter.values.size()));
    for (const std::string& value : filter.values) hash = hash_combine(hash, hash_bytes(value));
  }
  return hash;
}

ec2::AttemptError unknown_filter(const std::string& name) {
  return ec2::error_reply(ec2::ErrorCode::kInvalidParameterValue,
                          fmt::format("The filter '{}' is invalid", name));
}

ec2::Attempt<void> check_filter_count(const std::vector<ec2::Filter>& filters) {
  std::size_t values = 0;
  for (const ec2::Filter& filter : filters) values += filter.values.size();
  if (values <= kMostValues) return {};
  return std::unexpected(
      ec2::error_reply(ec2::ErrorCode::kFilterLimitExceeded,
                       fmt::format("The request has {} filter values; at most {} are allowed.",
                                   values, kMostValues)));
}

}  // namespace casim::sim
