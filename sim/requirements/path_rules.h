// What a path from the provider to EC2 needs of EC2 by its own rules, whether or not a run has
// shown it. The texts say what the code of the path does under the settings of the scenario; tests
// hold them against runs.
#pragma once

#include <functional>
#include <string>
#include <string_view>
#include <vector>

#include "sim/scenario/scenario.h"
#include "src/ec2/action.h"
#include "src/ec2/error_code.h"

namespace casim::sim {

// Answers that the path takes for the same thing.
struct Reaction {
  std::string to;                  // "throttling"
  std::string does;                // in a sentence
  std::vector<std::string> codes;  // by which the path knows it; empty: by no code
  // `reason`: ec2::reason_of.
  std::function<bool(ec2::Action action, std::string_view reason)> holds;
};

struct PathRules {
  std::string name;  // as provider.path.kind has it
  std::vector<std::string> actions;
  std::vector<std::string> idempotency;
  std::vector<std::string> listing;
  std::vector<std::string> consistency;
  std::vector<std::string> answer_time;
  std::vector<Reaction> reactions;    // of a call, the first that holds counts
  std::string failed_after_accepted;  // what it does about an instance that ends before it runs
};

PathRules rules_of(const Scenario& scenario);

// Each by itself.
PathRules direct_rules(const Scenario& scenario);
PathRules crossplane_rules(const CrossplaneConfig& config);
PathRules cluster_api_rules(const ClusterApiPathConfig& config);

// A reason is what ec2::reason_of says of an answer.
bool is_code(std::string_view reason, ec2::ErrorCode code);
bool is_without_reply(std::string_view reason);

}  // namespace casim::sim
