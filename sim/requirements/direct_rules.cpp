#include <cstdlib>
#include <optional>
#include <utility>

#include <fmt/format.h>

#include "sim/requirements/path_rules.h"
#include "src/config/units.h"
#include "src/provider/ec2_machines.h"
#include "src/provider/machine_tags.h"
#include "src/provider/relaunch.h"
#include "src/provider/visibility.h"

namespace casim::sim {
namespace {

using config::write_duration;
using provider::LaunchError;

bool is_credentials(std::string_view reason) {
  using enum ec2::ErrorCode;
  return is_code(reason, kAuthFailure) || is_code(reason, kRequestExpired) ||
         is_code(reason, kExpiredToken);
}

bool is_spent_token(std::string_view reason) {
  return is_code(reason, ec2::ErrorCode::kIdempotentInstanceTerminated);
}

// What the provider itself makes of it (relaunch.h). None: the reason is no code of its table.
std::optional<LaunchError> judged(std::string_view reason) {
  if (is_without_reply(reason)) return LaunchError::kTransient;
  const std::optional<ec2::ErrorCode> code = ec2::error_code_named(reason);
  if (code) return provider::launch_error_of(ec2::error_reply(*code, ""));
  constexpr std::string_view kStatus = "Http";
  if (!reason.starts_with(kStatus)) return std::nullopt;
  ec2::AttemptError error;
  error.http_status = std::atoi(std::string(reason.substr(kStatus.size())).c_str());
  return provider::launch_error_of(error);
}

std::vector<std::string> codes_where(const std::function<bool(std::string_view)>& holds) {
  std::vector<std::string> out;
  for (const ec2::ErrorCodeInfo& row : ec2::error_codes()) {
    if (holds(row.text)) out.emplace_back(row.text);
  }
  return out;
}

// A row of launches that are judged so; its codes are those of the table.
Reaction of_launch(std::string to, std::string does,
                   const std::function<bool(std::string_view)>& holds) {
  return {.to = std::move(to),
          .does = std::move(does),
          .codes = codes_where(holds),
          .holds = [holds](ec2::Action action, std::string_view reason) {
            return action == ec2::Action::kRunInstances && holds(reason);
          }};
}

Reaction of_failure(std::string to, std::string does, LaunchError error) {
  return of_launch(std::move(to), std::move(does), [error](std::string_view reason) {
    return !is_credentials(reason) && judged(reason) == error;
  });
}

// Source: ec2.md 2, 4.1; design section 4; relaunch.h.
std::vector<Reaction> launch_reactions(const ProviderScenario& provider) {
  const std::string tries =
      fmt::format("{} attempts a call", backoff::settings_of(provider.retry).max_attempts);
  const std::string waits = write_duration(provider.relaunch.max_backoff);
  const std::string length = write_duration(provider.relaunch.transient_for);
  Reaction no_service = of_failure(
      "a fault of the service, no reply",
      fmt::format("{}, then again with the same token, at most {} apart and for {}; then the slot "
                  "fails with class 99",
                  tries, waits, length),
      LaunchError::kTransient);
  no_service.codes.insert(no_service.codes.end(),
                          {"ConnectionReset", "ConnectTimeout", "ReadTimeout", "IncompleteReply"});
  return {
      of_launch("a token that is spent: its machines have ended",
                "slots that still want a machine ask one by one, with other tokens",
                is_spent_token),
      of_failure("throttling",
                 fmt::format("{}, then again for as long as the slot is wanted, at most {} apart; "
                             "the autoscaler is not told",
                             tries, waits),
                 LaunchError::kThrottled),
      of_failure("a lack of capacity, quota or offer",
                 fmt::format("the next pool of the group; this one is left alone for {}; where "
                             "none is left the slot fails with class 1, which the autoscaler "
                             "backs off by",
                             write_duration(provider.ice_cooldown)),
                 LaunchError::kOutOfResources),
      of_launch("credentials or clock out of date",
                fmt::format("again for {}, as both are put right while the provider runs; then "
                            "the slot fails with class 99",
                            length),
                is_credentials),
      std::move(no_service),
  };
}

// Source: ec2.md 1.4, 2.
std::vector<Reaction> reactions_of_direct(const ProviderScenario& provider) {
  std::vector<Reaction> out = launch_reactions(provider);
  const std::string not_found(ec2::name_of(ec2::ErrorCode::kInvalidInstanceIdNotFound));
  out.push_back({.to = "an id that EC2 does not know, in TerminateInstances",
                 .does = "the call is halved until the unknown ids are left out",
                 .codes = {not_found},
                 .holds = [not_found](ec2::Action action, std::string_view reason) {
                   return action == ec2::Action::kTerminateInstances && reason == not_found;
                 }});
  out.push_back({.to = "any error of DescribeInstances or TerminateInstances",
                 .does = fmt::format("the SDK's retries, then the reconciler's next pass, {} "
                                     "later; the autoscaler is not told",
                                     write_duration(provider.reconcile.period)),
                 .codes = {},
                 .holds = [](ec2::Action action, std::string_view) {
                   return action != ec2::Action::kRunInstances;
                 }});
  out.push_back({.to = "any other error of RunInstances",
                 .does = "is final: the slot fails at once with class 99 and that code",
                 .codes = {},
                 .holds = [](ec2::Action, std::string_view) { return true; }});
  return out;
}

// Source: design section 4, ec2.md 1.4.
std::vector<std::string> idempotency_of_direct(const ProviderScenario& provider) {
  return {
      "Every RunInstances carries a ClientToken made of the order, the slots' places and the pool. "
      "A retry, a launch that is made again and one that is replayed after a crash of the provider "
      "carry the token and the parameters of the first.",
      "A token that was accepted must answer with the instances of then, in the order of "
      "amiLaunchIndex, for as long as a launch may be made again: over a restart of the provider "
      "that is without limit.",
      fmt::format("Without a token a launch whose reply is lost would launch again. The reconciler "
                  "would find the surplus by its tag at its next pass (every {}) and terminate it.",
                  write_duration(provider.reconcile.period)),
      "A lost reply that is followed by another pool doubles even with a token, since a token of "
      "another pool is another one; the reconciler terminates the second machine.",
  };
}

// Source: design section 4; machine_tags.h; ec2.md 1.4, 9 (page tokens).
std::vector<std::string> listing_of_direct(const ProviderScenario& provider) {
  const provider::Ec2MachinesOptions defaults;
  return {
      fmt::format(
          "All machines of the cluster are listed by the filter tag:{} in pages of {}, "
          "every {}. That list is how machines of lost replies and orphans are found, so it "
          "must be complete; there is no other record after the provider's store.",
          provider::kClusterTag, defaults.page_size, write_duration(provider.reconcile.period)),
      fmt::format(
          "Tags must be set by RunInstances itself: {}, {}, {}, and {} or {}. A machine that "
          "exists without them is nobody's.",
          provider::kClusterTag, provider::kGroupTag, provider::kTokenTag, provider::kSlotTag,
          provider::kFirstTag),
      "Of each machine the list must tell id, state, state reason, zone, tags and amiLaunchIndex. "
      "A page token that comes a second time fails the whole list.",
  };
}

// Source: ec2.md 1.4 (EVC), 5.5; visibility.h.
std::vector<std::string> consistency_of_direct(const ProviderScenario& provider) {
  return {
      fmt::format("A machine that was there is taken for gone when two lists at least {} apart are "
                  "both without it. A launched machine must show before that: its slot is freed "
                  "else, and the machine is terminated as an orphan when it shows later.",
                  write_duration(provider::kVisibilityGrace)),
      fmt::format("A terminated instance that is still listed costs nothing but a slot that is "
                  "freed later; one that disappears is taken for gone likewise. A machine that "
                  "does not become a node within {} of its acceptance is reported as one that "
                  "never joined.",
                  write_duration(provider.join_timeout)),
  };
}

// Source: ec2.md 4.1, 4.5.
std::vector<std::string> answer_time_of_direct(const Scenario& scenario) {
  const backoff::RetrySettings retry = backoff::settings_of(scenario.provider.retry);
  std::vector<std::string> out;
  out.push_back(
      retry.attempt_timeout
          ? fmt::format("An attempt is given up after {} (provider.retry.attempt_timeout) and made "
                        "again with the same token.",
                        write_duration(*retry.attempt_timeout))
          : "An attempt has no time limit of its own (provider.retry.attempt_timeout is not set): "
            "it waits until there is a reply, or until the connection ends.");
  if (retry.total_timeout) {
    out.push_back(
        fmt::format("No attempt begins {} after the first.", write_duration(*retry.total_timeout)));
  }
  out.push_back(
      fmt::format("The autoscaler's deadline (grpc_timeout, {}) does not hang on EC2: an order is "
                  "answered when it is durable, and launches go on in the background.",
                  write_duration(scenario.autoscaler.grpc_timeout)));
  out.push_back(
      fmt::format("A slow answer holds one of {} launches in flight; other calls are not held.",
                  provider::Ec2MachinesOptions{}.launches_in_flight));
  return out;
}

}  // namespace

PathRules direct_rules(const Scenario& scenario) {
  const ProviderScenario& provider = scenario.provider;
  PathRules rules;
  rules.name = "direct";
  // Source: design section 4; ec2.md 1.2, 1.4.
  rules.actions = {fmt::format(
      "Calls RunInstances, DescribeInstances and TerminateInstances, and nothing else. "
      "One RunInstances asks for up to {} machines of one type and zone (MinCount 1, so "
      "that fewer are an answer too), one TerminateInstances for up to {} ids.",
      provider.launch_batch, provider::Ec2MachinesOptions{}.terminate_chunk)};
  rules.idempotency = idempotency_of_direct(provider);
  rules.listing = listing_of_direct(provider);
  rules.consistency = consistency_of_direct(provider);
  rules.answer_time = answer_time_of_direct(scenario);
  rules.reactions = reactions_of_direct(provider);
  rules.failed_after_accepted =
      "the reconciler reads the state reason and fails the slot with its class";
  return rules;
}

}  // namespace casim::sim
