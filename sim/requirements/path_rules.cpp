#include "sim/requirements/path_rules.h"

#include <variant>

#include "src/ec2/attempt.h"

namespace casim::sim {

PathRules rules_of(const Scenario& scenario) {
  const auto& body = scenario.provider.path.body;
  if (const auto* crossplane = std::get_if<CrossplaneConfig>(&body)) {
    return crossplane_rules(*crossplane);
  }
  if (const auto* cluster_api = std::get_if<ClusterApiPathConfig>(&body)) {
    return cluster_api_rules(*cluster_api);
  }
  return direct_rules(scenario);
}

bool is_code(std::string_view reason, ec2::ErrorCode code) { return reason == ec2::name_of(code); }

bool is_without_reply(std::string_view reason) {
  for (const ec2::Fault fault : {ec2::Fault::kReset, ec2::Fault::kConnectTimeout,
                                 ec2::Fault::kReadTimeout, ec2::Fault::kIncompleteReply}) {
    if (reason == ec2::reason_of(ec2::no_reply(fault))) return true;
  }
  return false;
}

}  // namespace casim::sim
