// What hangs on the registry: its repairs (family cluster_state), and family backoff.
#include "oracle/decisions/decision.h"
#include "oracle/decisions/decision_registry.h"
#include "sim/autoscaler/clusterstate/backoff.h"
#include "sim/autoscaler/core/repairs.h"

namespace casim::oracle {
namespace {

constexpr LoopId kRepairLoop = kRegistryLoop;

// Looks after so many seconds each, one or a list of them, under either name.
std::vector<Duration> looks_of(const Json& object, const char* name, const char* other_name) {
  const Json& given = object.at(object.contains(name) ? name : other_name);
  if (given.is_number()) return {seconds_of(given)};
  std::vector<Duration> looks;
  for (const Json& look : given) looks.push_back(seconds_of(look));
  return looks;
}

}  // namespace

// A group whose nodes stay fewer than its target, seen first at the start.
Decision decide_fix_size(const Json& given) {
  check_keys(given, {"kind", "min", "target", "registered", "max_node_provision_time_s",
                     "observed_for_s", "first_observed_age_s"});
  StateWorld world(given);
  world.add_group(kOnly, given.at("target"), given.value("min", 1));
  world.add_nodes(kOnly, "ready", given.at("registered"),
                  node_in_state("ready", kDecisionTime - kLong));
  world.update(at({}));
  sim::Repairs repairs(world.options, world.provider, world.state, world.order, world.notes,
                       world.events);
  Decision decision;
  decision.got = {{"fixed", Json::array()}, {"decrease_target_calls", Json::array()}};
  for (const Duration look : looks_of(given, "observed_for_s", "first_observed_age_s")) {
    const Result<bool> fixed = world.run(repairs.fix_group_sizes(kRepairLoop, kTimeZero + look));
    decision.got["fixed"].push_back(fixed && *fixed);
  }
  for (const DecisionProvider::Change& change : world.rpc.decreases()) {
    decision.got["decrease_target_calls"].push_back(change.delta);
  }
  decision.got["target"] = world.rpc.group(kOnly).target;
  return decision;
}

// Instances that never register, seen first at the start.
Decision decide_remove_unregistered(const Json& given) {
  check_keys(given,
             {"kind", "group", "min", "target", "registered", "instances", "zero_or_max", "force",
              "max_node_provision_time_s", "unregistered_for_s", "unregistered_age_s"});
  const Json& group = given.contains("group") ? given.at("group") : given;
  if (given.contains("group")) check_keys(group, {"min", "max", "target"});
  StateWorld world(given);
  world.options.force_delete_unregistered_nodes = given.value("force", false);
  world.add_group(kOnly, group.at("target"), group.value("min", 1));
  world.rpc.group(kOnly).zero_or_max = given.value("zero_or_max", false);
  for (const Json& name : given.at("registered")) {
    world.add_node(kOnly, name, node_in_state("ready", kDecisionTime - kLong));
  }
  for (const Json& id : given.at("instances")) {
    if (world.rpc.group(kOnly).nodes.contains(id)) continue;
    world.rpc.group(kOnly).instances.push_back(running(id));
  }
  world.update(at({}));
  sim::Repairs repairs(world.options, world.provider, world.state, world.order, world.notes,
                       world.events);
  Decision decision;
  decision.got = {{"removed", Json::array()}, {"deleted", Json::array()}};
  Json by_look = Json::array();
  for (const Duration look : looks_of(given, "unregistered_for_s", "unregistered_age_s")) {
    const std::size_t before = world.rpc.deletions().size();
    world.run(repairs.remove_old_unregistered(kRepairLoop, kTimeZero + look));
    decision.got["removed"].push_back(world.rpc.deletions().size() > before);
    by_look.push_back(Json::array());
    for (std::size_t i = before; i < world.rpc.deletions().size(); ++i) {
      for (const std::string& node : world.rpc.deletions()[i].nodes) {
        decision.got["deleted"].push_back(node);
        by_look.back().push_back(node);
      }
    }
  }
  decision.unordered = {"deleted"};
  decision.also["deleted"] = std::move(by_look);
  return decision;
}

// What is asked: whether the group is backed off at a time, after the first so many failures. The
// registry clears stale entries at each update, so before each failure and each look here.
Decision decide_backoff(const Json& given, const Json& expect) {
  check_keys(given, {"initial_s", "max_s", "reset_s", "failures_at_s"});
  Json checks = Json::array();
  for (Json check : expect.value("checks", Json::array())) {
    check_keys(check, {"t_s", "after_failures", "backed_off"});
    sim::Backoff backoff(seconds_of(given.at("initial_s")), seconds_of(given.at("max_s")),
                         seconds_of(given.at("reset_s")));
    for (std::size_t i = 0; i < check.at("after_failures").get<std::size_t>(); ++i) {
      const TimePoint failed = kTimeZero + seconds_of(given.at("failures_at_s").at(i));
      backoff.forget_stale(failed);
      backoff.fail(kOnly, {}, failed);
    }
    const TimePoint now = kTimeZero + seconds_of(check.at("t_s"));
    backoff.forget_stale(now);
    check["backed_off"] = backoff.error_of(kOnly, now) != nullptr;
    checks.push_back(std::move(check));
  }
  Decision decision;
  decision.got["checks"] = std::move(checks);
  return decision;
}

}  // namespace casim::oracle
