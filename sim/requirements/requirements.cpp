#include "sim/requirements/requirements.h"

#include <algorithm>
#include <map>
#include <utility>

#include <fmt/format.h>

#include "sim/requirements/path_rules.h"
#include "sim/requirements/seen_statements.h"

namespace casim::sim {
namespace {

using Counts = std::map<std::string, std::int64_t>;

std::string text_of(const Counts& counts) {
  std::vector<std::string> parts;
  for (const auto& [name, count] : counts) parts.push_back(fmt::format("{} {}", count, name));
  return fmt::format("{}", fmt::join(parts, ", "));
}

std::vector<ec2::Action> called(const Ec2Use& use) {
  std::vector<ec2::Action> out;
  for (const ec2::ActionInfo& row : ec2::kActions) {
    if (use.of(row.action).calls > 0) out.push_back(row.action);
  }
  return out;
}

RequirementTable table_of_actions(const Ec2Use& use) {
  RequirementTable table{
      {"action", "calls", "succeeded", "most in 1 s", "in 60 s", "longest answer", "errors"}, {}};
  for (const ec2::Action action : called(use)) {
    const ActionUse& of = use.of(action);
    const BusiestTimes rates = use.rates_of(action);
    Counts errors = of.errors;
    if (of.given_up > 0) errors["given up"] = of.given_up;
    if (of.crashed > 0) errors["ended with the provider"] = of.crashed;
    table.rows.push_back(
        {std::string(ec2::name_of(action)), std::to_string(of.calls), std::to_string(of.succeeded),
         std::to_string(rates.second),
         fmt::format("{} ({:.3g}/s)", rates.minute, static_cast<double>(rates.minute) / 60),
         of.succeeded > 0 ? span_text(of.longest_answer) : "-",
         errors.empty() ? "-" : text_of(errors)});
  }
  return table;
}

std::string values_of(const ParameterUse& use) {
  std::vector<std::string> parts;
  if (use.most_in_call > 1) parts.push_back(fmt::format("up to {} in a call", use.most_in_call));
  if (use.least) {
    parts.push_back(*use.least == *use.most ? std::to_string(*use.least)
                                            : fmt::format("{} to {}", *use.least, *use.most));
  }
  if (use.values.size() > ParameterUse::kMostValues) {
    parts.emplace_back("many");
  } else if (!use.values.empty()) {
    parts.push_back(fmt::format("{}", fmt::join(use.values, ", ")));
  }
  return fmt::format("{}", fmt::join(parts, ": "));
}

RequirementTable table_of_parameters(const Ec2Use& use) {
  RequirementTable table{{"action", "parameter", "in calls", "values"}, {}};
  for (const ec2::Action action : called(use)) {
    const ActionUse& of = use.of(action);
    for (const auto& [name, parameter] : of.parameters) {
      const std::string share =
          parameter.calls == of.calls ? "all" : fmt::format("{} of {}", parameter.calls, of.calls);
      table.rows.push_back({std::string(ec2::name_of(action)), name, share, values_of(parameter)});
    }
  }
  return table;
}

const Reaction* reaction_to(const PathRules& rules, ec2::Action action, std::string_view reason) {
  const auto found = std::ranges::find_if(
      rules.reactions, [&](const Reaction& reaction) { return reaction.holds(action, reason); });
  return found == rules.reactions.end() ? nullptr : &*found;
}

RequirementTable table_of_codes(const PathRules& rules, const Ec2Use& use) {
  std::map<const Reaction*, Counts> seen;
  for (const ec2::Action action : called(use)) {
    for (const auto& [reason, count] : use.of(action).errors) {
      const std::string what = fmt::format("{} of {}", reason, ec2::name_of(action));
      seen[reaction_to(rules, action, reason)][what] += count;
    }
  }
  RequirementTable table{
      {"answer", "known by", "what the path does", "seen in this run"}, {}, true};
  for (const Reaction& reaction : rules.reactions) {
    const auto found = seen.find(&reaction);
    table.rows.push_back({reaction.to,
                          reaction.codes.empty()
                              ? "no code: all that is left"
                              : fmt::format("{}", fmt::join(reaction.codes, ", ")),
                          reaction.does, found == seen.end() ? "-" : text_of(found->second)});
  }
  table.rows.push_back({"an accepted instance that ends before it runs", "its state",
                        rules.failed_after_accepted,
                        use.failed_launches().empty() ? "-" : text_of(use.failed_launches())});
  return table;
}

RequirementSection section(std::string title, const std::vector<std::string>& seen,
                           const std::vector<std::string>& rules) {
  RequirementSection out{std::move(title), {}, {}};
  for (const std::string& text : seen) out.statements.push_back({Basis::kSeen, text});
  for (const std::string& text : rules) out.statements.push_back({Basis::kRule, text});
  return out;
}

}  // namespace

std::string_view name_of(Basis basis) { return basis == Basis::kSeen ? "seen" : "rule"; }

Requirements requirements_of(const Scenario& scenario, const RunInfo& run, const Ec2Use& use) {
  const PathRules rules = rules_of(scenario);
  Requirements out;
  out.path = rules.name;
  out.run = fmt::format("{}, seed {}", run.scenario, run.seed);
  if (run.partial) out.run += fmt::format(", as far as it came ({})", run.stopped_by);
  RequirementSection actions = section("Actions and rates", seen_of_actions(use), rules.actions);
  actions.table = table_of_actions(use);
  out.sections.push_back(std::move(actions));
  RequirementSection parameters = section("Parameters that were sent", {}, {});
  parameters.table = table_of_parameters(use);
  out.sections.push_back(std::move(parameters));
  out.sections.push_back(section("Idempotency, and what happens without a client token",
                                 seen_of_idempotency(use, run), rules.idempotency));
  out.sections.push_back(section("Lists by tag", seen_of_listing(use), rules.listing));
  out.sections.push_back(
      section("Consistency lag", seen_of_consistency(use, scenario.ec2), rules.consistency));
  out.sections.push_back(section("Answer time", seen_of_answer_time(use), rules.answer_time));
  RequirementSection codes = section("Answers that the path tells apart", {}, {});
  codes.table = table_of_codes(rules, use);
  out.sections.push_back(std::move(codes));
  return out;
}

}  // namespace casim::sim
