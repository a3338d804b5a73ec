#include "sim/world/world.h"

#include <algorithm>
#include <cassert>
#include <stdexcept>

#include <fmt/format.h>

#include "sim/autoscaler/cluster/pod_trigger.h"
#include "sim/autoscaler/scaleup/priority_expander.h"
#include "sim/ec2/ec2_model.h"
#include "sim/events/digest.h"
#include "sim/events/fact_log.h"
#include "sim/events/fact_tee.h"
#include "sim/faults/targets.h"
#include "sim/kubelet/node_life.h"
#include "sim/load/load_completion.h"
#include "sim/rpc/grpc_provider_rpc.h"
#include "sim/scenario/resolve.h"
#include "sim/workloads/job_controller.h"
#include "sim/workloads/pod_informer.h"
#include "sim/workloads/replica_set_controller.h"
#include "sim/world/autoscaled.h"
#include "sim/world/autoscaler_process.h"
#include "sim/world/cost_rate.h"
#include "sim/world/demand_model.h"
#include "sim/world/ec2_totals.h"
#include "sim/world/fact_bridges.h"
#include "sim/world/initial_state.h"
#include "sim/world/invariants.h"
#include "sim/world/last_progress.h"
#include "sim/world/load_parts.h"
#include "sim/world/load_schedule.h"
#include "sim/world/machine_audit.h"
#include "sim/world/node_controllers.h"
#include "sim/world/part_configs.h"
#include "sim/world/path_process.h"
#include "sim/world/pod_rules.h"
#include "sim/world/pod_texts.h"
#include "sim/world/provider_process.h"
#include "sim/world/rpc_totals.h"
#include "sim/world/scheduler_process.h"
#include "sim/world/set_controllers.h"
#include "sim/world/spot_notices.h"
#include "src/async/task_scope.h"

namespace casim::sim {
namespace {

// How often a run without an end looks whether anything still moves, and for how long nothing may.
constexpr Duration kStuckCheck = std::chrono::hours(1);
constexpr Duration kStuckAfter = std::chrono::hours(24);

}  // namespace

// Members stand in order of dependency: each refers only to those above it.
struct World::State {
  State(const Scenario& given, LoadPlan plan, WorldOptions options, std::ostream* fact_stream);

  void add_load(LoadPlan plan);
  void add_listeners(const WorldOptions& options);
  void watch_invariants();
  void start();
  Kernel::Stop run(std::uint64_t event_limit);
  void arm_faults();
  void check_progress();
  void on_load_changed(bool is_done);

  Scenario scenario;
  Random random;
  Kernel kernel;

  FactTee facts;
  Digest digest;
  Cluster cluster;
  std::vector<provider::GroupConfig> groups;
  DemandModel demand;
  Collectors collectors;
  LastProgress progress;
  std::unique_ptr<FactLog> fact_log;

  ApiServer api;
  SchedulerProcess scheduler;
  std::vector<Node> static_nodes;
  WorkloadTable workloads;
  LoadCompletion completion;
  NodeHeartbeats heartbeats;
  JobController jobs;
  ReplicaSetController replica_sets;
  SetControllers set_controllers;
  PodInformer controllers;
  PodRules pod_rules;
  LoadPlayer load;
  BatchJobs batch_jobs;
  Autoscaled autoscaled;
  PodRunner pod_runner;
  Ec2ConditionSet ec2_conditions;
  BootConditionSet boot_conditions;
  Ec2Model ec2;
  CostRate cost_rate{kernel, ec2, scenario.ec2, collectors.series()};
  NodeLife node_life;
  ForwardInstances<NodeLife> machines_to_nodes;
  SpotNotices spot_notices;
  NodeControllers node_controllers;

  ProviderFacts provider_facts;
  CallFacts call_facts;
  provider::MemoryStore store;
  SimulatedServer server;
  PathProcess path;
  ProviderProcess provider;
  ProcessOutages provider_outages;
  MachineAudit audit;

  ServiceMemoSource memo;
  RpcConditions rpc_conditions;
  GrpcProviderRpc rpc;
  ClusterView view;
  UnschedulableSignal signal;
  PodTrigger trigger;
  std::unique_ptr<ComputeTime> compute;
  OrderPolicy order;
  LoopFacts loop_facts;
  AutoscalerProcess autoscaler;
  std::unique_ptr<Invariants> invariants;  // null: not checked

  std::vector<InitialPlacement> placements;
  TimePoint end = kTimeNever;
  std::vector<std::string> notes;
  std::string stopped_by;  // empty: not over
  bool partial = false;
};

World::State::State(const Scenario& given, LoadPlan plan, WorldOptions world_options,
                    std::ostream* fact_stream)
    : scenario(given),
      random(given.seed),
      kernel(given.start),
      groups(resolve_provider(given).groups),
      demand({scenario, groups, cluster, workloads}, plan),
      collectors(demand, load_schedule(plan, given), convergence_options(given)),
      fact_log(fact_stream ? std::make_unique<FactLog>(*fact_stream) : nullptr),
      api(kernel, cluster, facts, random, {.write_latency = given.api_server.write_latency}),
      scheduler(given, {.kernel = kernel, .api = api, .random = random, .facts = facts}),
      static_nodes(resolve_static_nodes(given)),
      workloads(cluster,
                [this](const PodSpec& pod) {
                  return why_never_fits(pod, scenario.node_groups, groups, static_nodes);
                }),
      completion(workloads),
      heartbeats(api.outages()),
      jobs(api, job_clients(given), completion),
      replica_sets(api, controller(kReplicaSetController, given), completion),
      set_controllers(given, {api, random, workloads, completion, replica_sets}),
      controllers(api),
      pod_rules(given, {api, random, replica_sets, set_controllers.deployments(), controllers}),
      load(kernel, api, workloads,
           {replica_sets, jobs, given.controllers.api.qps, given.controllers.api.burst},
           completion),
      batch_jobs({api, workloads, jobs, completion}, controller(kCronJobController, given)),
      autoscaled(scenario, {api, random, facts, replica_sets, set_controllers.deployments()}),
      pod_runner(
          kernel, api, random, [this](PodId pod) { return workloads.run_for(pod); },
          pod_runner_config(given, [this](PodId pod) { return workloads.fails(pod, random); })),
      ec2(kernel, random, facts, given.ec2, ec2_conditions),
      node_life(kernel, api, heartbeats, random, pod_runner, blueprints(given),
                node_life_config(given), boot_conditions),
      machines_to_nodes(node_life),
      spot_notices(given.nodes.termination_handler, {kernel, api, random, node_life}),
      node_controllers(given, {kernel, api, heartbeats, random, ec2, facts}),
      provider_facts(facts, [this] { return kernel.now(); }),
      call_facts(facts, [this] { return kernel.now(); }),
      store(kernel.clock(Phase::kWorld), random,
            {.commit_latency = given.provider.store.commit, .acknowledge_latency = {}}),
      server(kernel, call_facts),
      path(given, {kernel, random, ec2, ec2_conditions, boot_conditions, facts}),
      provider({.provider = resolve_provider(given), .machines = ec2_machines_options(given)},
               {.kernel = kernel,
                .random = random,
                .ec2 = ec2,
                .store = store,
                .observer = provider_facts,
                .ec2_observer = provider_facts,
                .service = server.service(),
                .facts = facts,
                .path = path.find()}),
      provider_outages(kernel, provider),
      audit(given.provider.reconcile, {ec2, [this] { return provider.find(); }}),
      memo(server.service()),
      rpc({kernel, server, memo, rpc_conditions, random, world_options.check_invariants},
          rpc_config(given, world_options.rpc_on_wire)),
      signal(kernel.executor()),
      trigger(view, signal, kernel.clock(Phase::kAutoscaler)),
      compute(compute_time(given.autoscaler.compute_time)),
      order(OrderPolicy::seeded(random)),
      loop_facts(facts, [this] { return kernel.now(); }),
      autoscaler(given.autoscaler,
                 {.kernel = kernel,
                  .api = api,
                  .rpc = rpc,
                  .view = view,
                  .signal = signal,
                  .compute_time = *compute,
                  .order = order,
                  .random = random,
                  .observer = loop_facts,
                  .facts = facts,
                  .checks = world_options.check_invariants,
                  .on_started = [this] { rpc_conditions.on_connected(kernel.now()); }}) {
  add_listeners(world_options);
  if (given.autoscaler.priorities) {
    view.set_config_map(kPriorityConfigMap, kPriorityKey, *given.autoscaler.priorities);
  }
  if (scenario.duration) end = kTimeZero + *scenario.duration;
  add_load(std::move(plan));
}

void World::State::add_load(LoadPlan plan) {
  node_controllers.listen(controllers);
  controllers.add(jobs);
  controllers.add(replica_sets);
  controllers.add(load.bare_pods());
  set_controllers.listen(controllers);
  autoscaled.listen(controllers);
  placements = add_workloads(std::move(plan.workloads),
                             {workloads, load, batch_jobs, set_controllers.load(), autoscaled});
  completion.when_changed([this](bool is_done) { on_load_changed(is_done); });
  notes = std::move(plan.notes);
}

void World::State::add_listeners(const WorldOptions& options) {
  facts.add(digest, collectors, progress, audit);
  if (options.listener != nullptr) facts.add(*options.listener);
  if (options.ec2_calls != nullptr) ec2.subscribe(*options.ec2_calls);
  if (fact_log) facts.add(*fact_log);
  if (options.check_invariants) watch_invariants();
}

// Listens last, so that the collectors know what it is told.
void World::State::watch_invariants() {
  Invariants::Parts parts{cluster, collectors.nodes(), audit, [this] { return provider.find(); },
                          path.find() == nullptr};
  invariants = std::make_unique<Invariants>(resolve_provider(scenario), std::move(parts));
  for (const Fault& fault : scenario.faults) invariants->excuse_minimum(fault);
  facts.add(*invariants);
}

void World::State::start() {
  scheduler.start();
  api.add_watcher(trigger, {scenario.autoscaler.watch_delay, Phase::kAutoscaler});
  ec2.subscribe(machines_to_nodes);
  ec2.subscribe(spot_notices);
  for (const Node& node : static_nodes) node_life.add_static_node(node);
  const NodesByGroup nodes_by_group =
      add_initial_nodes(resolve_provider(scenario), scenario, {ec2, node_life, store, cluster});
  path.start(api, ec2.instances());
  cost_rate.add_initial();
  place_initial_pods(placements, nodes_by_group, {workloads, replica_sets, api});
  provider.start();
  arm_faults();
  load.start();
  set_controllers.load().start();
  batch_jobs.start();
  autoscaled.start();
  controllers.start({.delay = {}, .phase = Phase::kWorld});
  completion.start();
  autoscaler.start();
  if (!scenario.duration) check_progress();
}

Kernel::Stop World::State::run(std::uint64_t event_limit) {
  if (!invariants) return kernel.run(end, event_limit);
  for (; event_limit > 0; --event_limit) {
    const Kernel::Stop why = kernel.run(end, 1);
    invariants->check(kernel.now());
    if (why == Kernel::Stop::kEventLimit) continue;
    if (why != Kernel::Stop::kRequested) invariants->check_all(kernel.now());
    return why;
  }
  return Kernel::Stop::kEventLimit;
}

void World::State::arm_faults() {
  const Ec2FaultTargets at_ec2{.kernel = kernel,
                               .random = random,
                               .facts = facts,
                               .ec2 = ec2,
                               .ec2_conditions = ec2_conditions};
  const FaultTargets targets{at_ec2,           api,
                             provider_outages, autoscaler,
                             rpc_conditions,   corrects_clock(scenario.provider.retry),
                             node_life,        boot_conditions};
  arm_all(scenario.faults, targets);
}

// Without a duration the load decides the end, and anew when it has become undone in the linger.
void World::State::on_load_changed(bool is_done) {
  if (scenario.duration) return;
  end = is_done ? kernel.now() + scenario.linger : kTimeNever;
  kernel.request_stop();  // run() goes on with the new end
}

// A load that waits for ever must not run for ever: all that runs does so until it is stopped.
void World::State::check_progress() {
  const auto endless = static_cast<std::int64_t>(replica_sets.ready() + load.bare_pods().running() +
                                                 set_controllers.ready());
  const bool is_over = load.are_over() && set_controllers.load().is_over() &&
                       batch_jobs.are_over() && pod_rules.is_over();
  if (end == kTimeNever && is_over && kernel.now() - progress.last() >= kStuckAfter &&
      collectors.pods().counts().running == endless) {
    stopped_by = "stuck";
    partial = true;
    kernel.request_stop();
    return;
  }
  kernel.after(kStuckCheck, Phase::kWorld, [this] { check_progress(); });
}

World::World(const Scenario& scenario, LoadPlan plan, WorldOptions options, std::ostream* facts)
    : state_(std::make_unique<State>(scenario, std::move(plan), options, facts)) {
  state_->start();
}

World::~World() = default;

std::size_t World::bytes_per_pod() { return sizeof(PodRecord) + sizeof(PodLife); }

void World::run(std::uint64_t event_limit) {
  const Kernel::Stop why = state_->run(event_limit);
  if (why == Kernel::Stop::kUntil) state_->stopped_by = state_->scenario.duration ? "end" : "idle";
  if (why == Kernel::Stop::kDry) state_->stopped_by = "idle";
}

bool World::is_over() const { return !state_->stopped_by.empty(); }

void World::stop(std::string why, std::string what) {
  if (!what.empty()) state_->notes.push_back("stopped by " + why + ": " + what);
  state_->stopped_by = std::move(why);
  state_->partial = true;
}

void World::shut_down() {
  state_->autoscaler.stop();
  state_->provider.stop();
  state_->path.stop();
}

std::optional<std::string> World::unrest() const {
  if (!state_->invariants) return std::nullopt;
  return state_->invariants->unrest(state_->kernel.now());
}

std::uint64_t World::events_run() const { return state_->kernel.events_run(); }

WorldState World::state() const {
  const PodTally& tally = state_->cluster.tally();
  return {state_->kernel.now(),
          state_->end,
          tally.created,
          tally.running,
          state_->collectors.nodes().ready_now(),
          state_->progress.loop()};
}

Summary World::summary() const {
  const State& s = *state_;
  // Told and kept apart. An exception can come between the two.
  assert(s.partial || s.collectors.pods().counts() == s.cluster.tally());
  RunInfo run;
  run.description = s.scenario.description;
  run.seed = s.scenario.seed;
  run.warmup = kTimeZero + s.scenario.warmup;
  run.end = s.kernel.now();
  run.stopped_by = s.stopped_by;
  run.partial = s.partial;
  run.digest = fmt::format("{:016x}", s.digest.value());
  run.facts = s.digest.facts();
  run.events = s.kernel.events_run();
  // HPAs, CronJobs and rates ask for more than is known before.
  run.rows = std::max(static_cast<std::int64_t>(s.workloads.size() + s.load.unsized()),
                      s.collectors.pods().rows_run());
  run.unfit = unfit_pods(s.cluster, s.workloads);
  run.notes = s.notes;
  run.rpc = rpc_totals(s.rpc.counts());
  add_ec2_totals(s.ec2, run);
  if (const auto machines = s.audit.verdict(s.kernel.now())) {
    run.leaked = machines->leaked;
    run.doubled = machines->doubled;
  }
  return s.collectors.summary(std::move(run));
}

const Collectors& World::collectors() const { return state_->collectors; }

PodText World::text_of(PodId pod) const {
  return pod_text(pod, state_->cluster, state_->workloads);
}

}  // namespace casim::sim
