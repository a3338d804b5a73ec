#include "oracle/loops/little_provider.h"

#include <algorithm>
#include <array>
#include <utility>

#include "oracle/loops/told.h"

namespace casim::oracle {

using sim::RpcContext;

namespace {

// Go's names of the gRPC codes, by number.
std::string code_name(ErrorCode code) {
  constexpr std::array<const char*, 17> kNames = {
      "",         "Canceled",       "Unknown",          "InvalidArgument",   "DeadlineExceeded",
      "NotFound", "AlreadyExists",  "PermissionDenied", "ResourceExhausted", "FailedPrecondition",
      "Aborted",  "OutOfRange",     "Unimplemented",    "Internal",          "Unavailable",
      "DataLoss", "Unauthenticated"};
  return kNames.at(static_cast<std::size_t>(code));
}

std::string without_scheme(const std::string& id) {
  constexpr std::string_view kScheme = "casim:///";
  return id.starts_with(kScheme) ? id.substr(kScheme.size()) : id;
}

bool is_unfulfilled(const Instance& instance) {
  return instance.state == InstanceState::kCreating || instance.state == InstanceState::kFailed;
}

}  // namespace

LittleProvider::LittleProvider(const LittleCase& given, LittleWorld& world, LittleRecord& record,
                               Clock& clock)
    : given_(given), world_(world), record_(record), clock_(clock) {}

LittleProvider::Fate LittleProvider::arrive(RpcMethod method, const std::string& group) {
  record_.note_call(method);
  const std::string name(name_of(method));
  Fate fate;
  const auto latency = given_.latency.find(name);
  if (latency != given_.latency.end()) fate.latency = latency->second;
  for (const FaultGiven& fault : given_.faults) {
    const bool is_its_time = fault.from <= clock_.now() && clock_.now() < fault.to;
    if (!is_its_time || fault.rpc != name) continue;
    if (!fault.group.empty() && fault.group != group) continue;
    fate.fault = &fault;
    if (fault.latency) fate.latency = *fault.latency;
    break;
  }
  return fate;
}

Awaitable<Result<void>> LittleProvider::come_back(Fate fate, RpcContext context) {
  const TimePoint answer = clock_.now() + fate.latency;
  const bool too_late = answer >= context.deadline;
  if (fate.latency > Duration{}) {
    const TimePoint until = too_late ? context.deadline : answer;
    co_await clock_.sleep_until(until);
  }
  if (too_late) co_return failure(ErrorCode::kDeadlineExceeded, "context deadline exceeded");
  if (fate.is_refused()) {
    co_return failure(static_cast<ErrorCode>(fate.fault->code), fate.fault->message);
  }
  co_return Result<void>();
}

sim::RpcNodeGroup LittleProvider::rpc_group(const GroupGiven& group) const {
  return sim::RpcNodeGroup{group.id, group.min, group.max, group.id};
}

LittleProvider::Reply<std::vector<sim::RpcNodeGroup>> LittleProvider::node_groups(
    RpcContext context) {
  const Fate fate = arrive(RpcMethod::kNodeGroups, "");
  std::vector<sim::RpcNodeGroup> groups;
  for (const GroupGiven& group : given_.groups) groups.push_back(rpc_group(group));
  const Result<void> way = co_await come_back(fate, context);
  if (!way) co_return std::unexpected(way.error());
  co_return groups;
}

LittleProvider::Reply<std::optional<sim::RpcNodeGroup>> LittleProvider::node_group_for_node(
    RpcContext context, sim::NodePtr node) {
  const std::shared_ptr<Instance> instance = world_.find_instance(node->provider_id);
  std::optional<sim::RpcNodeGroup> group;
  if (instance != nullptr) group = rpc_group(*world_.group(instance->group).given);
  const std::string id = group ? group->id : "";
  const Fate fate = arrive(RpcMethod::kNodeGroupForNode, id);
  const Result<void> way = co_await come_back(fate, context);
  if (!way) co_return std::unexpected(way.error());
  co_return group;
}

LittleProvider::Reply<double> LittleProvider::pricing_node_price(RpcContext context,
                                                                 sim::NodePtr node, WallTime start,
                                                                 WallTime end) {
  const Fate fate = arrive(RpcMethod::kPricingNodePrice, "");
  const Result<void> way = co_await come_back(fate, context);
  if (!way) co_return std::unexpected(way.error());
  if (!given_.pricing) co_return failure(ErrorCode::kUnimplemented, "no pricing");
  const double hours = to_seconds(end - start) / 3600;
  const auto label = node->labels.find("group");
  if (label == node->labels.end()) co_return 0.0;
  co_return world_.group(label->second).given->price* hours;
}

LittleProvider::Reply<double> LittleProvider::pricing_pod_price(RpcContext context, sim::PodSpecPtr,
                                                                WallTime start, WallTime end) {
  const Fate fate = arrive(RpcMethod::kPricingPodPrice, "");
  const Result<void> way = co_await come_back(fate, context);
  if (!way) co_return std::unexpected(way.error());
  if (!given_.pricing) co_return failure(ErrorCode::kUnimplemented, "no pricing");
  co_return 0.01 * to_seconds(end - start) / 3600;
}

LittleProvider::Reply<std::string> LittleProvider::gpu_label(RpcContext context) {
  const Fate fate = arrive(RpcMethod::kGpuLabel, "");
  const Result<void> way = co_await come_back(fate, context);
  if (!way) co_return std::unexpected(way.error());
  co_return given_.gpu_label;
}

LittleProvider::Reply<std::vector<std::string>> LittleProvider::get_available_gpu_types(
    RpcContext context) {
  const Fate fate = arrive(RpcMethod::kGetAvailableGpuTypes, "");
  const Result<void> way = co_await come_back(fate, context);
  if (!way) co_return std::unexpected(way.error());
  co_return std::vector<std::string>();
}

LittleProvider::Reply<void> LittleProvider::cleanup(RpcContext context) {
  const Fate fate = arrive(RpcMethod::kCleanup, "");
  co_return co_await come_back(fate, context);
}

LittleProvider::Reply<void> LittleProvider::refresh(RpcContext context) {
  const Fate fate = arrive(RpcMethod::kRefresh, "");
  co_return co_await come_back(fate, context);
}

LittleProvider::Reply<int> LittleProvider::target_size(RpcContext context, std::string group) {
  const Fate fate = arrive(RpcMethod::kTargetSize, group);
  const int size = told_target(world_.group(group), fate.wrong(), clock_.now());
  const Result<void> way = co_await come_back(fate, context);
  if (!way) co_return std::unexpected(way.error());
  co_return size;
}

LittleProvider::Reply<std::vector<sim::RpcInstance>> LittleProvider::nodes(RpcContext context,
                                                                           std::string group) {
  const Fate fate = arrive(RpcMethod::kNodes, group);
  std::vector<sim::RpcInstance> instances =
      told_instances(world_.group(group), fate.wrong(), clock_.now());
  const Result<void> way = co_await come_back(fate, context);
  if (!way) co_return std::unexpected(way.error());
  co_return instances;
}

LittleProvider::Reply<std::optional<sim::Node>> LittleProvider::template_node_info(
    RpcContext context, std::string group) {
  const Fate fate = arrive(RpcMethod::kTemplateNodeInfo, group);
  const Result<void> way = co_await come_back(fate, context);
  if (!way) co_return std::unexpected(way.error());
  const GroupGiven& given = *world_.group(group).given;
  if (!given.has_template) co_return failure(ErrorCode::kUnimplemented, "no template");
  sim::Node node;
  node.name = "template-" + group;
  node.labels = given.node.labels;
  node.labels["kubernetes.io/hostname"] = node.name;
  node.labels["kubernetes.io/os"] = "linux";
  node.labels["kubernetes.io/arch"] = "amd64";
  if (given_.pricing) node.labels["group"] = group;
  node.taints = given.node.taints;
  node.capacity = given.node.resources;
  node.allocatable = given.node.resources;
  node.ready = true;
  co_return std::optional<sim::Node>(std::move(node));
}

LittleProvider::Reply<std::optional<sim::RpcOptions>> LittleProvider::get_options(
    RpcContext context, std::string group, sim::RpcOptions) {
  const Fate fate = arrive(RpcMethod::kGetOptions, group);
  const Result<void> way = co_await come_back(fate, context);
  if (!way) co_return std::unexpected(way.error());
  const std::optional<GroupOptions>& given = world_.group(group).given->options;
  if (!given) co_return failure(ErrorCode::kUnimplemented, "no options");
  sim::RpcOptions options;
  options.scale_down_utilization_threshold = given->utilization_threshold;
  options.scale_down_gpu_utilization_threshold = given->gpu_utilization_threshold;
  options.scale_down_unneeded_time = given->unneeded;
  options.scale_down_unready_time = given->unready;
  options.max_node_provision_time = given->provision;
  options.zero_or_max_node_scaling = given->zero_or_max;
  options.ignore_daemonsets_utilization = given->ignore_daemonsets;
  co_return std::optional<sim::RpcOptions>(options);
}

Awaitable<Result<void>> LittleProvider::finish(Fate fate, RpcContext context, Result<void> done,
                                               Mutation mutation) {
  mutation.at = clock_.now();
  Result<void> way = co_await come_back(fate, context);
  if (way) way = std::move(done);
  if (!way) mutation.code = code_name(way.error().code);
  record_.note_mutation(std::move(mutation));
  co_return way;
}

LittleProvider::Reply<void> LittleProvider::increase_size(RpcContext context, std::string group,
                                                          int delta) {
  const Fate fate = arrive(RpcMethod::kIncreaseSize, group);
  Result<void> done;
  if (fate.has_effect()) done = do_increase(group, delta);
  Mutation mutation;
  mutation.rpc = "NodeGroupIncreaseSize";
  mutation.group = group;
  mutation.delta = delta;
  co_return co_await finish(fate, context, std::move(done), std::move(mutation));
}

LittleProvider::Reply<void> LittleProvider::decrease_target_size(RpcContext context,
                                                                 std::string group, int delta) {
  const Fate fate = arrive(RpcMethod::kDecreaseTargetSize, group);
  Result<void> done;
  if (fate.has_effect()) done = do_decrease(group, delta);
  Mutation mutation;
  mutation.rpc = "NodeGroupDecreaseTargetSize";
  mutation.group = group;
  mutation.delta = delta;
  co_return co_await finish(fate, context, std::move(done), std::move(mutation));
}

LittleProvider::Reply<void> LittleProvider::delete_nodes(RpcContext context, std::string group,
                                                         std::vector<sim::NodePtr> nodes) {
  const Fate fate = arrive(RpcMethod::kDeleteNodes, group);
  Result<void> done;
  if (fate.has_effect()) done = do_delete(group, nodes);
  Mutation mutation;
  mutation.rpc = "NodeGroupDeleteNodes";
  mutation.group = group;
  for (const sim::NodePtr& node : nodes) {
    mutation.nodes.push_back(without_scheme(node->provider_id));
  }
  co_return co_await finish(fate, context, std::move(done), std::move(mutation));
}

Result<void> LittleProvider::do_increase(const std::string& id, int delta) {
  LittleWorld::Group& group = world_.group(id);
  if (delta <= 0) return failure(ErrorCode::kInvalidArgument, "delta must be positive");
  if (group.target + delta > group.given->max) {
    return failure(ErrorCode::kFailedPrecondition, "above max");
  }
  group.target += delta;
  for (int i = 0; i < delta; ++i) world_.launch(group);
  world_.touch();
  return {};
}

Result<void> LittleProvider::do_delete(const std::string& id,
                                       const std::vector<sim::NodePtr>& nodes) {
  LittleWorld::Group& group = world_.group(id);
  for (const sim::NodePtr& node : nodes) {
    const std::shared_ptr<Instance> instance = world_.find_instance(node->provider_id);
    if (instance == nullptr || instance->group != id) {
      return failure(ErrorCode::kNotFound, "not of this group");
    }
  }
  for (const sim::NodePtr& node : nodes) {
    const std::shared_ptr<Instance> instance = world_.find_instance(node->provider_id);
    if (instance == nullptr || instance->state == InstanceState::kDeleting) continue;
    --group.target;
    world_.terminate(instance);
  }
  world_.touch();
  return {};
}

Result<void> LittleProvider::do_decrease(const std::string& id, int delta) {
  LittleWorld::Group& group = world_.group(id);
  if (delta >= 0) return failure(ErrorCode::kInvalidArgument, "delta must be negative");
  std::vector<std::shared_ptr<Instance>> open;
  for (const std::shared_ptr<Instance>& instance : group.instances) {
    if (is_unfulfilled(*instance)) open.push_back(instance);
  }
  const std::size_t wanted = static_cast<std::size_t>(-delta);
  if (open.size() < wanted && !group.given->clamp_decrease) {
    return failure(ErrorCode::kFailedPrecondition, "fewer unfulfilled instances");
  }
  const std::size_t count = std::min(open.size(), wanted);
  for (std::size_t i = 0; i < count; ++i) {
    world_.erase_instance(open[open.size() - 1 - i]);
    --group.target;
  }
  world_.touch();
  return {};
}

}  // namespace casim::oracle
