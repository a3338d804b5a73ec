// What runs of each path show. 40 pods of 1.5 cores need eight nodes of five pods each, one of
// which is there: seven machines, whatever the path.
#include <algorithm>
#include <memory>
#include <set>

#include <nlohmann/json.hpp>

#include "sim/requirements/path_rules.h"
#include "sim/requirements/requirements_text.h"
#include "src/provider/relaunch.h"
#include "tests/catch.h"
#include "tests/requirements/observed_run.h"

namespace casim::sim {
namespace {

using std::chrono::milliseconds;
using std::chrono::minutes;
using std::chrono::seconds;

constexpr int kPods = 40;
constexpr std::int64_t kMachines = 7;

Scenario by_crossplane(CrossplaneConfig config) {
  Scenario s = small_scenario(kPods);
  s.provider.path.body = config;
  s.ec2.throttle.unlimited = true;  // every call launches
  return s;
}

Scenario by_cluster_api(ClusterApiPathConfig config) {
  Scenario s = small_scenario(kPods);
  s.provider.path.body = std::move(config);
  s.ec2.throttle.unlimited = true;
  return s;
}

ClusterApiPathConfig with_tokens(bool has_token) {
  ClusterApiPathConfig config;
  config.client_token = has_token;
  return config;
}

// Every reply to a launch is lost until then, and the machine is there.
void lose_replies(Scenario& s, Duration until) {
  ConnectionResetFault reset;
  reset.times = {.at = seconds(0), .length = until};
  reset.scope.actions = {ec2::Action::kRunInstances};
  s.faults.resize(1);
  s.faults[0].body = reset;
}

std::int64_t with_token(const Ec2Use& use) {
  const ParameterUses& sent = use.of(ec2::Action::kRunInstances).parameters;
  const auto found = sent.find("ClientToken");
  return found == sent.end() ? 0 : found->second.calls;
}

std::set<std::string> filters(const Ec2Use& use) {
  const ParameterUses& sent = use.of(ec2::Action::kDescribeInstances).parameters;
  const auto found = sent.find("Filter.N.Name");
  return found == sent.end() ? std::set<std::string>() : found->second.values;
}

std::int64_t failed(const ActionUse& use) {
  std::int64_t sum = 0;
  for (const auto& [code, count] : use.errors) sum += count;
  return sum;
}

}  // namespace

TEST_CASE("the direct path asks once for all, with a token, and lists by tag", "[requirements]") {
  const ObservedRun run(small_scenario(kPods));
  const ActionUse& launch = run.use().of(ec2::Action::kRunInstances);
  CHECK(run.use().launches().machines() == kMachines);
  CHECK(launch.calls < kMachines);
  CHECK(with_token(run.use()) == launch.calls);
  CHECK(run.use().launches().doubled().empty());
  CHECK(filters(run.use()) == std::set<std::string>{"tag:casim:cluster"});
  CHECK(run.says(kIdempotency, "seen: No slot had two machines at a time."));
  CHECK(run.says(kLag, "seen: No list or look missed a machine"));
  CHECK(run.says(kAnswerTime, "up to there no call was given up, and nothing was launched twice"));
}

TEST_CASE("who listens to the calls changes nothing", "[requirements]") {
  for (const Scenario& scenario : {troubled_scenario(), by_crossplane({}), by_cluster_api({})}) {
    const ObservedRun run(scenario);
    CHECK(run.summary().digest == run_whole(scenario).summary.digest);
  }
}

TEST_CASE("calls, answers and rates are those of the summary", "[requirements]") {
  const ObservedRun run(troubled_scenario());
  const auto totals = run.summary().ec2_rates;
  REQUIRE_FALSE(totals.empty());
  for (const auto& [name, times] : totals) {
    CAPTURE(name);
    const ec2::Action action = ec2::action_named(name).value();
    CHECK(run.use().rates_of(action).second == times.second);
    CHECK(run.use().rates_of(action).minute == times.minute);
    const ActionUse& use = run.use().of(action);
    CHECK(use.succeeded + failed(use) + use.given_up + use.crashed <= use.calls);
  }
}

TEST_CASE("a direct launch whose reply is lost is replayed by its token", "[requirements]") {
  Scenario s = small_scenario(kPods);
  lose_replies(s, minutes(1));
  const ObservedRun run(s);
  const Launches& launches = run.use().launches();
  CHECK(launches.machines() == kMachines);
  CHECK(launches.repeated() > 0);
  CHECK(launches.replayed() == launches.repeated());
  CHECK(launches.doubled().empty());
  CHECK(run.use().of(ec2::Action::kRunInstances).errors.at("ConnectionReset") > 0);
}

TEST_CASE("by Crossplane without a token each lost reply is another machine", "[requirements]") {
  Scenario s = by_crossplane({});
  lose_replies(s, minutes(2));
  const ObservedRun run(s);
  const ActionUse& launch = run.use().of(ec2::Action::kRunInstances);
  const Launches& launches = run.use().launches();
  CHECK(with_token(run.use()) == 0);
  CHECK(launches.machines() == launch.calls);
  CHECK(launches.machines() > kMachines);
  CHECK(static_cast<std::int64_t>(launches.doubled().size()) == launch.calls - kMachines);
  CHECK(filters(run.use()).empty());
  CHECK(run.says(kIdempotency, "seen: None of "));
  CHECK(run.says(kIdempotency, "after a call that ended in ConnectionReset"));
}

TEST_CASE("by Crossplane a token or a known URL makes up for it", "[requirements]") {
  CrossplaneConfig tokens;
  tokens.client_token = CrossplaneClientToken::kXrUid;
  Scenario with_uid = by_crossplane(tokens);
  lose_replies(with_uid, minutes(2));
  const ObservedRun replayed(with_uid);
  const ActionUse& launch = replayed.use().of(ec2::Action::kRunInstances);
  CHECK(with_token(replayed.use()) == launch.calls);
  CHECK(replayed.use().launches().machines() == kMachines);
  CHECK(replayed.use().launches().replayed() == launch.calls - kMachines);
  CHECK(launch.calls > kMachines);

  CrossplaneConfig urls;
  urls.observe_url = CrossplaneObserveUrl::kKnown;
  Scenario known = by_crossplane(urls);
  lose_replies(known, minutes(2));
  const ObservedRun found(known);
  CHECK(found.use().of(ec2::Action::kRunInstances).calls == kMachines);
  CHECK(found.use().launches().machines() == kMachines);
  CHECK(filters(found.use()) == std::set<std::string>{"tag:casim:token"});
}

TEST_CASE("by Crossplane a slow create is given up at its limit", "[requirements]") {
  CrossplaneConfig config;
  config.http_timeout = seconds(2);
  Scenario s = by_crossplane(config);
  s.ec2.latency.run_instances_ok = Distribution::constant(milliseconds(2500));
  s.duration = minutes(5);
  const ObservedRun run(s);
  const ActionUse& launch = run.use().of(ec2::Action::kRunInstances);
  CHECK(launch.succeeded == 0);
  CHECK(launch.soonest_given_up == seconds(2));
  CHECK(run.use().launches().machines() > kMachines);
  CHECK(run.says(kAnswerTime, "given up, the soonest after 2 s."));
  CHECK(run.says(kIdempotency, "after a call that was given up (the soonest after 2 s)"));
}

TEST_CASE("by Cluster API a machine is looked for before it is launched", "[requirements]") {
  Scenario s = by_cluster_api(with_tokens(false));
  lose_replies(s, minutes(2));
  const ObservedRun run(s);
  const ActionUse& launch = run.use().of(ec2::Action::kRunInstances);
  CHECK(with_token(run.use()) == 0);
  CHECK(launch.calls == kMachines);
  CHECK(run.use().launches().machines() == kMachines);
  CHECK(run.use().launches().doubled().empty());
  CHECK(filters(run.use()) == std::set<std::string>{"tag:casim:token"});
}

TEST_CASE("by Cluster API a lag does harm after a lost reply without a token only",
          "[requirements]") {
  const auto observed = [](bool has_token, bool loses) {
    Scenario s = by_cluster_api(with_tokens(has_token));
    s.ec2.consistency = ConsistencyConfig{.hidden = 1,
                                          .hidden_for = Distribution::constant(seconds(10)),
                                          .describe_lag = Distribution::constant(Duration{})};
    if (loses) lose_replies(s, minutes(2));
    return std::make_unique<ObservedRun>(s);
  };
  const auto harmless = observed(false, false);
  CHECK(harmless->use().launches().doubled().empty());
  CHECK_FALSE(harmless->use().visibility().all_missed().empty());
  CHECK(harmless->says(kLag, "none of these was launched a second time"));
  const auto harmful = observed(false, true);
  CHECK_FALSE(harmful->use().launches().doubled().empty());
  CHECK(harmful->says(kLag, "were launched a second time"));
  const auto cured = observed(true, true);
  CHECK(cured->use().launches().doubled().empty());
  CHECK(cured->use().launches().machines() == kMachines);
}

TEST_CASE("each answer has the reaction of the path's own code", "[requirements]") {
  const PathRules direct = direct_rules(small_scenario(kPods));
  const auto reaction_to = [&](ec2::Action action, std::string_view reason) {
    const auto found = std::ranges::find_if(
        direct.reactions, [&](const Reaction& r) { return r.holds(action, reason); });
    return found == direct.reactions.end() ? "" : found->to;
  };

  struct Row {
    ec2::Action action;
    const char* reason;
    const char* to;
  };

  const auto row = GENERATE(values<Row>({
      {ec2::Action::kRunInstances, "RequestLimitExceeded", "throttling"},
      {ec2::Action::kRunInstances, "InsufficientInstanceCapacity",
       "a lack of capacity, quota or offer"},
      {ec2::Action::kRunInstances, "VcpuLimitExceeded", "a lack of capacity, quota or offer"},
      {ec2::Action::kRunInstances, "AuthFailure", "credentials or clock out of date"},
      {ec2::Action::kRunInstances, "InternalError", "a fault of the service, no reply"},
      {ec2::Action::kRunInstances, "ConnectionReset", "a fault of the service, no reply"},
      {ec2::Action::kRunInstances, "Http502", "a fault of the service, no reply"},
      {ec2::Action::kRunInstances, "IdempotentInstanceTerminated",
       "a token that is spent: its machines have ended"},
      {ec2::Action::kRunInstances, "InvalidAMIID.NotFound", "any other error of RunInstances"},
      {ec2::Action::kRunInstances, "NoSuchCode", "any other error of RunInstances"},
      {ec2::Action::kTerminateInstances, "InvalidInstanceID.NotFound",
       "an id that EC2 does not know, in TerminateInstances"},
      {ec2::Action::kDescribeInstances, "RequestLimitExceeded",
       "any error of DescribeInstances or TerminateInstances"},
  }));
  CAPTURE(row.reason);
  CHECK(reaction_to(row.action, row.reason) == row.to);
}

TEST_CASE("every path has a reaction to every answer", "[requirements]") {
  ClusterApiPathConfig tells;
  tells.report_ice_as_out_of_resources = true;
  const PathRules all[] = {direct_rules(small_scenario(kPods)), crossplane_rules({}),
                           cluster_api_rules({}), cluster_api_rules(tells)};
  for (const PathRules& rules : all) {
    CAPTURE(rules.name);
    for (const ec2::ErrorCodeInfo& code : ec2::error_codes()) {
      for (const ec2::ActionInfo& action : ec2::kActions) {
        CAPTURE(action.name, code.text);
        CHECK(std::ranges::any_of(
            rules.reactions, [&](const Reaction& r) { return r.holds(action.action, code.text); }));
      }
    }
  }
}

TEST_CASE("text, Markdown and JSON say the same", "[requirements]") {
  const ObservedRun run(small_scenario(kPods));
  const Requirements requirements = run.requirements();
  const std::string text = to_text(requirements, {.colour = false, .width = 1000});
  const std::string markdown = to_markdown(requirements);
  const auto json = nlohmann::json::parse(config::to_json(to_value(requirements)));
  CHECK(json.at("path") == "direct");
  CHECK(json.at("sections").size() == requirements.sections.size());
  for (const RequirementSection& section : requirements.sections) {
    CHECK(markdown.find("### " + section.title + "\n") != std::string::npos);
    for (const RequirementStatement& statement : section.statements) {
      CAPTURE(statement.text);
      CHECK(text.find(statement.text) != std::string::npos);
      CHECK(markdown.find(statement.text) != std::string::npos);
    }
    for (const std::vector<std::string>& row : section.table.rows) {
      CHECK(row.size() == section.table.columns.size());
      for (const std::string& cell : row) CHECK(text.find(cell) != std::string::npos);
    }
  }
  const auto& first = json.at("sections").at(0).at("table").at(0);
  CHECK(first.at("action") == "RunInstances");
}

TEST_CASE("creations that an early answer leaves stuck are told of", "[requirements]") {
  CrossplaneConfig config;
  config.watch_delay = Distribution::constant(seconds(8));
  const ObservedRun run(by_crossplane(config));
  CHECK(run.use().creations_stuck() >= kMachines);
  CHECK(run.says(kAnswerTime, "stuck: EC2 had answered, and the answer was not stored."));
  CHECK_FALSE(ObservedRun(by_crossplane({})).says(kAnswerTime, "stuck: EC2"));
}

}  // namespace casim::sim
