// A machine that Crossplane's provider does nothing more for is told of, and so is its release.
#include <algorithm>
#include <cstdint>
#include <set>

#include "tests/catch.h"
#include "tests/scenario/small_scenario.h"

namespace casim::sim {
namespace {

using namespace std::chrono_literals;

constexpr int kPods = 40;
constexpr std::size_t kMachines = 7;  // beside the one that is there

// Every watch lags by more than a create and five tries to mark it take: provisioning-paths.md,
// consequence E.
Scenario stuck_scenario(Duration operator_after) {
  Scenario s = small_scenario(kPods);
  CrossplaneConfig config;
  config.watch_delay = Distribution::constant(8s);
  config.operator_after = operator_after;
  s.provider.path.body = config;
  s.ec2.throttle.unlimited = true;
  return s;
}

std::set<std::uint64_t> slots_of(const Ran& ran, const char* fact) {
  std::set<std::uint64_t> out;
  for (const nlohmann::json& one : facts_named(ran.facts, fact))
    out.insert(one.at("slot").get<std::uint64_t>());
  return out;
}

}  // namespace

TEST_CASE("a creation of which nobody knows how it ended is stuck, and counted", "[world][paths]") {
  const Ran ran = run_whole(stuck_scenario(0s));
  CHECK(slots_of(ran, "CreationStuck").size() >= kMachines);
  CHECK(slots_of(ran, "CreationFreed").empty());
  const SummaryValues values = values_of(ran.summary);
  CHECK(*values.at("autoscaler.creations_stuck").as_int64() >=
        static_cast<std::int64_t>(kMachines));
}

TEST_CASE("an operator frees what is stuck", "[world][paths]") {
  const Ran ran = run_whole(stuck_scenario(5min));
  const std::set<std::uint64_t> stuck = slots_of(ran, "CreationStuck");
  const std::set<std::uint64_t> freed = slots_of(ran, "CreationFreed");
  CHECK(freed.size() >= kMachines);
  CHECK(std::ranges::includes(stuck, freed));
}

}  // namespace casim::sim
