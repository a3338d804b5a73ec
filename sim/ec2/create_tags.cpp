#include "sim/ec2/create_tags.h"

#include <algorithm>
#include <string>
#include <utility>
#include <vector>

#include <fmt/format.h>

#include "sim/ec2/instance_ids.h"
#include "sim/ec2/tag_rules.h"
#include "src/core/random.h"

namespace casim::sim {
namespace {

using ec2::ErrorCode;

std::vector<ec2::Tag> merged(std::vector<ec2::Tag> tags, const std::vector<ec2::Tag>& changes) {
  for (const ec2::Tag& change : changes) {
    const auto same = std::ranges::find(tags, change.key, &ec2::Tag::key);
    if (same == tags.end()) {
      tags.push_back(change);
    } else {
      same->value = change.value;
    }
  }
  return tags;
}

ec2::Attempt<ec2::CreateTagsReply> create_tags(Ec2State& state,
                                               const ec2::CreateTagsRequest& request) {
  if (ec2::Attempt<void> checked = check_create_tags(state, request); !checked) {
    return std::unexpected(std::move(checked.error()));
  }
  const auto numbers = instances_to_change(state.fleet, request.resource_ids).value();
  std::vector<std::vector<ec2::Tag>> tags;
  for (const std::uint64_t number : numbers) {
    tags.push_back(merged(state.fleet.find(number)->shape().tags, request.tags));
    if (tags.back().size() > kMostTags) return std::unexpected(too_many_tags());
  }
  for (std::size_t i = 0; i < numbers.size(); ++i) {
    state.fleet.set_tags(numbers[i], std::move(tags[i]));
  }
  return ec2::CreateTagsReply{};
}

}  // namespace

ec2::Attempt<void> check_create_tags(Ec2State& state, const ec2::CreateTagsRequest& request) {
  for (const std::string& id : request.resource_ids) {
    if (id.starts_with("i-")) continue;
    return ec2::refuse(ErrorCode::kInvalidId,
                       fmt::format("The ID '{}' is not valid: only instances are modelled", id));
  }
  if (auto named = instances_to_change(state.fleet, request.resource_ids); !named) {
    return std::unexpected(std::move(named.error()));
  }
  if (request.tags.empty()) {
    return ec2::refuse(ErrorCode::kMissingParameter, "The request must contain the parameter Tag");
  }
  return check_tags(request.tags);
}

CallPlan<ec2::CreateTagsReply> plan_create_tags(Ec2State& state, ec2::CreateTagsRequest request,
                                                const Slowness& slowness) {
  const std::vector<std::string>& ids = request.resource_ids;
  const std::uint64_t key = ids.empty() ? 0 : hash_bytes(ids.front());
  const Duration takes =
      state.times.next(state.config.latency.mutate_other, "ec2.create_tags", key, slowness);
  const auto busy = std::ranges::find_if(
      ids, [&state](const std::string& id) { return state.being_tagged.contains(id); });
  if (busy != ids.end()) {
    return {takes, [id = *busy]() -> ec2::Attempt<ec2::CreateTagsReply> {
              return ec2::refuse(
                  ErrorCode::kConcurrentTagAccess,
                  fmt::format("Tags of '{}' are being changed by another call.", id));
            }};
  }
  state.being_tagged.insert(ids.begin(), ids.end());
  return {takes, [&state, request = std::move(request)] {
            for (const std::string& id : request.resource_ids) state.being_tagged.erase(id);
            return create_tags(state, request);
          }};
}

}  // namespace casim::sim
