// Small worlds for tests: one group of 8-core nodes, one burst.
#pragma once

#include <sstream>
#include <stdexcept>
#include <string>
#include <vector>

#include <nlohmann/json.hpp>

#include "sim/scenario/load_plan.h"
#include "sim/scenario/scenario.h"
#include "sim/world/world.h"

namespace casim::sim {

inline Scenario small_scenario(int pods) {
  Scenario s;
  s.description = "test";
  s.start = WallTime(std::chrono::seconds(1'767'600'000));
  s.duration = std::chrono::minutes(40);
  NodeGroupConfig group;
  group.name = "g";
  group.max = 20;
  group.initial = 1;
  group.instance_types = {"m6i.2xlarge"};
  s.node_groups = {group};
  BurstWorkload burst;
  burst.count = pods;
  burst.at = std::chrono::seconds(30);
  burst.run_for = std::chrono::minutes(10);
  burst.pod.resources.requests.cpu = MilliCpu(1500);
  burst.pod.resources.requests.memory = Bytes(std::int64_t{1} << 30);
  s.workloads = {{"web", burst}};
  return s;
}

// Everything that could tell wire and memo apart: a crash, faults, a machine that vanishes.
inline Scenario troubled_scenario() {
  Scenario s = small_scenario(40);
  s.faults.resize(4);
  s.faults[0].body =
      ProviderCrashFault{.at = std::chrono::seconds(95), .down_for = std::chrono::seconds(7)};
  RpcFault unavailable;
  unavailable.from = std::chrono::seconds(200);
  unavailable.to = std::chrono::seconds(260);
  unavailable.method = RpcMethod::kTargetSize;
  s.faults[1].body = unavailable;
  RpcFault late;
  late.from = std::chrono::seconds(60);
  late.to = std::chrono::seconds(64);
  late.method = RpcMethod::kIncreaseSize;
  late.code = GrpcCode::kDeadlineExceeded;
  late.applied = true;
  s.faults[2].body = late;
  s.faults[3].body =
      MachineVanishesFault{.at = std::chrono::seconds(333), .group = "g", .count = 1};
  return s;
}

struct Ran {
  Summary summary;
  std::string facts;
  std::vector<PodRecord> pods;
};

inline Ran run_loaded(const LoadedScenario& loaded, WorldOptions options = {}) {
  config::Problems problems;
  std::ostringstream facts;
  World world(loaded.scenario, make_load_plan(loaded, problems), options, &facts);
  while (!world.is_over()) world.run(1'000'000);
  Ran ran{world.summary(), facts.str(), world.collectors().pods().pods()};
  world.shut_down();
  return ran;
}

inline Ran run_whole(const Scenario& scenario, WorldOptions options = {}) {
  return run_loaded({"test", scenario, config::Document(config::Value())}, options);
}

// Of scenarios/.
inline Ran run_file(const std::string& name, std::vector<std::string> overrides = {}) {
  config::Problems problems;
  const std::string file = "scenarios/" + name + ".json";
  const auto loaded = load_scenario({file, std::move(overrides)}, problems);
  if (!loaded) throw std::runtime_error(problems.text());
  return run_loaded(*loaded);
}

inline std::vector<nlohmann::json> facts_named(const std::string& facts, const std::string& name) {
  std::vector<nlohmann::json> found;
  std::istringstream lines(facts);
  for (std::string line; std::getline(lines, line);) {
    if (line.find("\"fact\":\"" + name + "\"") == std::string::npos) continue;
    found.push_back(nlohmann::json::parse(line));
  }
  return found;
}

// The instant of the first fact with that name (and that method, if given); -1 s without.
inline Duration first_fact(const std::string& facts, const std::string& name,
                           const std::string& method = "") {
  std::istringstream lines(facts);
  for (std::string line; std::getline(lines, line);) {
    if (line.find("\"fact\":\"" + name + "\"") == std::string::npos) continue;
    if (!method.empty() && line.find("\"" + method + "\"") == std::string::npos) continue;
    return from_seconds(nlohmann::json::parse(line).at("t").get<double>());
  }
  return std::chrono::seconds(-1);
}

}  // namespace casim::sim
