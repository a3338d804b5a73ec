#include "sim/scenario/initial_quota.h"

#include <algorithm>
#include <cstdint>
#include <map>
#include <utility>

#include <fmt/format.h>

namespace casim::sim {
namespace {

struct Quota {
  std::int64_t limit = 0;  // vCPU
  std::int64_t used = 0;
  std::string path;  // of the limit
};

Quota quota_of(const std::string& family, const Ec2Config& ec2) {
  const auto own = ec2.vcpu_quota_of_family.find(family);
  if (own == ec2.vcpu_quota_of_family.end()) return {ec2.vcpu_quota, 0, "ec2.vcpu_quota"};
  return {own->second, 0, "ec2.vcpu_quota_of_family." + family};
}

}  // namespace

std::vector<QuotaProblem> initial_nodes_above_quota(const Scenario& scenario) {
  std::vector<QuotaProblem> problems;
  std::map<std::pair<std::string, ec2::Lifecycle>, Quota> quotas;
  for (std::size_t i = 0; i < scenario.node_groups.size(); ++i) {
    const NodeGroupConfig& group = scenario.node_groups[i];
    const ec2::InstanceType& type = scenario.ec2.catalogue->at(group.instance_types.front());
    const std::string family = quota_family(type.name);
    Quota& quota =
        quotas.try_emplace({family, group.lifecycle}, quota_of(family, scenario.ec2)).first->second;
    const std::int64_t wanted = std::int64_t{group.initial} * type.vcpus;
    const std::int64_t left = std::max<std::int64_t>(0, quota.limit - quota.used);
    if (wanted > left) {
      problems.push_back(
          {i, fmt::format("{} {} have {} vCPU, and the quota of the family \"{}\" leaves {} of {}: "
                          "at most {} ({})",
                          group.initial, type.name, wanted, family, left, quota.limit,
                          left / type.vcpus, quota.path)});
    }
    quota.used += wanted;
  }
  return problems;
}

}  // namespace casim::sim
