// Families cluster_state and backoff: the registry as it stands after one update, and the repairs
// that hang on it. The update is taken at kDecisionTime; what must have been seen before is seen
// by an update before.
#include "sim/autoscaler/backoff.h"
#include "sim/autoscaler/cluster_state.h"
#include "sim/autoscaler/repairs.h"
#include "sim/autoscaler/status.h"
#include "tests/oracle/decision.h"
#include "tests/oracle/decision_world.h"

namespace casim::oracle {
namespace {

constexpr LoopId kLoop{1};
constexpr const char* kOnly = "ng1";  // of the cases with one group
constexpr Duration kLong = std::chrono::hours(24);

sim::LoopTime at(Duration offset) { return {kTimeZero + offset, kDecisionTime + offset}; }

sim::AutoscalerOptions options_of(const Json& given) {
  sim::AutoscalerOptions options;
  options.ok_total_unready_count =
      given.value("ok_total_unready_count", options.ok_total_unready_count);
  options.max_total_unready_percentage =
      given.value("max_total_unready_percentage", options.max_total_unready_percentage);
  options.group_defaults.max_node_provision_time =
      seconds_of(given, "max_node_provision_time_s", 900);
  options.group_defaults.max_node_startup_time = seconds_of(given, "max_node_startup_time_s", 900);
  return options;
}

sim::RpcInstance running(const std::string& id) {
  return {id, sim::RpcInstanceState::kRunning, std::nullopt};
}

struct StateWorld : DecisionWorld {
  explicit StateWorld(const Json& given)
      : DecisionWorld(options_of(given)),
        templates(provider, options),
        state(provider, options, clock, scope, templates, notes, events) {}

  void add_group(const std::string& name, int target, int min = 0) {
    rpc.add_group({name, min, 1000, target, nullptr});
  }

  // So many nodes that have registered.
  void add_nodes(const std::string& group, const char* kind, int count, const sim::Node& like) {
    for (int i = 0; i < count; ++i) add_node(group, fmt::format("{}-{}-{}", group, kind, i), like);
  }

  void add_node(const std::string& group, const std::string& name, const sim::Node& like) {
    auto node = std::make_shared<sim::Node>(like);
    node->name = name;
    node->provider_id = name;
    rpc.add_node(group, node);
    nodes.push_back(std::move(node));
  }

  void add_instances(const std::string& group, const char* kind, int count) {
    for (int i = 0; i < count; ++i) {
      rpc.group(group).instances.push_back(running(fmt::format("{}-{}-{}", group, kind, i)));
    }
  }

  sim::NodeGroupPtr group(const std::string& name) {
    for (const sim::NodeGroupPtr& g : run(provider.node_groups(kLoop))) {
      if (g->id() == name) return g;
    }
    throw std::runtime_error("no group " + name);
  }

  void request(const std::string& name, int increase) {
    if (increase > 0) run(state.register_scale_up(kLoop, group(name), increase));
  }

  // Instances are read anew, as after the cache's two minutes.
  void update(sim::LoopTime time) {
    for (const DecisionGroup& g : rpc.groups()) state.instances().invalidate(g.name);
    const Result<void> done = run(state.update(kLoop, nodes, time));
    if (!done) throw std::runtime_error(done.error().message);
  }

  // The group's template, without which nothing is backed off.
  void learn_templates() {
    std::vector<sim::NodeInfoPtr> infos;
    for (const sim::NodePtr& node : nodes) {
      auto info = std::make_shared<sim::NodeInfo>();
      info->node = node;
      infos.push_back(std::move(info));
    }
    sim::Snapshot snapshot;
    snapshot.reset(std::move(infos));
    run(templates.recompute(kLoop, nodes, snapshot, {}, kTimeZero, kDecisionTime));
  }

  std::vector<sim::NodePtr> nodes;
  sim::TemplateRegistry templates;
  sim::ClusterState state;
};

// A node by the word that says how it is.
sim::Node node_in_state(const std::string& state, WallTime created) {
  sim::Node node = *node_of({{"name", "node"}, {"cpu_m", 1000}, {"memory_b", 1000}});
  node.creation_timestamp = created;
  if (state == "ready") return node;
  if (state == "deleted" || state == "being_deleted" || state == "to_be_deleted") {
    node.taints.push_back(sim::Taint{std::string(sim::kToBeDeletedTaint), "0"});
  } else if (state == "suspended") {
    node.suspended = true;
  } else if (state == "not_ready" || state == "unready" || state == "not_started") {
    node.ready = false;
  } else {
    throw std::runtime_error("unknown state " + state);
  }
  return node;
}

// "long ago", or how many seconds ago.
WallTime created_of(const Json& given, Duration fallback) {
  if (given.contains("created_age_s")) return kDecisionTime - seconds_of(given.at("created_age_s"));
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
    check_keys(one, {"name", "state", "created", "created_age_s", "group", "not_ready_taint"});
    const std::string state = one.at("state");
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
  world.update(at(-kLong));
  for (const auto& [name, given] : groups.items()) {
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
  world.run(world.state.recalculate(kLoop));
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
    world.run(world.state.register_failed_scale_up(kLoop, world.group(kOnly), 1, {}, kTimeZero));
  }
  world.request(kOnly, given.value("scale_up_request", 0));
  world.update(at({}));
  const sim::UpcomingNodes result = world.run(world.state.upcoming(kLoop));
  const auto count = result.counts.find(kOnly);
  Decision decision;
  decision.got["upcoming"] = count == result.counts.end() ? 0 : count->second;
  decision.got["registered_upcoming"] = result.registered.size();
  return decision;
}

void put_health(StateWorld& world, Decision& decision) {
  decision.got["cluster_healthy"] = world.state.is_cluster_healthy();
  decision.got["group_healthy"] = Json::object();
  const Json status =
      Json::parse(world.run(sim::status_json(kLoop, world.state, world.provider, {}, kTimeZero)));
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
    const sim::UpcomingNodes coming = world.run(world.state.upcoming(kLoop));
    int count = 0;
    for (const auto& [group, nodes] : coming.counts) count += nodes;
    decision.got["upcoming"].push_back(count);
  }
  return decision;
}

Decision readiness(const Json& given) {
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

Decision incorrect_size(const Json& given) {
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

// Looks after so many seconds each, one or a list of them.
std::vector<Duration> looks_of(const Json& given) {
  if (given.is_number()) return {seconds_of(given)};
  std::vector<Duration> looks;
  for (const Json& look : given) looks.push_back(seconds_of(look));
  return looks;
}

// A group whose nodes stay fewer than its target, seen first at the start.
Decision fix_size(const Json& given) {
  check_keys(given, {"kind", "min", "target", "registered", "max_node_provision_time_s",
                     "observed_for_s"});
  StateWorld world(given);
  world.add_group(kOnly, given.at("target"), given.value("min", 1));
  world.add_nodes(kOnly, "ready", given.at("registered"),
                  node_in_state("ready", kDecisionTime - kLong));
  world.update(at({}));
  sim::Repairs repairs(world.options, world.provider, world.state, world.events);
  Decision decision;
  decision.got = {{"fixed", Json::array()}, {"decrease_target_calls", Json::array()}};
  for (const Duration look : looks_of(given.at("observed_for_s"))) {
    const Result<bool> fixed = world.run(repairs.fix_group_sizes(kLoop, kTimeZero + look));
    decision.got["fixed"].push_back(fixed && *fixed);
  }
  for (const DecisionProvider::Change& change : world.rpc.decreases()) {
    decision.got["decrease_target_calls"].push_back(change.delta);
  }
  decision.got["target"] = world.rpc.group(kOnly).target;
  return decision;
}

// Instances that never register, seen first at the start.
Decision remove_unregistered(const Json& given) {
  check_keys(given, {"kind", "min", "target", "registered", "instances", "zero_or_max", "force",
                     "max_node_provision_time_s", "unregistered_for_s"});
  StateWorld world(given);
  world.options.force_delete_unregistered_nodes = given.value("force", false);
  world.add_group(kOnly, given.at("target"), given.value("min", 1));
  world.rpc.group(kOnly).zero_or_max = given.value("zero_or_max", false);
  for (const Json& name : given.at("registered")) {
    world.add_node(kOnly, name, node_in_state("ready", kDecisionTime - kLong));
  }
  for (const Json& id : given.at("instances")) {
    if (world.rpc.group(kOnly).nodes.contains(id)) continue;
    world.rpc.group(kOnly).instances.push_back(running(id));
  }
  world.update(at({}));
  sim::Repairs repairs(world.options, world.provider, world.state, world.events);
  Decision decision;
  decision.got = {{"removed", Json::array()}, {"deleted", Json::array()}};
  for (const Duration look : looks_of(given.at("unregistered_for_s"))) {
    const std::size_t before = world.rpc.deletions().size();
    world.run(repairs.remove_old_unregistered(kLoop, kTimeZero + look));
    decision.got["removed"].push_back(world.rpc.deletions().size() > before);
  }
  for (const DecisionProvider::Change& change : world.rpc.deletions()) {
    for (const std::string& node : change.nodes) decision.got["deleted"].push_back(node);
  }
  decision.unordered = {"deleted"};
  return decision;
}

using Kind = Decision (*)(const Json&);

constexpr std::pair<std::string_view, Kind> kKinds[] = {
    {"acceptable_range", acceptable_range},
    {"fix_size", fix_size},
    {"health", health},
    {"incorrect_size", incorrect_size},
    {"readiness", readiness},
    {"remove_unregistered", remove_unregistered},
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
    check["backed_off"] = backoff.is_backed_off(kOnly, now);
    checks.push_back(std::move(check));
  }
  Decision decision;
  decision.got["checks"] = std::move(checks);
  return decision;
}

}  // namespace casim::oracle
