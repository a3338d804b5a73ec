#include "src/provider/launch_request.h"

#include <algorithm>
#include <cassert>
#include <cstdint>
#include <utility>

#include <fmt/format.h>

#include "src/core/random.h"
#include "src/provider/machine_tags.h"

namespace casim::provider {
namespace {

void apply(const GroupLaunchTerms& terms, const std::string& zone,
           ec2::RunInstancesRequest& request) {
  request.image_id = terms.image_id;
  request.launch_template = terms.launch_template;
  // A subnet fixes the zone by itself.
  if (const auto subnet = terms.subnets.find(zone); subnet != terms.subnets.end()) {
    request.subnet_id = subnet->second;
    request.zone.clear();
  }
}

// `first`: place of the first slot that it asks for; `token`: of that and whatever else differs
// within the pool.
ec2::RunInstancesRequest make_request(const LaunchTerms& terms, const GroupConfig& group,
                                      const CallForSlots& call, const Pool& pool, int first,
                                      const std::string& token) {
  ec2::RunInstancesRequest request;
  request.instance_type = pool.type;
  request.zone = pool.zone;
  request.image_id = terms.image_id;
  if (const auto own = terms.groups.find(group.id); own != terms.groups.end()) {
    apply(own->second, pool.zone, request);
  }
  request.lifecycle = group.lifecycle;
  const auto hash = static_cast<std::uint32_t>(hash_bytes(pool.type + "/" + pool.zone));
  request.client_token = fmt::format("{}-{:08x}", token, hash);
  if (call.token.size == 1) {
    request.tags =
        machine_tags(terms.cluster, group.id, call.waiting.begin()->second, call.token.call);
  } else {
    request.tags = {{kClusterTag, terms.cluster},
                    {kGroupTag, group.id},
                    {kTokenTag, call.token.call},
                    {kFirstTag, std::to_string(first)}};
  }
  return request;
}

}  // namespace

std::vector<Pool> pools_of(const GroupConfig& group, const std::string& preferred_zone) {
  std::vector<std::string> zones = group.zones;
  std::ranges::stable_partition(
      zones, [&preferred_zone](const std::string& zone) { return zone == preferred_zone; });
  std::vector<Pool> pools;
  for (const std::string& zone : zones) {
    for (const std::string& type : group.instance_types) pools.push_back({type, zone});
  }
  return pools;
}

ec2::RunInstancesRequest request_for_rest(const LaunchTerms& terms, const GroupConfig& group,
                                          const CallForSlots& call, const Pool& pool) {
  assert(!call.waiting.empty());
  const std::string token =
      call.token.size == 1 ? call.token.call : fmt::format("{}-{}", call.token.call, call.first);
  ec2::RunInstancesRequest request = make_request(terms, group, call, pool, call.first, token);
  request.max_count = call.token.size - call.first;
  return request;
}

ec2::RunInstancesRequest request_for_one(const LaunchTerms& terms, const GroupConfig& group,
                                         const CallForSlots& call, const Pool& pool, int place,
                                         int round) {
  const std::string token = fmt::format("{}-{}.{}", call.token.call, place, round);
  return make_request(terms, group, call, pool, place, token);
}

}  // namespace casim::provider
