// Families balance, similarity and expander.
#include <algorithm>
#include <numeric>

#include "oracle/decisions/decision.h"
#include "oracle/decisions/decision_world.h"
#include "sim/autoscaler/scaleup/balancing.h"
#include "sim/autoscaler/scaleup/expander.h"
#include "sim/autoscaler/scaleup/price_expander.h"
#include "sim/autoscaler/scaleup/priority_expander.h"
#include "sim/autoscaler/simulator/similarity.h"

namespace casim::oracle {
namespace {

constexpr LoopId kExpanderLoop{1};

std::vector<sim::NodeGroupPtr> listed(DecisionWorld& world) {
  return world.run(world.provider.node_groups(kExpanderLoop));
}

}  // namespace

Decision decide_balance(const Json& given) {
  check_keys(given, {"groups", "new_nodes"});
  DecisionWorld world;
  for (const Json& group : given.at("groups")) {
    check_keys(group, {"name", "min", "max", "target"});
    world.rpc.add_group(
        {group.at("name"), group.value("min", 0), group.at("max"), group.at("target"), nullptr});
  }
  std::vector<sim::ScaleUpInfo> infos;
  for (const sim::NodeGroupPtr& group : listed(world)) {
    const int target = world.rpc.group(group->id()).target;
    infos.push_back({group, target, target, group->max_size()});
  }
  infos = sim::balance(std::move(infos), given.at("new_nodes"));
  Json sizes = Json::object();  // of the groups that grow
  Json groups = Json::array();
  std::vector<int> all;
  for (const sim::ScaleUpInfo& info : infos) {
    sizes[info.group->id()] = info.new_size;
    groups.push_back(info.group->id());
    all.push_back(info.new_size);
  }
  Decision decision;
  decision.got["new_sizes"] = std::move(sizes);
  decision.got["changed_groups"] = std::move(groups);
  decision.got["sum_of_new_sizes"] = std::accumulate(all.begin(), all.end(), 0);
  decision.got["sizes_multiset"] = all;
  decision.got["new_sizes_multiset"] = std::move(all);
  decision.unordered = {"changed_groups", "sizes_multiset", "new_sizes_multiset"};
  return decision;
}

namespace {

// A template by its parts; its pods are one that requests everything.
sim::NodeInfo template_of(const Json& given) {
  check_keys(given, {"capacity", "allocatable", "pod_requests", "labels"});
  const auto amounts = [](const Json& parts, const char* name) {
    check_keys(parts, {"cpu_m", "memory_b", "pods", "gpu"});
    Json whole = parts;
    whole["name"] = name;
    return whole;
  };
  auto node = std::make_shared<sim::Node>(*node_of(amounts(given.at("capacity"), "node")));
  node->allocatable = node_of(amounts(given.at("allocatable"), "node"))->allocatable;
  node->labels = given.value("labels", Json::object()).get<sim::Labels>();
  sim::NodeInfo info;
  info.node = std::move(node);
  PodReader reader;
  info.add(reader.read(amounts(given.value("pod_requests", Json::object()), "pod"), "node"));
  return info;
}

}  // namespace

Decision decide_similarity(const Json& given) {
  check_keys(given, {"a", "b", "extra_ignored_labels", "ratios"});
  sim::SimilarityRules rules;
  for (const Json& label : given.value("extra_ignored_labels", Json::array())) {
    rules.extra_ignored_labels.insert(label.get<std::string>());
  }
  const Json ratios = given.value("ratios", Json::object());
  check_keys(ratios, {"capacity_memory", "allocatable", "free"});
  rules.memory_difference_ratio = ratios.value("capacity_memory", 0.015);
  rules.max_allocatable_difference_ratio = ratios.value("allocatable", 0.05);
  rules.max_free_difference_ratio = ratios.value("free", 0.05);
  Decision decision;
  decision.got["similar"] =
      sim::are_similar(template_of(given.at("a")), template_of(given.at("b")), rules);
  return decision;
}

namespace {

// Pods by name or as objects; they request nothing if only named.
std::vector<sim::PodPtr> pods_of(const Json& given, PodReader& reader) {
  std::vector<sim::PodPtr> pods;
  for (const Json& pod : given) {
    pods.push_back(reader.read(pod.is_string() ? Json{{"name", pod}} : pod));
  }
  return pods;
}

Json capacity_of(const Json& option) {
  Json capacity = option.value("capacity", Json::object());
  check_keys(capacity, {"cpu_m", "memory_b", "pods", "gpu"});
  if (option.contains("capacity_cpu_m")) capacity["cpu_m"] = option.at("capacity_cpu_m");
  capacity["name"] = option.at("group");
  return capacity;
}

void set_priorities(const Json& given, DecisionWorld& world) {
  std::string yaml;
  for (const auto& [priority, expressions] : given.items()) {
    yaml += priority + ":\n";
    for (const Json& expression : expressions)
      yaml += "  - " + expression.get<std::string>() + "\n";
  }
  world.view.set_config_map(sim::kPriorityConfigMap, sim::kPriorityKey, yaml);
}

// The preferred size follows from the number of nodes: so many as prefer the one given.
void set_preferred(const Json& cpu_m, DecisionWorld& world) {
  constexpr std::size_t kEnough = 1000;
  for (std::size_t count = 1; count <= kEnough; ++count) {
    world.view.on_watch(sim::NodeChanged{node_of({{"name", fmt::format("node-{:04}", count)}})});
    if (sim::preferred_cpu(count).value() == cpu_m.get<std::int64_t>()) return;
  }
  throw std::runtime_error("no size of a cluster prefers " + cpu_m.dump());
}

}  // namespace

Decision decide_expander(const Json& given) {
  check_keys(given,
             {"expander", "options", "preferred_cpu_m", "pod_price", "node_price", "priorities"});
  const std::string name = given.at("expander");
  DecisionWorld world;
  if (given.contains("priorities")) set_priorities(given.at("priorities"), world);
  if (given.contains("preferred_cpu_m")) set_preferred(given.at("preferred_cpu_m"), world);
  const Json pod_prices = given.value("pod_price", Json::object());  // items() refers to it
  for (const auto& [pod, price] : pod_prices.items()) {
    world.rpc.pod_prices[pod == "stabilisation" ? "" : pod] = price;
  }
  const Json node_prices = given.value("node_price", Json::object());
  for (const auto& [node, price] : node_prices.items()) {
    world.rpc.node_prices[node] = price;
  }
  sim::NodeInfos infos;
  PodReader reader;
  for (const Json& one : given.at("options")) {
    check_keys(
        one, {"group", "node_count", "capacity", "capacity_cpu_m", "pods", "pod_count", "exists"});
    world.rpc.add_group({one.at("group"), 0, 1000, 0, nullptr});
    auto info = std::make_shared<sim::NodeInfo>();
    info->node = node_of(capacity_of(one));
    infos[one.at("group")] = std::move(info);
  }
  const std::vector<sim::NodeGroupPtr> groups = listed(world);
  std::vector<sim::ScaleUpOption> options;
  Json waste = Json::object();
  for (const Json& one : given.at("options")) {
    const auto group = std::find_if(groups.begin(), groups.end(), [&](const auto& g) {
      return g->id() == one.at("group").template get<std::string>();
    });
    std::vector<sim::PodPtr> pods = pods_of(one.value("pods", Json::array()), reader);
    if (one.contains("pod_count")) {
      pods = reader.read_many({{"name", "pod"}}, one.at("pod_count"));
    }
    options.push_back(
        {*group, one.value("node_count", 0), std::move(pods), one.value("exists", true)});
    waste[(*group)->id()] = sim::waste_of(options.back(), infos.at((*group)->id())->node->capacity);
  }
  sim::ExpanderChain chain({name},
                           {world.provider, world.view, world.events, world.clock, world.order});
  Json kept = Json::array();
  const sim::ExpanderInput input{kExpanderLoop, infos};
  for (const sim::ScaleUpOption& option : world.run(chain.keep(input, std::move(options)))) {
    kept.push_back(option.group->id());
  }
  Decision decision;
  decision.got["kept"] = std::move(kept);
  decision.got["waste"] = std::move(waste);
  decision.unordered = {"kept"};
  decision.tolerance = {{"waste", 1e-6}};
  return decision;
}

}  // namespace casim::oracle
