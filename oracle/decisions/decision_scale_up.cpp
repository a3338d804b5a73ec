// Family scale_up: the whole orchestrator, fed with pods that nothing can hold. As upstream's
// tests set it up: templates are compared exactly, but for the label that names the group, and an
// estimate has no limit of its own.
#include <algorithm>
#include <utility>

#include "oracle/decisions/decision.h"
#include "oracle/decisions/decision_world.h"
#include "sim/autoscaler/scaleup/scale_up.h"

namespace casim::oracle {
namespace {

constexpr LoopId kScaleUpLoop{1};
constexpr const char* kGroupLabel = "ng";

sim::AutoscalerOptions scale_up_options_of(const Json& given) {
  check_keys(given, {"max_cores", "max_memory_b", "min_cores", "min_memory_b", "max_nodes_total",
                     "balance_similar", "parallel", "zero_or_max", "ok_total_unready_count",
                     "max_total_unready_percentage"});
  sim::AutoscalerOptions options;
  sim::ResourceLimit& cores = options.resource_limits["cpu"];
  cores.max = given.value("max_cores", cores.max);
  sim::ResourceLimit& memory = options.resource_limits["memory"];
  memory.max = given.value("max_memory_b", memory.max);
  options.max_nodes_total = given.value("max_nodes_total", 0);
  options.balance_similar_node_groups = given.value("balance_similar", false);
  options.parallel_scale_up = given.value("parallel", false);
  options.group_defaults.zero_or_max_node_scaling = given.value("zero_or_max", false);
  options.ok_total_unready_count =
      given.value("ok_total_unready_count", options.ok_total_unready_count);
  options.max_total_unready_percentage =
      given.value("max_total_unready_percentage", options.max_total_unready_percentage);
  return options;
}

// Node groups by name: "*" are all.
sim::CapacityQuota quota_of(const Json& given) {
  sim::CapacityQuota quota;
  for (const auto& [key, value] : given.items()) {
    if (key == "name") {
      quota.name = value;
    } else if (key == "groups") {
      if (value == "*") continue;
      quota.selector = {sim::LabelRequirement{kGroupLabel, sim::LabelRequirement::Operator::kIn,
                                              value.get<std::vector<std::string>>()}};
    } else if (key == "cpu" || key == "memory" || key == "nodes") {
      quota.limits[key] = value;
    } else {
      throw std::runtime_error("unknown key \"" + key + "\" of a quota");
    }
  }
  return quota;
}

// Picks the group that the case says; the first one without.
class GivenExpander : public sim::Expander {
 public:
  GivenExpander(std::string group, int& node_count)
      : group_(std::move(group)), node_count_(node_count) {}

  Awaitable<std::vector<sim::ScaleUpOption>> best(
      sim::ExpanderInput, std::vector<sim::ScaleUpOption> options) override {
    if (!group_.empty()) {
      std::erase_if(options, [&](const sim::ScaleUpOption& o) { return o.group->id() != group_; });
    }
    if (options.size() > 1) options.resize(1);
    if (!options.empty()) node_count_ = options.front().node_count;
    co_return options;
  }

 private:
  std::string group_;
  int& node_count_;
};

// Also remembers options and the events about pods.
class ScaleUpNotes : public DecisionNotes {
 public:
  void on_option_considered(LoopId, const sim::ConsideredOption& option) override {
    if (option.nodes > 0) options[std::string(option.group)] = option.nodes;
  }

  void on_pods_rejected(LoopId, std::string_view, std::string_view reason, int) override {
    rejections.emplace_back(reason);
  }

  std::vector<std::string> rejections;
  std::map<std::string, int> options;
};

struct ScaleUpWorld : DecisionWorld {
  explicit ScaleUpWorld(const Json& given)
      : DecisionWorld(scale_up_options_of(given.value("options", Json::object()))),
        templates(provider, options),
        state(provider, options, clock, templates, scale_up_notes, events),
        delays(options),
        orchestrator(options,
                     {provider, state, templates, snapshot, view, clock, compute_time, order,
                      scale_up_notes, events, delays},
                     policy_of(given)) {}

  sim::ScaleUpPolicy policy_of(const Json& given) {
    auto expander =
        std::make_unique<GivenExpander>(given.value("expander_picks", ""), chosen_nodes);
    sim::SimilarityRules rules;
    rules.extra_ignored_labels = {kGroupLabel};
    rules.memory_difference_ratio = 0;
    rules.max_allocatable_difference_ratio = 0;
    rules.max_free_difference_ratio = 0;
    return {sim::ExpanderChain("given", std::move(expander), order), std::move(rules), {}};
  }

  ScaleUpNotes scale_up_notes;
  int chosen_nodes = 0;
  sim::Snapshot snapshot;
  sim::TemplateRegistry templates;
  sim::ClusterState state;
  sim::GroupDelays delays;
  sim::ScaleUpOrchestrator orchestrator;
};

Json with_group_label(Json node, const std::string& group) {
  if (!group.empty()) node["labels"][kGroupLabel] = group;
  return node;
}

void add_groups(const Json& given, ScaleUpWorld& world) {
  for (const Json& one : given) {
    check_keys(one, {"name", "min", "max", "target", "template"});
    DecisionGroup group{one.at("name"), one.value("min", 1), one.value("max", 10),
                        one.value("target", 0), nullptr};
    if (one.contains("template") && !one.at("template").is_null()) {
      group.node_template = node_of(with_group_label(one.at("template"), group.name));
    }
    world.rpc.add_group(std::move(group));
  }
}

// The nodes, in the snapshot with their pods and in their groups.
std::vector<sim::NodePtr> add_nodes(const Json& given, const std::vector<sim::PodPtr>& pods,
                                    ScaleUpWorld& world) {
  Json labelled = Json::array();
  for (const Json& node : given) labelled.push_back(with_group_label(node, group_of(node)));
  world.snapshot = snapshot_of(labelled, pods);
  std::vector<sim::NodePtr> nodes;
  for (std::size_t i = 0; i < given.size(); ++i) {
    nodes.push_back(world.snapshot.info(world.snapshot.order()[i]).node);
    const std::string group = group_of(given[i]);
    if (!group.empty()) world.rpc.add_node(group, nodes.back());
  }
  return nodes;
}

void set_failure(const Json& given, ScaleUpWorld& world) {
  if (given.is_null() || given == "none") return;
  if (given == "always") {
    world.rpc.refuses_increase = [](const std::string&) { return true; };
  } else if (given == "once" || given == "first_call") {
    world.rpc.refuses_increase = [refused = false](const std::string&) mutable {
      return !std::exchange(refused, true);
    };
  } else {
    throw std::runtime_error("unknown failure " + given.dump());
  }
}

const char* word_for(sim::ScaleUpResult result) {
  switch (result) {
    case sim::ScaleUpResult::kSuccessful:
      return "successful";
    case sim::ScaleUpResult::kNoOptionsAvailable:
      return "no_options";
    case sim::ScaleUpResult::kNotNeeded:
      return "not_needed";
    case sim::ScaleUpResult::kError:
      return "error";
    default:
      return "not_tried";
  }
}

constexpr const char* kAllOrNothing = "all-or-nothing scale-up strategy";

void put_provider(ScaleUpWorld& world, Decision& decision) {
  Json increase = Json::object();
  for (const DecisionProvider::Change& change : world.rpc.increases()) {
    increase[change.group] = increase.value(change.group, 0) + change.delta;
  }
  Json targets = Json::object();
  int sum = 0;
  for (const DecisionGroup& group : world.rpc.groups()) {
    targets[group.name] = group.target;
    sum += group.target;
  }
  decision.got["increase"] = std::move(increase);
  decision.got["final_target"] = std::move(targets);
  decision.got["increase_calls_recorded_target_sum"] = sum;
}

}  // namespace

Decision decide_scale_up(const Json& given) {
  check_keys(given,
             {"options", "node_groups", "nodes", "scheduled_pods", "pending_pods", "expander_picks",
              "quotas", "provider_failure", "all_or_nothing", "pending_force"});
  ScaleUpWorld world(given);
  add_groups(given.at("node_groups"), world);
  PodReader reader;
  const std::vector<sim::PodPtr> placed = reader.read_all(given.at("scheduled_pods"));
  const std::vector<sim::PodPtr> pending = reader.read_all(given.at("pending_pods"));
  const std::vector<sim::NodePtr> nodes = add_nodes(given.at("nodes"), placed, world);
  set_failure(given.value("provider_failure", Json()), world);
  std::vector<sim::CapacityQuota> quotas;
  for (const Json& quota : given.value("quotas", Json::array())) quotas.push_back(quota_of(quota));
  world.view.set_capacity_quotas(std::move(quotas));
  world.run(
      world.templates.recompute(kScaleUpLoop, nodes, world.snapshot, {}, kTimeZero, kDecisionTime));
  const Result<void> updated =
      world.run(world.state.update(kScaleUpLoop, nodes, {kTimeZero, kDecisionTime}));
  if (!updated) throw std::runtime_error(updated.error().message);
  const bool all_or_nothing = given.value("all_or_nothing", false);
  const sim::ScaleUpOutcome outcome =
      world.run(world.orchestrator.scale_up(kScaleUpLoop, pending, nodes, all_or_nothing));
  Decision decision;
  decision.got["result"] = word_for(outcome.result);
  if (!outcome.ok()) decision.also["result"] = "not_successful";
  const sim::AutoscalerError error = outcome.error.value_or(sim::AutoscalerError());
  decision.got["error_type"] = outcome.error ? name_of(error.type) : "";
  decision.got["combined_error"] = error.message.find("and other errors") != std::string::npos;
  decision.got["options"] = world.scale_up_notes.options;
  decision.got["uncapped_node_count"] = world.chosen_nodes;
  decision.got["pods_triggered"] = names_of(outcome.pods);
  decision.got["pods_triggered_count"] = outcome.pods.size();
  decision.got["pods_remain"] = names_of(outcome.remaining);
  decision.got["pods_remain_count"] = outcome.remaining.size();
  decision.got["pods_awaiting"] = names_of(outcome.awaiting);
  decision.got["pods_awaiting_count"] = outcome.awaiting.size();
  decision.unordered = {"pods_triggered", "pods_remain", "pods_awaiting"};
  decision.partial = {"final_target"};
  Json reasons = Json::array();
  for (const auto& [group, reason] : world.scale_up_notes.skipped) reasons.push_back(reason);
  for (const std::string& reason : world.scale_up_notes.rejections) reasons.push_back(reason);
  if (all_or_nothing && !outcome.ok()) reasons.push_back(kAllOrNothing);
  decision.got["reason_contains"] = std::move(reasons);
  decision.got["pod_event"] =
      world.events.about_pods.empty() ? Json() : Json(world.events.about_pods.front());
  put_provider(world, decision);
  return decision;
}

}  // namespace casim::oracle
