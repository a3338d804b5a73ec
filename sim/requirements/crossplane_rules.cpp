#include <utility>

#include <fmt/format.h>

#include "sim/requirements/path_rules.h"
#include "src/config/units.h"
#include "src/provider/machine_tags.h"

namespace casim::sim {
namespace {

using config::write_duration;

bool has_token(const CrossplaneConfig& c) {
  return c.client_token == CrossplaneClientToken::kXrUid;
}

bool knows_url(const CrossplaneConfig& c) { return c.observe_url == CrossplaneObserveUrl::kKnown; }

// Source: provisioning-paths.md 1.2, 1.4, consequence A1.
std::vector<std::string> actions_of_crossplane(const CrossplaneConfig& c) {
  return {
      "Calls RunInstances for one machine (a POST), DescribeInstances for one machine (a GET) and "
      "TerminateInstances for one machine (a DELETE), one attempt each, and nothing else.",
      fmt::format("Each create costs three looks; after that each machine costs one look every {}, "
                  "for as long as it is there. provider-http begins at most {} reconciles a second "
                  "once a burst of {} is spent.",
                  write_duration(c.poll), c.global_rate, c.global_burst),
  };
}

// Source: provisioning-paths.md 1.2, consequences A, B.
std::vector<std::string> idempotency_of_crossplane(const CrossplaneConfig& c) {
  std::vector<std::string> out;
  if (has_token(c)) {
    out.emplace_back(
        "Every create carries the xMachine's uid as ClientToken (client_token: xr_uid): a create "
        "that is sent again must answer with the machine of the first.");
    out.push_back(fmt::format(
        "A machine that EC2 has lost is not made again: the create by its token is answered {}{}.",
        ec2::name_of(ec2::ErrorCode::kIdempotentInstanceTerminated),
        c.report_errors ? ", which the provider reads, and deletes the xMachine"
                        : " again and again, as nobody reads it (report_errors is off)"));
  } else if (knows_url(c)) {
    out.emplace_back(
        "A create carries no ClientToken. One whose reply is lost is found by the next look, which "
        "asks by tag (observe_url: known); it must show by then, or it is launched again.");
  } else {
    out.emplace_back(
        "A create carries no ClientToken, and a machine can be looked up only by the id of its "
        "create's reply: a create whose reply is lost or late is sent again 1 s later, and "
        "launches "
        "again. The first machine is nobody's then: no part of the path terminates it.");
  }
  if (c.http_error_is_create_success) {
    out.push_back(fmt::format(
        "A create that is answered with an HTTP error counts as done, and is sent again when the "
        "machine is not found after create_grace, 30 to 70 s later{}.",
        has_token(c) || knows_url(c) ? "" : ": an error after the effect is a double likewise"));
  }
  return out;
}

// Source: provisioning-paths.md 1.2 (observe URL), 1.4.
std::vector<std::string> listing_of_crossplane(const CrossplaneConfig& c) {
  if (knows_url(c)) {
    return {
        fmt::format("Each look asks by the filter tag:{} for one machine (observe_url: known); "
                    "the tags must be set by RunInstances itself.",
                    provider::kTokenTag)};
  }
  return {
      "Nothing is listed by tag (observe_url: from_reply): each look names the id of the create's "
      "reply, and \"null\" before there is one. That must be an error, never a list."};
}

// Source: provisioning-paths.md 1.1 (creation grace), 1.2 B, ec2.md 1.4.
std::vector<std::string> consistency_of_crossplane(const CrossplaneConfig& c) {
  const std::string then = has_token(c)
                               ? "the create is sent again, and gives the same machine by its token"
                               : "the create is sent again, and launches a second machine";
  return {
      fmt::format("A machine that is not found is waited for until {} after its create was "
                  "answered (create_grace, cut to whole seconds); one that does not show by then "
                  "counts as gone: {}.",
                  write_duration(c.create_grace), then),
      fmt::format("That it runs is seen by the next look, up to {} later.", write_duration(c.poll)),
  };
}

// Source: provisioning-paths.md 1.1, 1.2 (consequence E), 1.4 (4).
std::vector<std::string> answer_time_of_crossplane(const CrossplaneConfig& c) {
  return {
      fmt::format("A call is given up after {} (http_timeout), or when its reconcile has spent {} "
                  "on calls (reconcile_timeout). A create that was given up is sent again 1 s "
                  "later, then 4 s, 8 s and so on up to {} apart.",
                  write_duration(c.http_timeout), write_duration(c.reconcile_timeout),
                  write_duration(c.backoff_max)),
      fmt::format(
          "Each call holds one of {} workers: a create that takes T seconds in all lets {} / "
          "T machines a second through.",
          c.workers, c.workers),
      "An answer that comes sooner than the provider's own watch of its Request may not be stored: "
      "an accepted create then counts as failed, or its creation is stuck, and nobody sends "
      "anything more for it.",
  };
}

// Source: provisioning-paths.md 1.2.
std::vector<Reaction> reactions_of_crossplane(const CrossplaneConfig& c) {
  std::vector<Reaction> out;
  out.push_back({.to = "no reply to a create or a removal",
                 .does = fmt::format("an error: sent again after 1 s, 4 s, 8 s, up to {}",
                                     write_duration(c.backoff_max)),
                 .codes = {"ConnectionReset", "ConnectTimeout", "ReadTimeout", "IncompleteReply"},
                 .holds = [](ec2::Action action, std::string_view reason) {
                   return action != ec2::Action::kDescribeInstances && is_without_reply(reason);
                 }});
  out.push_back({.to = "an id that EC2 does not know, in a look",
                 .does = "the machine is gone: it is created again, once create_grace is over",
                 .codes = {std::string(ec2::name_of(ec2::ErrorCode::kInvalidInstanceIdNotFound))},
                 .holds = [](ec2::Action action, std::string_view reason) {
                   return action == ec2::Action::kDescribeInstances &&
                          is_code(reason, ec2::ErrorCode::kInvalidInstanceIdNotFound);
                 }});
  out.push_back(
      {.to = "any other error of a look",
       .does = fmt::format("before a create was answered: does not exist, so it is created "
                           "at once; afterwards an HTTP error counts as existing, and "
                           "no reply is asked for again after 1 s, 2 s, 4 s, up to {}",
                           write_duration(c.backoff_max)),
       .codes = {},
       .holds = [](ec2::Action action, std::string_view) {
         return action == ec2::Action::kDescribeInstances;
       }});
  out.push_back({.to = "any HTTP error on a create: throttling, capacity, quota, credentials",
                 .does = c.http_error_is_create_success
                             ? "counts as created; is looked for, and sent again 30 to 70 s later"
                             : "an error: sent again after 1 s, 4 s, 8 s and so on",
                 .codes = {},
                 .holds = [](ec2::Action action, std::string_view) {
                   return action == ec2::Action::kRunInstances;
                 }});
  out.push_back({.to = "any HTTP error on a removal",
                 .does = "as a success: sent again until a look finds nothing",
                 .codes = {},
                 .holds = [](ec2::Action, std::string_view) { return true; }});
  return out;
}

}  // namespace

PathRules crossplane_rules(const CrossplaneConfig& c) {
  PathRules rules;
  rules.name = "crossplane";
  rules.actions = actions_of_crossplane(c);
  rules.idempotency = idempotency_of_crossplane(c);
  rules.listing = listing_of_crossplane(c);
  rules.consistency = consistency_of_crossplane(c);
  rules.answer_time = answer_time_of_crossplane(c);
  rules.reactions = reactions_of_crossplane(c);
  rules.failed_after_accepted = "is gone for the next look, and is created again";
  rules.answer_time.emplace_back(
      c.report_errors
          ? "The provider reads the last error out of the xMachine, and fails the slot with its "
            "class (report_errors)."
          : "The autoscaler hears of no error: it waits until its own max-node-provision-time is "
            "over (report_errors is off).");
  return rules;
}

}  // namespace casim::sim
