// Orders that upstream leaves to chance hang on what they order: what is never used, or comes
// later, changes none of them.
#include <algorithm>
#include <set>
#include <sstream>
#include <string>
#include <vector>

#include "tests/catch.h"
#include "tests/scenario/small_scenario.h"

using namespace casim;
using namespace casim::sim;
using namespace std::chrono_literals;

namespace {

// Two groups that are alike, and several kinds of pods at a time: which group takes a scale-up, and
// in which order pods and nodes are looked at, is chance.
Scenario scenario_of_chance() {
  Scenario s = small_scenario(12);
  s.rpc.latency = Distribution::constant(1us);
  s.autoscaler.compute_time = ComputeModel::kNone;
  // Nothing that hangs on microseconds: marks of pods between two loops, retries by instant.
  s.api_server.write_latency = Distribution::constant(0ms);
  s.ec2.throttle.unlimited = true;
  s.node_groups[0].name = "a";
  s.node_groups.push_back(s.node_groups[0]);
  s.node_groups[1].name = "b";
  const auto burst = std::get<BurstWorkload>(s.workloads[0].body);
  for (int i = 1; i < 6; ++i) {
    BurstWorkload more = burst;
    more.at = 30s + (i / 2) * 4min;
    more.count = 5 + 2 * i;
    more.pod.resources.requests.cpu = MilliCpu(1500 + 100 * i);
    s.workloads.push_back({"web-" + std::to_string(i), more});
  }
  return s;
}

// Until `end`, without those that name the group or workload.
enum class Which { kAll, kOfLoopsWithoutInstants };

std::vector<std::string> facts_of(const Ran& ran, TimePoint end, const std::string& name,
                                  Which which) {
  std::vector<std::string> kept;
  std::istringstream lines(ran.facts);
  for (std::string line; std::getline(lines, line);) {
    nlohmann::json fact = nlohmann::json::parse(line);
    if (from_seconds(fact.at("t").get<double>()) >= end - kTimeZero) break;
    if (line.find('"' + name + '"') != std::string::npos) continue;
    if (which == Which::kOfLoopsWithoutInstants) {
      if (!fact.contains("loop")) continue;
      fact.erase("t");
    }
    kept.push_back(fact.dump());
  }
  return kept;
}

// The first fact that differs, or nothing.
std::string difference(const std::vector<std::string>& a, const std::vector<std::string>& b) {
  const auto [in_a, in_b] = std::mismatch(a.begin(), a.end(), b.begin(), b.end());
  if (in_a == a.end() && in_b == b.end()) return "";
  return (in_a == a.end() ? "the end" : *in_a) + " and " + (in_b == b.end() ? "the end" : *in_b);
}

}  // namespace

TEST_CASE("a group that is never used changes no order that was left to chance", "[scenario]") {
  std::set<std::string> used;
  for (std::uint64_t seed = 1; seed <= 6; ++seed) {
    CAPTURE(seed);
    Scenario scenario = scenario_of_chance();
    scenario.seed = seed;
    const Ran without = run_whole(scenario);
    NodeGroupConfig unused = scenario.node_groups[0];
    unused.name = "unused";
    unused.initial = 0;
    unused.instance_types = {"m6i.8xlarge"};  // takes the pods, and wastes more than the others
    scenario.node_groups.push_back(unused);
    const Ran with = run_whole(scenario);
    // Its reads take time, so a loop may start some microseconds after what it came before.
    const Which which = Which::kOfLoopsWithoutInstants;
    CHECK(difference(facts_of(without, kTimeNever, "unused", which),
                     facts_of(with, kTimeNever, "unused", which)) == "");
    for (const auto& fact : facts_named(with.facts, "ScaleUpDecided")) used.insert(fact["group"]);
  }
  CHECK(used == std::set<std::string>{"a", "b"});  // so that chance has decided something
}

TEST_CASE("a workload that arrives later changes no order of what came before", "[scenario]") {
  Scenario scenario = scenario_of_chance();
  const Ran without = run_whole(scenario);
  BurstWorkload late = std::get<BurstWorkload>(scenario.workloads[0].body);
  late.at = 15min;
  scenario.workloads.push_back({"late", late});
  const Ran with = run_whole(scenario);
  const TimePoint arrival = kTimeZero + 15min;
  CHECK(difference(facts_of(without, arrival, "late", Which::kAll),
                   facts_of(with, arrival, "late", Which::kAll)) == "");
  CHECK(without.summary.digest != with.summary.digest);
}
