#include "sim/world/part_configs.h"

namespace casim::sim {

GrpcRpcConfig rpc_config(const Scenario& scenario, bool on_wire) {
  GrpcRpcConfig config;
  config.latency = scenario.rpc.latency;
  config.mode = on_wire ? RpcMode::kWire : RpcMode::kMemo;
  return config;
}

NodeLifeConfig node_life_config(const Scenario& scenario) {
  NodeLifeConfig config;
  config.boot = scenario.nodes.boot.value_or(boot_of_image(scenario.nodes.image).value());
  config.metal_extra = scenario.nodes.metal_extra;
  config.register_after = scenario.nodes.register_after;
  config.ready_after = scenario.nodes.ready_after;
  config.never_registers = scenario.nodes.never_registers;
  config.group_tag = provider::kGroupTag;
  return config;
}

provider::Ec2MachinesOptions ec2_machines_options(const Scenario& scenario) {
  provider::Ec2MachinesOptions options;
  options.retry = backoff::settings_of(scenario.provider.retry);
  options.ice_cooldown = scenario.provider.ice_cooldown;
  options.relaunch = scenario.provider.relaunch;
  for (const RateLimitScenario& row : scenario.provider.rate_limits) {
    options.rate_limits.emplace(row.action, row.limit);
  }
  return options;
}

bool corrects_clock(const backoff::RetryConfig& retry) {
  return backoff::settings_of(retry).classification.clock_correction !=
         backoff::ClockCorrection::kNever;
}

PodRunnerConfig pod_runner_config(const Scenario& scenario, std::function<bool(PodId)> fails) {
  PodRunnerConfig config;
  config.start = scenario.nodes.pod_start;
  config.image_pulls = scenario.nodes.image_pulls;
  config.fails = std::move(fails);
  return config;
}

ApiClientConfig client(std::string name, const ApiLimit& limit, Phase phase) {
  return {.name = std::move(name), .qps = limit.qps, .burst = limit.burst, .phase = phase};
}

ApiClientConfig controller(std::string name, const Scenario& scenario) {
  ApiClientConfig config = client(std::move(name), scenario.controllers.api, Phase::kWorld);
  config.tries_again = true;
  return config;
}

HpaConfig hpa_config(const Scenario& scenario) {
  return {client(kHpaController, scenario.controllers.api, Phase::kWorld), scenario.controllers.hpa,
          hpa_release(scenario.controllers.version)};
}

JobClients job_clients(const Scenario& scenario) {
  return {controller(kJobController, scenario), controller(kTtlController, scenario),
          controller(kGarbageCollector, scenario)};
}

std::unique_ptr<ComputeTime> compute_time(ComputeModel model) {
  if (model == ComputeModel::kNone) return std::make_unique<NoComputeTime>();
  return std::make_unique<MeasuredComputeTime>();
}

}  // namespace casim::sim
