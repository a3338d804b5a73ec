#include "sim/requirements/launches.h"

#include <algorithm>

#include "src/provider/machine_tags.h"

namespace casim::sim {

void Launches::on_asked(TimePoint at, std::uint64_t call, const ec2::RunInstancesRequest& request) {
  const std::string& token = request.client_token;
  LaunchCall launch;
  launch.asked = at;
  launch.has_token = !token.empty();
  calls_.emplace(call, std::move(launch));
  longest_token_ = std::max(longest_token_, token.size());
  if (!token.empty() && ++tokens_[token] > 1) ++repeated_;
}

std::vector<ec2::Instance> Launches::on_decided(std::uint64_t call,
                                                const ec2::RunInstancesReply& reply) {
  std::vector<ec2::Instance> fresh;
  for (const ec2::Instance& instance : reply.instances) {
    if (machines_.contains(instance.id)) continue;
    add(call, instance);
    fresh.push_back(instance);
  }
  if (fresh.empty() && !reply.instances.empty()) ++replayed_;
  calls_.at(call).machines += static_cast<std::int64_t>(fresh.size());
  return fresh;
}

void Launches::add(std::uint64_t call, const ec2::Instance& instance) {
  const std::string slot = provider::slot_token_of(instance);
  std::vector<std::string>& others = machines_of_[slot];
  const auto live = std::ranges::find_if(
      others, [this](const std::string& id) { return machines_.at(id).is_live; });
  if (live != others.end()) {
    doubled_.push_back({instance.id, call, *live, machines_.at(*live).call});
  } else if (!others.empty()) {
    ++again_;
  }
  others.push_back(instance.id);
  machines_.emplace(instance.id, Machine{slot, call});
}

void Launches::on_heard(TimePoint at, std::uint64_t call, const ec2::AttemptError* error) {
  LaunchCall& launch = calls_.at(call);
  launch.waited = at - launch.asked;
  if (error != nullptr) launch.error = ec2::reason_of(*error);
}

void Launches::on_left(TimePoint at, std::uint64_t call) {
  LaunchCall& launch = calls_.at(call);
  launch.waited = at - launch.asked;
  launch.is_left = true;
}

void Launches::on_ending(const std::string& instance) {
  const auto found = machines_.find(instance);
  if (found != machines_.end()) found->second.is_live = false;
}

bool Launches::is_live(const std::string& instance) const {
  const auto found = machines_.find(instance);
  return found != machines_.end() && found->second.is_live;
}

}  // namespace casim::sim
