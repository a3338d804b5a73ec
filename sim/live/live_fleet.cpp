#include "sim/live/live_fleet.h"

#include <optional>
#include <utility>

#include "sim/ec2/ec2_model.h"
#include "sim/events/fact_tee.h"
#include "sim/faults/targets.h"
#include "sim/live/live_calls.h"
#include "sim/live/live_faults.h"
#include "sim/scenario/resolve.h"
#include "sim/world/fact_bridges.h"
#include "sim/world/initial_state.h"
#include "sim/world/node_controllers.h"
#include "sim/world/part_configs.h"
#include "sim/world/provider_process.h"
#include "sim/world/spot_notices.h"

namespace casim::sim {
namespace {

// The autoscaler is a real process: nothing here can end it (live_faults.h).
class NobodysProcess final : public RecoveringProcess {
 public:
  void crash(std::optional<Duration> /*down_for*/) override {}
};

}  // namespace

// Members stand in order of dependency: each refers only to those above it.
struct LiveFleet::State {
  State(const Scenario& given, Kernel& k, std::vector<FactSink*> listeners);

  void start();
  void arm_faults();

  Scenario scenario;
  Random random;
  Kernel& kernel;
  FactTee facts;
  FleetCounts counts;

  Cluster cluster;
  ApiServer api;
  NodeHeartbeats heartbeats;
  PodInformer controllers;
  PodRunner pod_runner;  // what stops with a machine; nobody creates pods here
  Ec2ConditionSet ec2_conditions;
  BootConditionSet boot_conditions;
  Ec2Model ec2;
  NodeLife node_life;
  ForwardInstances<NodeLife> machines_to_nodes;
  SpotNotices spot_notices;
  NodeControllers node_controllers;

  ProviderFacts provider_facts;
  LiveCalls calls;
  provider::MemoryStore store;
  provider::Config config;
  server::ProviderService service;
  ProviderProcess provider;
  ProcessOutages provider_outages;
  MachineAudit audit;

  std::optional<MachineFaults> machines_at_end;

  NobodysProcess autoscaler;
  RpcConditions rpc_conditions;
};

LiveFleet::State::State(const Scenario& given, Kernel& k, std::vector<FactSink*> listeners)
    : scenario(given),
      random(given.seed),
      kernel(k),
      api(kernel, cluster, facts, random, {.write_latency = given.api_server.write_latency}),
      heartbeats(api.outages()),
      controllers(api),
      pod_runner(
          kernel, api, random, [](PodId) { return std::optional<Duration>(); },
          pod_runner_config(given, {})),
      ec2(kernel, random, facts, given.ec2, ec2_conditions),
      node_life(kernel, api, heartbeats, random, pod_runner, blueprints(given),
                node_life_config(given), boot_conditions),
      machines_to_nodes(node_life),
      spot_notices(given.nodes.termination_handler, {kernel, api, random, node_life}),
      node_controllers(given, {kernel, api, heartbeats, random, ec2, facts}),
      provider_facts(facts, [this] { return kernel.now(); }),
      calls(kernel, facts, counts),
      store(kernel.clock(Phase::kWorld), random,
            {.commit_latency = given.provider.store.commit, .acknowledge_latency = {}}),
      config(resolve_provider(given)),
      service(
          {.clock = kernel.clock(Phase::kWorld), .executor = kernel.executor(), .observer = calls}),
      provider({.provider = config, .machines = ec2_machines_options(given)},
               {.kernel = kernel,
                .random = random,
                .ec2 = ec2,
                .store = store,
                .observer = provider_facts,
                .ec2_observer = provider_facts,
                .service = service,
                .facts = facts}),
      provider_outages(kernel, provider),
      audit(given.provider.reconcile, {ec2, [this] { return provider.find(); }}) {
  facts.add(audit);
  for (FactSink* listener : listeners) facts.add(*listener);
  start();
  facts.add(counts);  // what was there from the start is nobody's order
}

void LiveFleet::State::start() {
  node_controllers.listen(controllers);
  ec2.subscribe(machines_to_nodes);
  ec2.subscribe(spot_notices);
  for (Node& node : resolve_static_nodes(scenario)) node_life.add_static_node(std::move(node));
  add_initial_nodes(config, scenario, {ec2, node_life, store, cluster});
  provider.start();
  arm_faults();
  controllers.start({.delay = {}, .phase = Phase::kWorld});
}

void LiveFleet::State::arm_faults() {
  const FaultTargets targets{{.kernel = kernel,
                              .random = random,
                              .facts = facts,
                              .ec2 = ec2,
                              .ec2_conditions = ec2_conditions},
                             api,
                             provider_outages,
                             autoscaler,
                             rpc_conditions,
                             corrects_clock(scenario.provider.retry),
                             node_life,
                             boot_conditions};
  arm_all(live_faults(scenario.faults).kept, targets);
}

LiveFleet::LiveFleet(const Scenario& scenario, Kernel& kernel, std::vector<FactSink*> listeners)
    : state_(std::make_unique<State>(scenario, kernel, std::move(listeners))) {}

LiveFleet::~LiveFleet() = default;

void LiveFleet::stop() {
  state_->machines_at_end = state_->audit.verdict(state_->kernel.now());
  state_->provider.stop();
}

server::ProviderService& LiveFleet::service() { return state_->service; }

const std::vector<provider::GroupConfig>& LiveFleet::groups() const {
  return state_->config.groups;
}

int LiveFleet::target_size(const std::string& group) const {
  const provider::Provider* provider = state_->provider.find();
  return provider == nullptr ? 0 : provider->target_size(group).value_or(0);
}

ApiServer& LiveFleet::api() { return state_->api; }

const NodeHeartbeats& LiveFleet::heartbeats() const { return state_->heartbeats; }

const NodeLife& LiveFleet::nodes() const { return state_->node_life; }

const Random& LiveFleet::random() const { return state_->random; }

FleetAccount LiveFleet::account() const {
  FleetAccount account = state_->counts.account();
  account.machines = state_->provider.is_up() ? state_->audit.verdict(state_->kernel.now())
                                              : state_->machines_at_end;
  return account;
}

}  // namespace casim::sim
