// The tags by which an instance is known to be ours, and whose it is.
#pragma once

#include <string>
#include <vector>

#include "src/core/id.h"
#include "src/ec2/types.h"

namespace casim::provider {

// Keys of the tags of every instance of ours.
inline constexpr const char* kClusterTag = "casim:cluster";
inline constexpr const char* kGroupTag = "casim:group";
inline constexpr const char* kSlotTag = "casim:slot";    // of a call for one
inline constexpr const char* kTokenTag = "casim:token";  // LaunchToken::call
inline constexpr const char* kFirstTag =
    "casim:first";  // place of its first slot, in a call for several

// Empty: there is no such tag.
std::string tag_of(const ec2::Instance& instance, std::string_view key);

// What an instance of a slot is found by, and by whom: the cluster's reads ask for its own tag
// only.
std::vector<ec2::Tag> machine_tags(const std::string& cluster, const std::string& group,
                                   SlotId slot, const std::string& token);

// The token of the slot that an instance was launched for; empty: it is not a provider's.
std::string slot_token_of(const ec2::Instance& instance);

}  // namespace casim::provider
