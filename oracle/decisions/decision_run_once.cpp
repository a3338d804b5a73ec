// Family run_once: whole loops one after the other, each on a cluster that the case sets anew; and
// in which loops scale-down is tried at all.
#include <string>

#include "oracle/decisions/decision.h"
#include "oracle/decisions/decision_world.h"
#include "sim/autoscaler/core/autoscaler.h"
#include "sim/autoscaler/core/degradation.h"

namespace casim::oracle {
namespace {

constexpr std::uint64_t kEventLimit = 1'000'000;
// After the last loop: until a deletion has reached the provider.
constexpr Duration kAftermath = std::chrono::seconds(30);

sim::AutoscalerOptions options_of(const Json& given) {
  check_keys(given, {"unneeded_time_s", "unready_time_s", "utilization_threshold",
                     "max_node_provision_time_s", "enforce_min_size", "max_nodes_total",
                     "max_cores", "max_memory_b", "delay_after_add_s", "delay_after_failure_s",
                     "delay_after_delete_s", "expendable_priority_cutoff"});
  sim::AutoscalerOptions options;
  sim::NodeGroupOptions& group = options.group_defaults;
  group.scale_down_unneeded_time = seconds_of(given, "unneeded_time_s", 600);
  group.scale_down_unready_time = seconds_of(given, "unready_time_s", 1200);
  group.scale_down_utilization_threshold = given.value("utilization_threshold", 0.5);
  group.max_node_provision_time = seconds_of(given, "max_node_provision_time_s", 900);
  options.expendable_pods_priority_cutoff =
      given.value("expendable_priority_cutoff", options.expendable_pods_priority_cutoff);
  options.enforce_node_group_min_size = given.value("enforce_min_size", false);
  options.max_nodes_total = given.value("max_nodes_total", 0);
  sim::ResourceLimit& cores = options.resource_limits["cpu"];
  cores.max = given.value("max_cores", cores.max);
  sim::ResourceLimit& memory = options.resource_limits["memory"];
  memory.max = given.value("max_memory_b", memory.max);
  options.scale_down_delay_after_add = seconds_of(given, "delay_after_add_s", 600);
  options.scale_down_delay_after_failure = seconds_of(given, "delay_after_failure_s", 180);
  options.scale_down_delay_after_delete = seconds_of(given, "delay_after_delete_s", 0);
  return options;
}

// A world of one autoscaler whose listers show what each step says.
class Loops {
 public:
  explicit Loops(const Json& given)
      : world_(options_of(given.value("options", Json::object()))),
        autoscaler_(world_.options,
                    {world_.provider, world_.view, world_.writer, world_.clock, world_.compute_time,
                     world_.order, world_.notes, world_.kernel.executor()}) {
    if (given.contains("group")) add_group(given.at("group"));
    for (const Json& group : given.value("groups", Json::array())) add_group(group);
  }

  ~Loops() {
    autoscaler_.cancel();
    world_.kernel.settle();
  }

  Loops(const Loops&) = delete;
  Loops& operator=(const Loops&) = delete;

  void run(const Json& step) {
    check_keys(step, {"t_s", "set", "nodes", "pods", "add_group", "unregistered_instances"});
    const TimePoint at = kTimeZero + seconds_of(step.at("t_s"));
    if (at > world_.kernel.now()) run_until(at);
    if (step.contains("add_group")) add_group(step.at("add_group"));
    const Json settings = step.value("set", Json::object());  // items() refers to it
    for (const auto& [key, value] : settings.items()) set(key, value);
    show(step);
    spawn(world_.kernel.executor(), run_once());
    world_.kernel.settle();
  }

  void finish() { run_until(world_.kernel.now() + kAftermath); }

  const DecisionProvider& provider() const { return world_.rpc; }

 private:
  // Time moves only to events.
  void run_until(TimePoint at) {
    world_.kernel.at(at, sim::Phase::kWorld, [] {});
    world_.kernel.run(at, kEventLimit);
  }

  Awaitable<void> run_once() { co_await autoscaler_.run_once(); }

  void add_group(const Json& given) {
    check_keys(given, {"name", "min", "max", "target"});
    world_.rpc.add_group({given.at("name"), given.value("min", 1), given.value("max", 10),
                          given.value("target", 0), nullptr});
  }

  // "max_nodes_total", or "GROUP.target".
  void set(const std::string& key, const Json& value) {
    const std::size_t dot = key.rfind('.');
    if (key == "max_nodes_total") {
      autoscaler_.options().max_nodes_total = value;
    } else if (dot != std::string::npos && key.substr(dot) == ".target") {
      world_.rpc.group(key.substr(0, dot)).target = value;
    } else {
      throw std::runtime_error("unknown setting " + key);
    }
  }

  void show(const Json& step) {
    for (DecisionGroup& group : world_.rpc.groups()) {
      group.nodes.clear();
      if (step.contains("nodes"))
        std::erase_if(group.instances,
                      [&](const sim::RpcInstance& i) { return nodes_.contains(i.id); });
    }
    for (const auto& [name, node] : nodes_) world_.view.on_watch(sim::NodeRemoved{node});
    for (const sim::PodPtr& pod : pods_) world_.view.on_watch(sim::PodRemoved{*pod});
    nodes_.clear();
    world_.writer.nodes.clear();
    for (const Json& given : step.value("nodes", Json::array())) {
      auto node = std::make_shared<sim::Node>(*node_of(given));
      node->resource_version = ++version_;
      nodes_[node->name] = node;
      world_.writer.nodes[node->name] = node;
      world_.view.on_watch(sim::NodeChanged{node});
      const std::string group = group_of(given);
      if (!group.empty()) world_.rpc.add_node(group, node);
    }
    pods_ = reader_.read_all(step.value("pods", Json::array()));
    announce_owners(world_.view, pods_, 1);
    for (const sim::PodPtr& pod : pods_) world_.view.on_watch(sim::PodChanged{*pod});
    const Json instances = step.value("unregistered_instances", Json::object());
    for (const auto& [group, ids] : instances.items()) {
      for (const Json& id : ids) {
        world_.rpc.group(group).instances.push_back(
            {id, sim::RpcInstanceState::kRunning, std::nullopt});
      }
    }
  }

  DecisionWorld world_;
  sim::Autoscaler autoscaler_;
  PodReader reader_;
  std::map<std::string, sim::NodePtr> nodes_;
  std::vector<sim::PodPtr> pods_;
  std::uint64_t version_ = 0;
};

// What the provider was asked for since the last look.
class Actions {
 public:
  Json take(const DecisionProvider& provider, const std::set<std::string>& registered) {
    Json actions = Json::array();
    for (; increases_ < provider.increases().size(); ++increases_) {
      const DecisionProvider::Change& change = provider.increases()[increases_];
      actions.push_back({{"increase", change.group}, {"by", change.delta}});
    }
    for (; decreases_ < provider.decreases().size(); ++decreases_) {
      const DecisionProvider::Change& change = provider.decreases()[decreases_];
      actions.push_back({{"decrease", change.group}, {"by", -change.delta}});
    }
    for (; deletions_ < provider.deletions().size(); ++deletions_) {
      for (const std::string& node : provider.deletions()[deletions_].nodes) {
        const bool has_node = registered.contains(node);
        actions.push_back({{has_node ? "delete" : "delete_instance", node}});
      }
    }
    return actions;
  }

 private:
  std::size_t increases_ = 0;
  std::size_t decreases_ = 0;
  std::size_t deletions_ = 0;
};

std::set<std::string> nodes_of(const Json& step) {
  std::set<std::string> names;
  for (const Json& node : step.value("nodes", Json::array())) names.insert(node.at("name"));
  return names;
}

Json attempts(const Json& table) {
  Json result = Json::array();
  for (const Json& row : table) {
    check_keys(row, {"enabled", "graceful", "loop_count"});
    const sim::Degradation degradation{row.at("graceful"), row.at("loop_count")};
    result.push_back(row.at("enabled").get<bool>() && sim::allows_scale_down(degradation));
  }
  return result;
}

}  // namespace

Decision decide_run_once(const Json& given) {
  Decision decision;
  if (given.contains("table")) {
    check_keys(given, {"table", "node"});
    decision.got["attempt"] = attempts(given.at("table"));
    return decision;
  }
  check_keys(given, {"options", "group", "groups", "steps"});
  Loops loops(given);
  Actions seen;
  Json actions = Json::array();
  std::set<std::string> registered;
  for (const Json& step : given.at("steps")) {
    // A deletion takes time, and belongs to the loop that began it.
    if (!actions.empty()) loops.finish();
    if (!actions.empty()) {
      for (Json& late : seen.take(loops.provider(), registered)) actions.back().push_back(late);
    }
    registered = nodes_of(step);
    loops.run(step);
    actions.push_back(seen.take(loops.provider(), registered));
  }
  loops.finish();
  for (Json& late : seen.take(loops.provider(), registered)) actions.back().push_back(late);
  decision.got["actions"] = std::move(actions);
  return decision;
}

}  // namespace casim::oracle
