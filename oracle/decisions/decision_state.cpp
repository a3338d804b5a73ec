// Family cluster_state: the registry as it stands after one update, taken at kDecisionTime; what
// must have been seen before is seen by an update before.
#include "oracle/decisions/decision.h"
#include "oracle/decisions/decision_registry.h"
#include "sim/autoscaler/core/status.h"

namespace casim::oracle {
namespace {

constexpr LoopId kStateLoop = kRegistryLoop;

// "long ago", or how many seconds ago.
WallTime created_of(const Json& given, Duration fallback) {
  for (const char* const key : {"created_age_s", "age_s"}) {
    if (given.contains(key)) return kDecisionTime - seconds_of(given.at(key));
  }
  const Json created = given.value("created", Json());
  if (created.is_null()) return kDecisionTime - fallback;
  if (created.is_number()) return kDecisionTime - seconds_of(created);
  if (created == "long ago") return kDecisionTime - 365 * kLong;
  if (created == "now" || created == "just now") return kDecisionTime;
  throw std::runtime_error("unknown time of creation " + created.dump());
}

void add_nodes(const Json& given, StateWorld& world) {
  int i = 0;
  for (const Json& one : given) {
    check_keys(one, {"name", "state", "created", "created_age_s", "age_s", "group",
                     "not_ready_taint", "to_be_deleted"});
    const bool is_going = one.value("to_be_deleted", false);
    const std::string state = is_going ? "to_be_deleted" : one.at("state");
    const Duration usual = state == "not_started" ? Duration(std::chrono::minutes(1)) : 365 * kLong;
    sim::Node node = node_in_state(state, created_of(one, usual));
    if (one.value("not_ready_taint", false)) {
      node.taints.push_back(sim::Taint{std::string(sim::kNotReadyTaint), ""});
    }
    const std::string name = one.value("name", fmt::format("node-{}", i++));
    world.add_node(one.value("group", std::string(kOnly)), name, node);
  }
}

// Groups by counts of nodes; those that are long unregistered were seen a day ago.
void add_counted_groups(const Json& groups, StateWorld& world) {
  for (const auto& [name, given] : groups.items()) {
    check_keys(given,
               {"min", "target", "ready", "unready", "not_started", "registered", "unregistered",
                "long_unregistered", "scale_up_increase", "scale_down_requests", "previous"});
    world.add_group(name, given.at("target"), given.value("min", 0));
    const sim::Node ready = node_in_state("ready", kDecisionTime - kLong);
    world.add_nodes(name, "ready", given.value("ready", 0) + given.value("registered", 0), ready);
    world.add_nodes(name, "unready", given.value("unready", 0),
                    node_in_state("not_ready", kDecisionTime - kLong));
    world.add_nodes(name, "new", given.value("not_started", 0),
                    node_in_state("not_ready", kDecisionTime));
    world.add_instances(name, "long", given.value("long_unregistered", 0));
  }
  // A day ago every group had what it wanted.
  for (DecisionGroup& group : world.rpc.groups()) {
    group.target = static_cast<int>(group.nodes.size());
  }
  world.update(at(-kLong));
  for (const auto& [name, given] : groups.items()) {
    world.rpc.group(name).target = given.at("target");
    world.add_instances(name, "short", given.value("unregistered", 0));
  }
}

Decision acceptable_range(const Json& given) {
  check_keys(given, {"kind", "groups"});
  StateWorld world(given);
  const Json& groups = given.at("groups");
  add_counted_groups(groups, world);
  world.update(at({}));
  // After the update, which forgets requests that are fulfilled.
  for (const auto& [name, group] : groups.items()) {
    world.request(name, group.value("scale_up_increase", 0));
    for (int i = 0; i < group.value("scale_down_requests", 0); ++i) {
      world.state.register_scale_down(name);
    }
  }
  world.run(world.state.recalculate(kStateLoop));
  Decision decision;
  for (const auto& [name, group] : groups.items()) {
    const sim::AcceptableRange* const range = world.state.range(name);
    decision.got[name] = {
        {"min", range->min_nodes}, {"max", range->max_nodes}, {"target", range->current_target}};
  }
  return decision;
}

Decision upcoming(const Json& given) {
  check_keys(given, {"kind", "max_node_provision_time_s", "max_node_startup_time_s", "target",
                     "nodes", "scale_up_request", "backed_off"});
  StateWorld world(given);
  world.add_group(kOnly, given.at("target"));
  add_nodes(given.at("nodes"), world);
  if (given.value("backed_off", false)) {
    world.learn_templates();
    world.run(
        world.state.register_failed_scale_up(kStateLoop, world.group(kOnly), 1, {}, kTimeZero));
  }
  world.request(kOnly, given.value("scale_up_request", 0));
  world.update(at({}));
  const sim::UpcomingNodes result = world.run(world.state.upcoming(kStateLoop));
  const auto count = result.counts.find(kOnly);
  Decision decision;
  decision.got["upcoming"] = count == result.counts.end() ? 0 : count->second;
  decision.got["registered_upcoming"] = result.registered.size();
  return decision;
}

void put_health(StateWorld& world, Decision& decision) {
  decision.got["cluster_healthy"] = world.state.is_cluster_healthy();
  decision.got["group_healthy"] = Json::object();
  const std::vector<sim::NodeGroupPtr> groups = world.run(world.provider.node_groups(kStateLoop));
  const Json status = Json::parse(sim::status_json(world.state, groups, {}, kTimeZero));
  Json short_status = {{"cluster_health", status.at("health")},
                       {"cluster_scale_up", status.at("scale_up")}};
  for (const auto& [name, group] : status.at("groups").items()) {
    decision.got["group_healthy"][name] = world.state.is_group_healthy(name);
    decision.got[name + "_healthy"] = world.state.is_group_healthy(name);
    short_status[name + "_health"] = group.at("health");
    short_status[name + "_scale_up"] = group.at("scale_up");
  }
  decision.got["status"] = std::move(short_status);
  decision.partial = {"status", "group_healthy"};
}

Decision health(const Json& given) {
  check_keys(given, {"kind", "ok_total_unready_count", "max_total_unready_percentage", "groups",
                     "scale_up_requests", "max_node_provision_time_s", "max_node_startup_time_s"});
  StateWorld world(given);
  add_counted_groups(given.at("groups"), world);
  const Json requests = given.value("scale_up_requests", Json::object());
  for (const auto& [name, increase] : requests.items()) world.request(name, increase);
  world.update(at({}));
  Decision decision;
  put_health(world, decision);
  return decision;
}

Decision timeout(const Json& given) {
  check_keys(given, {"kind", "min", "target", "ready", "scale_up_request", "decrease_target_fails",
                     "max_node_provision_time_s", "ok_total_unready_count",
                     "max_total_unready_percentage"});
  StateWorld world(given);
  world.add_group(kOnly, given.at("target"), given.value("min", 1));
  world.rpc.refuses_decrease = given.value("decrease_target_fails", false);
  world.add_nodes(kOnly, "ready", given.value("ready", 0),
                  node_in_state("ready", kDecisionTime - kLong));
  const Json& request = given.at("scale_up_request");
  check_keys(request, {"increase", "age_s"});
  world.request(kOnly, request.at("increase"));
  world.update(at(seconds_of(request.at("age_s"))));
  Decision decision;
  put_health(world, decision);
  decision.got["group_healthy"] = world.state.is_group_healthy(kOnly);
  decision.got["failed_scale_ups"] = world.notes.failed_scale_ups;
  decision.got["failed_node_creations"] = world.notes.failed_nodes;
  decision.got["request_removed"] = !world.state.has_request(kOnly);
  decision.got["events"] = world.events.reasons;
  Json calls = Json::array();
  for (const DecisionProvider::Change& change : world.rpc.decreases()) {
    calls.push_back(change.delta);
  }
  decision.got["decrease_target_calls"] = std::move(calls);
  return decision;
}

Decision unregistered(const Json& given) {
  check_keys(given, {"kind", "target", "max_node_provision_time_s", "scale_up_request", "steps",
                     "instances"});
  StateWorld world(given);
  world.add_group(kOnly, given.at("target"));
  for (const Json& id : given.at("instances")) {
    world.rpc.group(kOnly).instances.push_back(running(id));
  }
  world.request(kOnly, given.value("scale_up_request", 0));
  Decision decision;
  decision.got = {{"unregistered", Json::array()}, {"upcoming", Json::array()}};
  for (const Json& step : given.at("steps")) {
    check_keys(step, {"t_s", "registered"});
    world.nodes.clear();
    for (const Json& name : step.at("registered")) {
      auto node = std::make_shared<sim::Node>(node_in_state("ready", kDecisionTime - kLong));
      node->name = name;
      node->provider_id = name;
      world.nodes.push_back(std::move(node));
    }
    world.update(at(seconds_of(step.at("t_s"))));
    decision.got["unregistered"].push_back(world.state.unregistered().size());
    const sim::UpcomingNodes coming = world.run(world.state.upcoming(kStateLoop));
    int count = 0;
    for (const auto& [group, nodes] : coming.counts) count += nodes;
    decision.got["upcoming"].push_back(count);
  }
  return decision;
}

// The class of the only node.
Json class_of(const sim::Readiness& counts) {
  if (counts.ready > 0) return "Ready";
  if (counts.unready > 0) return "Unready";
  if (!counts.not_started.empty()) return "NotStarted";
  if (counts.suspended > 0) return "Suspended";
  return counts.deleted > 0 ? Json("Deleted") : Json();
}

// One node, looked at again and again.
Decision readiness_of_one(const Json& given) {
  check_keys(given, {"kind", "node", "steps", "max_node_startup_time_s"});
  check_keys(given.at("node"), {"age_s"});
  StateWorld world(given);
  world.add_group(kOnly, 1);
  Decision decision;
  decision.got["class"] = Json::array();
  for (const Json& step : given.at("steps")) {
    check_keys(step, {"ready_condition", "not_ready_taint"});
    sim::Node node = node_in_state("ready", created_of(given.at("node"), {}));
    node.ready = step.at("ready_condition");
    if (step.value("not_ready_taint", false)) {
      node.taints.push_back(sim::Taint{std::string(sim::kNotReadyTaint), ""});
    }
    world.remove_nodes(kOnly);
    world.add_node(kOnly, "node", node);
    world.update(at({}));
    decision.got["class"].push_back(class_of(world.state.totals()));
  }
  return decision;
}

Decision readiness(const Json& given) {
  if (given.contains("steps")) return readiness_of_one(given);
  check_keys(given, {"kind", "nodes", "max_node_startup_time_s", "target"});
  StateWorld world(given);
  world.add_group(kOnly, given.value("target", static_cast<int>(given.at("nodes").size())));
  add_nodes(given.at("nodes"), world);
  world.update(at({}));
  const sim::Readiness& counts = world.state.totals();
  Decision decision;
  decision.got = {
      {"registered", counts.registered},     {"ready", counts.ready},
      {"unready", counts.unready},           {"not_started", counts.not_started.size()},
      {"deleted", counts.deleted},           {"suspended", counts.suspended},
      {"unregistered", counts.unregistered}, {"long_unregistered", counts.long_unregistered}};
  return decision;
}

// One group, seen at one time after the other.
Decision incorrect_size_over_time(const Json& given) {
  check_keys(given, {"kind", "target", "observations"});
  StateWorld world(given);
  world.add_group(kOnly, given.at("target"));
  Decision decision;
  decision.got["records"] = Json::array();
  for (const Json& one : given.at("observations")) {
    check_keys(one, {"t_s", "registered"});
    world.remove_nodes(kOnly);
    world.add_nodes(kOnly, "ready", one.at("registered"),
                    node_in_state("ready", kDecisionTime - kLong));
    world.update(at(seconds_of(one.at("t_s"))));
    const sim::IncorrectSize* const size = world.state.incorrect_size(kOnly);
    decision.got["records"].push_back(nullptr);
    if (size == nullptr) continue;
    decision.got["records"].back() = {
        {"current", size->current},
        {"expected", size->expected},
        {"first_observed_s", to_seconds(size->first_observed - kTimeZero)}};
  }
  return decision;
}

Decision incorrect_size(const Json& given) {
  if (given.contains("observations")) return incorrect_size_over_time(given);
  check_keys(given, {"kind", "groups"});
  StateWorld world(given);
  const Json& groups = given.at("groups");
  add_counted_groups(groups, world);
  world.update(at({}));
  Decision decision;
  for (const auto& [name, group] : groups.items()) {
    const sim::IncorrectSize* const size = world.state.incorrect_size(name);
    decision.got[name] = nullptr;
    if (size == nullptr) continue;
    decision.got[name] = {{"current", size->current},
                          {"expected", size->expected},
                          {"age_s", to_seconds(kTimeZero - size->first_observed)}};
  }
  return decision;
}

using Kind = Decision (*)(const Json&);

constexpr std::pair<std::string_view, Kind> kKinds[] = {
    {"acceptable_range", acceptable_range},
    {"fix_size", decide_fix_size},
    {"health", health},
    {"incorrect_size", incorrect_size},
    {"readiness", readiness},
    {"remove_unregistered", decide_remove_unregistered},
    {"timeout", timeout},
    {"unregistered", unregistered},
    {"upcoming", upcoming},
};

}  // namespace

Decision decide_cluster_state(const Json& given) {
  const std::string kind = given.at("kind");
  for (const auto& [name, decide] : kKinds) {
    if (name == kind) return decide(given);
  }
  throw std::runtime_error("unknown kind " + kind);
}

}  // namespace casim::oracle
