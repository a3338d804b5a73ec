#include "sim/ec2/tag_rules.h"

#include <algorithm>
#include <set>
#include <string_view>

#include <fmt/format.h>

#include "src/core/random.h"

namespace casim::sim {
namespace {

constexpr std::size_t kLongestKey = 127;  // characters
constexpr std::size_t kLongestValue = 256;

std::size_t characters_in(std::string_view utf8) {
  return static_cast<std::size_t>(std::ranges::count_if(
      utf8, [](char c) { return (static_cast<unsigned char>(c) & 0xC0) != 0x80; }));
}

std::unexpected<ec2::AttemptError> invalid(std::string message) {
  return std::unexpected(
      ec2::error_reply(ec2::ErrorCode::kInvalidParameterValue, std::move(message)));
}

}  // namespace

ec2::AttemptError too_many_tags() {
  return ec2::error_reply(
      ec2::ErrorCode::kTagLimitExceeded,
      fmt::format("The maximum number of tags for a resource is {}.", kMostTags));
}

std::uint64_t hash_of(std::vector<ec2::Tag> tags) {
  std::ranges::sort(tags);
  std::uint64_t hash = tags.size();
  for (const ec2::Tag& tag : tags) {
    hash = hash_combine(hash_combine(hash, hash_bytes(tag.key)), hash_bytes(tag.value));
  }
  return hash;
}

ec2::Attempt<void> check_tags(const std::vector<ec2::Tag>& tags) {
  std::set<std::string_view> keys;
  for (const ec2::Tag& tag : tags) {
    if (tag.key.empty() || characters_in(tag.key) > kLongestKey) {
      return invalid(
          fmt::format("Tag key '{}' must have from 1 to {} characters.", tag.key, kLongestKey));
    }
    if (tag.key.starts_with("aws:")) {
      return invalid(fmt::format("Tag key '{}': keys that begin with aws: are reserved.", tag.key));
    }
    if (characters_in(tag.value) > kLongestValue) {
      return invalid(
          fmt::format("The value of tag '{}' exceeds {} characters.", tag.key, kLongestValue));
    }
    if (!keys.insert(tag.key).second) {
      return invalid(fmt::format("Duplicate tag key '{}' specified.", tag.key));
    }
  }
  if (tags.size() > kMostTags) return std::unexpected(too_many_tags());
  return {};
}

}  // namespace casim::sim
