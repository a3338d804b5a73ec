#include <utility>

#include <fmt/format.h>

#include "sim/requirements/path_rules.h"
#include "src/config/units.h"
#include "src/provider/failure.h"
#include "src/provider/machine_tags.h"

namespace casim::sim {
namespace {

using config::write_duration;

std::string backoff_text(const ClusterApiConfig& c) {
  return fmt::format("{} + {} * 2^n later, at most {}", write_duration(c.min_spacing),
                     write_duration(c.backoff_base), write_duration(c.backoff_cap));
}

// Source: provisioning-paths.md 2.2, 2.5.
std::vector<Reaction> reactions_of_capi(const ClusterApiPathConfig& p) {
  std::vector<Reaction> out;
  out.push_back({.to = "an id that EC2 does not know",
                 .does = "in a look after a launch: not there yet, looked for again; in a look "
                         "before a removal: gone",
                 .codes = {std::string(ec2::name_of(ec2::ErrorCode::kInvalidInstanceIdNotFound))},
                 .holds = [](ec2::Action action, std::string_view reason) {
                   return action == ec2::Action::kDescribeInstances &&
                          is_code(reason, ec2::ErrorCode::kInvalidInstanceIdNotFound);
                 }});
  if (p.report_ice_as_out_of_resources) {
    Reaction shortage{.to = "a lack of capacity, quota or offer (report_ice_as_out_of_resources)",
                      .does = "the slot fails with class 1; the real provider cannot do so",
                      .codes = {},
                      .holds = [](ec2::Action action, std::string_view reason) {
                        return action == ec2::Action::kRunInstances &&
                               provider::error_class_of(reason) ==
                                   provider::SlotFailure::kOutOfResources;
                      }};
    for (const ec2::ErrorCodeInfo& row : ec2::error_codes()) {
      if (row.is_shortage) shortage.codes.emplace_back(row.text);
    }
    out.push_back(std::move(shortage));
  }
  out.push_back({.to = "any other error, and no reply: all alike",
                 .does = fmt::format("the round fails and is made again, {}; the autoscaler is not "
                                     "told",
                                     backoff_text(p.controllers)),
                 .codes = {},
                 .holds = [](ec2::Action, std::string_view) { return true; }});
  return out;
}

// Source: provisioning-paths.md 2.1 step 5, 5.
std::vector<std::string> idempotency_of_capi(const ClusterApiPathConfig& p) {
  std::vector<std::string> out;
  if (p.client_token) {
    out.emplace_back(
        "Every launch carries the Machine's uid as ClientToken: one that is made again must answer "
        "with the machine of the first.");
  } else {
    out.emplace_back("A launch carries no ClientToken.");
  }
  out.emplace_back(
      p.client_token
          ? "Without the token, a machine whose reply was lost is found only by the look that goes "
            "before each launch; if it does not show by then, about 1 s later, there are two."
          : "A machine whose reply was lost is found only by the look that goes before each "
            "launch; if it does not show by then, about 1 s later, there are two, and the first is "
            "nobody's.");
  return out;
}

}  // namespace

PathRules cluster_api_rules(const ClusterApiPathConfig& p) {
  const ClusterApiConfig& c = p.controllers;
  PathRules rules;
  rules.name = "cluster-api";
  // Source: provisioning-paths.md 2.1, 2.2, 2.5.
  rules.actions = {
      "Calls RunInstances for one machine, DescribeInstances for one machine and "
      "TerminateInstances for one machine, one attempt each, and nothing else.",
      fmt::format("{} rounds of infrastructure objects run at a time, each object's at least {} "
                  "apart; a pending machine is looked at every {}, one that runs not any more.",
                  c.infra_workers, write_duration(c.min_spacing),
                  write_duration(c.infra_poll_pending))};
  rules.idempotency = idempotency_of_capi(p);
  rules.listing = {
      fmt::format("Before each launch the machine is looked for by the filter tag:{}, so the tags "
                  "must be set by RunInstances itself. Later looks name the id.",
                  provider::kTokenTag)};
  rules.consistency = {
      fmt::format("A machine that a look by id does not find is looked for again, {}, without an "
                  "end: no lag does harm there. A lag does harm only between a lost reply and the "
                  "look by tag before the next launch{}.",
                  backoff_text(c),
                  p.client_token ? ", and there the token makes the second launch the first" : "")};
  // Source: assumed; the spec names no limit of infrastructure providers.
  rules.answer_time = {
      "A call has no time limit of its own: it waits until there is a reply, or until the "
      "connection ends.",
      fmt::format("Each call holds one of {} workers: a launch whose round takes T seconds lets {} "
                  "/ T machines a second through.",
                  c.infra_workers, c.infra_workers)};
  rules.reactions = reactions_of_capi(p);
  rules.failed_after_accepted =
      p.failed_phase_terminal
          ? "the Machine is Failed for good, and the slot fails with class 99 (ProvisioningFailed)"
          : "the Machine is Failed for good; the autoscaler waits for its own timeout";
  return rules;
}

}  // namespace casim::sim
