#include "oracle/decisions/decision_world.h"

#include <algorithm>
#include <stdexcept>
#include <utility>

namespace casim::oracle {

using sim::RpcContext;

namespace {

std::unexpected<Error> no_group(const std::string& name) {
  return failure(ErrorCode::kNotFound, "no group " + name);
}

}  // namespace

DecisionWorld::DecisionWorld(sim::AutoscalerOptions given)
    : options(std::move(given)),
      kernel(kDecisionTime),
      clock(kernel.clock(sim::Phase::kAutoscaler)),
      scope(kernel.executor()),
      rpc(options),
      provider(rpc, clock, kernel.executor(), std::chrono::seconds(5), sim::GroupObjects::kShared),
      order(sim::OrderPolicy::by_name()),
      events(options, writer, clock, scope) {}

void DecisionWorld::run(Awaitable<void> task) {
  spawn(kernel.executor(), std::move(task));
  kernel.settle();
}

DecisionGroup& DecisionProvider::add_group(DecisionGroup group) {
  groups_.push_back(std::move(group));
  return groups_.back();
}

DecisionGroup& DecisionProvider::group(const std::string& name) {
  for (DecisionGroup& group : groups_) {
    if (group.name == name) return group;
  }
  throw std::runtime_error("no group " + name);
}

void DecisionProvider::add_node(const std::string& name, const sim::NodePtr& node) {
  DecisionGroup& owner = group(name);
  owner.nodes.insert(node->name);
  sim::RpcInstance instance;
  instance.id = node->provider_id;
  instance.state = sim::RpcInstanceState::kRunning;
  owner.instances.push_back(std::move(instance));
}

DecisionProvider::Reply<std::vector<sim::RpcNodeGroup>> DecisionProvider::node_groups(RpcContext) {
  std::vector<sim::RpcNodeGroup> result;
  for (const DecisionGroup& g : groups_) result.push_back({g.name, g.min, g.max, ""});
  co_return result;
}

// By name, and instances without a node by their id.
DecisionProvider::Reply<std::optional<sim::RpcNodeGroup>> DecisionProvider::node_group_for_node(
    RpcContext, sim::NodePtr node) {
  for (const DecisionGroup& g : groups_) {
    const bool has_instance =
        std::any_of(g.instances.begin(), g.instances.end(),
                    [&](const sim::RpcInstance& i) { return i.id == node->provider_id; });
    if (!has_instance && !g.nodes.contains(node->name)) continue;
    co_return sim::RpcNodeGroup{g.name, g.min, g.max, ""};
  }
  co_return std::optional<sim::RpcNodeGroup>();
}

DecisionProvider::Reply<double> DecisionProvider::pricing_node_price(RpcContext, sim::NodePtr node,
                                                                     WallTime, WallTime) {
  const auto price = node_prices.find(node->name);
  if (price == node_prices.end()) co_return failure(ErrorCode::kUnimplemented, "no price");
  co_return price->second;
}

DecisionProvider::Reply<double> DecisionProvider::pricing_pod_price(RpcContext, sim::PodSpecPtr pod,
                                                                    WallTime, WallTime) {
  auto price = pod_prices.find(pod->workload);
  if (price == pod_prices.end()) price = pod_prices.find("");
  if (price == pod_prices.end()) co_return failure(ErrorCode::kUnimplemented, "no price");
  co_return price->second;
}

DecisionProvider::Reply<std::string> DecisionProvider::gpu_label(RpcContext) {
  co_return std::string(kGpuLabel);
}

DecisionProvider::Reply<std::vector<std::string>> DecisionProvider::get_available_gpu_types(
    RpcContext) {
  co_return std::vector<std::string>();
}

DecisionProvider::Reply<void> DecisionProvider::cleanup(RpcContext) { co_return Result<void>(); }

DecisionProvider::Reply<void> DecisionProvider::refresh(RpcContext) { co_return Result<void>(); }

DecisionProvider::Reply<int> DecisionProvider::target_size(RpcContext, std::string name) {
  for (const DecisionGroup& g : groups_) {
    if (g.name == name) co_return g.target;
  }
  co_return no_group(name);
}

DecisionProvider::Reply<void> DecisionProvider::increase_size(RpcContext, std::string name,
                                                              int delta) {
  group(name).target += delta;
  increases_.push_back({name, delta, {}});
  if (refuses_increase && refuses_increase(name)) {
    co_return failure(ErrorCode::kInternal, "provider error for: " + name);
  }
  co_return Result<void>();
}

DecisionProvider::Reply<void> DecisionProvider::delete_nodes(RpcContext, std::string name,
                                                             std::vector<sim::NodePtr> nodes) {
  DecisionGroup& owner = group(name);
  Change change{name, 0, {}};
  for (const sim::NodePtr& node : nodes) {
    change.nodes.push_back(node->name);
    --owner.target;
    owner.nodes.erase(node->name);
    std::erase_if(owner.instances,
                  [&](const sim::RpcInstance& i) { return i.id == node->provider_id; });
  }
  deletions_.push_back(std::move(change));
  co_return Result<void>();
}

DecisionProvider::Reply<void> DecisionProvider::decrease_target_size(RpcContext, std::string name,
                                                                     int delta) {
  decreases_.push_back({name, delta, {}});
  if (refuses_decrease) co_return failure(ErrorCode::kInternal, "refused");
  group(name).target += delta;
  co_return Result<void>();
}

DecisionProvider::Reply<std::vector<sim::RpcInstance>> DecisionProvider::nodes(RpcContext,
                                                                               std::string name) {
  co_return group(name).instances;
}

DecisionProvider::Reply<std::optional<sim::Node>> DecisionProvider::template_node_info(
    RpcContext, std::string name) {
  const DecisionGroup& g = group(name);
  if (g.node_template == nullptr) co_return failure(ErrorCode::kUnimplemented, "no template");
  co_return std::optional<sim::Node>(*g.node_template);
}

DecisionProvider::Reply<std::optional<sim::RpcOptions>> DecisionProvider::get_options(
    RpcContext, std::string name, sim::RpcOptions defaults) {
  const DecisionGroup& g = group(name);
  if (g.is_broken) co_return failure(ErrorCode::kInternal, "no options");
  if (!g.zero_or_max) co_return std::optional<sim::RpcOptions>();
  defaults.zero_or_max_node_scaling = true;
  co_return std::optional<sim::RpcOptions>(defaults);
}

Awaitable<Result<sim::NodePtr>> DecisionWriter::get_node(std::string name) {
  const auto node = nodes.find(name);
  if (node == nodes.end()) co_return failure(ErrorCode::kNotFound, "no node " + name);
  co_return node->second;
}

Awaitable<Result<sim::NodePtr>> DecisionWriter::update_node(sim::NodeUpdate update) {
  const auto known = nodes.find(update.node);
  if (known == nodes.end()) co_return failure(ErrorCode::kNotFound, "no node " + update.node);
  auto node = std::make_shared<sim::Node>(*known->second);
  for (const std::string& key : update.remove_taints) {
    std::erase_if(node->taints, [&](const sim::Taint& taint) { return taint.key == key; });
  }
  node->taints.insert(node->taints.end(), update.add_taints.begin(), update.add_taints.end());
  if (update.unschedulable) node->unschedulable = *update.unschedulable;
  known->second = std::move(node);
  co_return known->second;
}

Awaitable<Result<void>> DecisionWriter::evict(sim::PodId, Duration) { co_return Result<void>(); }

Awaitable<Result<sim::Pod>> DecisionWriter::get_pod(sim::PodId) {
  co_return failure(ErrorCode::kNotFound, "evicted");
}

Awaitable<Result<void>> DecisionWriter::write_event() { co_return Result<void>(); }

Awaitable<Result<void>> DecisionWriter::write_status(sim::StatusWrite) { co_return Result<void>(); }

}  // namespace casim::oracle
