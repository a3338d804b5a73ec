// How large replies can get. A cluster-autoscaler's client refuses what is above grpc-go's limit,
// and then its loop aborts (externalgrpc.md 2.1).
#pragma once

#include <cstddef>
#include <string>
#include <vector>

#include "src/provider/types.h"

namespace casim::server {

inline constexpr std::size_t kReplyLimit = 4 * 1024 * 1024;
// From here on users are told.
inline constexpr std::size_t kReplyWarning = kReplyLimit / 4 * 3;

// Of NodeGroupNodes when the group is full: its machines run, or each has failed with a message of
// the length that EC2's have at most by experience (1,000 characters, assumed).
struct FullGroup {
  std::size_t running = 0;
  std::size_t failed = 0;
};

FullGroup full_reply_of(const provider::GroupConfig& group);
std::size_t groups_reply_of(const std::vector<provider::GroupConfig>& groups);  // of NodeGroups

}  // namespace casim::server
