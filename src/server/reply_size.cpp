#include "src/server/reply_size.h"

#include <algorithm>
#include <limits>

#include "src/core/id.h"
#include "src/provider/placeholder.h"
#include "src/server/convert.h"

namespace casim::server {
namespace {

// One row in a reply, with its tag and length.
std::size_t row_size(const provider::Instance& instance) {
  pb::NodeGroupNodesResponse reply;
  write_instance(instance, *reply.add_instances());
  return reply.ByteSizeLong();
}

}  // namespace

FullGroup full_reply_of(const provider::GroupConfig& group) {
  const auto zone = std::ranges::max_element(group.zones, {}, &std::string::size);
  const std::string machine = provider::make_provider_id(*zone, "i-0123456789abcdef0");
  const std::string placeholder = provider::make_placeholder(
      *zone, group.id, SlotId(std::numeric_limits<std::uint32_t>::max()));
  const auto count = static_cast<std::size_t>(group.max_size);
  return {.running = count * row_size({machine, provider::InstanceState::kRunning, std::nullopt}),
          .failed = count * row_size({placeholder, provider::InstanceState::kCreating,
                                      provider::SlotFailure{
                                          "InsufficientInstanceCapacity", std::string(1000, 'x'),
                                          provider::SlotFailure::kOutOfResources}})};
}

std::size_t groups_reply_of(const std::vector<provider::GroupConfig>& groups) {
  pb::NodeGroupsResponse reply;
  for (const provider::GroupConfig& group : groups) write_group(group, *reply.add_nodegroups());
  return reply.ByteSizeLong();
}

}  // namespace casim::server
