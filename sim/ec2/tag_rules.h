// What tags of a resource may be. Source: ec2.md 1.2; lengths and the reserved prefix: EC2's
// CreateTags.
#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

#include "src/ec2/attempt.h"
#include "src/ec2/types.h"

namespace casim::sim {

inline constexpr std::size_t kMostTags = 50;  // of one resource

// Of one request. Errors: InvalidParameterValue, TagLimitExceeded.
ec2::Attempt<void> check_tags(const std::vector<ec2::Tag>& tags);
ec2::AttemptError too_many_tags();

std::uint64_t hash_of(std::vector<ec2::Tag> tags);  // whatever their order

}  // namespace casim::sim
