#include "sim/requirements/visibility.h"

#include <algorithm>
#include <string_view>
#include <utility>

namespace casim::sim {
namespace {

constexpr std::string_view kTagFilter = "tag:";

bool has_tag(const std::vector<ec2::Tag>& tags, std::string_view key,
             const std::vector<std::string>& values) {
  return std::ranges::any_of(tags, [&](const ec2::Tag& tag) {
    return tag.key == key && std::ranges::find(values, tag.value) != values.end();
  });
}

// False as well where that is not known: of a filter by anything but a tag.
bool asks_for(const ec2::DescribeInstancesRequest& request, const std::string& id,
              const std::vector<ec2::Tag>& tags) {
  const std::vector<std::string>& ids = request.instance_ids;
  if (!ids.empty() && std::ranges::find(ids, id) == ids.end()) return false;
  return std::ranges::all_of(request.filters, [&](const ec2::Filter& filter) {
    const std::string_view name = filter.name;
    return name.starts_with(kTagFilter) &&
           has_tag(tags, name.substr(kTagFilter.size()), filter.values);
  });
}

}  // namespace

void Visibility::on_launched(TimePoint at, const ec2::Instance& instance) {
  unshown_.emplace(instance.id, Unshown{at, instance.tags});
}

void Visibility::on_running(TimePoint at, const std::string& instance) {
  running_.emplace(instance, at);
}

void Visibility::on_terminated(const std::string& instance) {
  unshown_.erase(instance);
  running_.erase(instance);
}

void Visibility::on_listed(TimePoint asked, const ec2::DescribeInstancesRequest& request,
                           const ec2::DescribeInstancesReply& reply) {
  const auto before = pages_.find(request.next_token);
  const TimePoint begin = before == pages_.end() ? asked : before->second;
  if (!unshown_.empty() || !running_.empty()) {
    for (const ec2::Instance& instance : reply.instances) note_shown(asked, instance);
  }
  if (reply.next_token.empty()) return note_missing(begin, request);
  pages_.insert_or_assign(reply.next_token, begin);
}

// Of several ids it does not say which it means.
void Visibility::on_refused(TimePoint asked, const ec2::DescribeInstancesRequest& request,
                            const ec2::AttemptError& error) {
  const bool is_missing = error.code == ec2::ErrorCode::kInvalidInstanceIdNotFound;
  if (is_missing && request.instance_ids.size() == 1) note_missing(asked, request);
}

void Visibility::note_shown(TimePoint asked, const ec2::Instance& instance) {
  unshown_.erase(instance.id);
  const auto since = running_.find(instance.id);
  if (since == running_.end()) return;
  if (instance.state != ec2::InstanceState::kPending) {
    running_.erase(since);
  } else if (asked > since->second) {
    stalest_ = std::max(stalest_, asked - since->second);
  }
}

void Visibility::note_missing(TimePoint asked, const ec2::DescribeInstancesRequest& request) {
  for (const auto& [id, unshown] : unshown_) {
    if (unshown.launched >= asked || !asks_for(request, id, unshown.tags)) continue;
    Duration& longest = missed_[id];
    longest = std::max(longest, asked - unshown.launched);
  }
}

Duration Visibility::missed(const std::string& instance) const {
  const auto found = missed_.find(instance);
  return found == missed_.end() ? Duration{} : found->second;
}

}  // namespace casim::sim
