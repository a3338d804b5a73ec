// What must hold of the answers of every scenario that we ship, whatever it asks.
#include <algorithm>
#include <filesystem>

#include "sim/metrics/latency.h"
#include "tests/catch.h"
#include "tests/scenario/small_scenario.h"

namespace casim::sim {
namespace {

// Traces are not ours to ship.
std::vector<std::string> shipped_scenarios() {
  std::vector<std::string> names;
  for (const auto& entry : std::filesystem::directory_iterator("scenarios")) {
    const std::filesystem::path& file = entry.path();
    const std::string name = file.stem().string();
    if (file.extension() == ".json" && name != "openb" && name != "surf") names.push_back(name);
  }
  std::ranges::sort(names);
  return names;
}

void check_stages(const World& world) {
  std::int64_t ran = 0;
  for (const PodRecord& pod : world.collectors().pods().pods()) {
    const auto stages = stages_of(pod, world.collectors().nodes());
    if (!stages) continue;
    ++ran;
    Duration sum{};
    for (const Duration stage : stages->stages) {
      if (stage < Duration::zero()) FAIL("a stage of less than nothing");
      sum += stage;
    }
    for (const Duration stage : stages->plain) sum += stage;
    if (sum != stages->total) FAIL("stages do not add up");
  }
  CHECK(ran > 0);
}

// The parts of a stage are what it is, on average.
void check_split(const SummaryValues& values, const std::string& stage) {
  const config::Value& mean = values.at("scale_up_latency.stages." + stage + ".mean");
  if (mean.is_null()) return;
  double parts = 0;
  for (const char* part : {"failed", "displaced", "blocked"}) {
    parts += *values.at("scale_up_latency." + stage + "." + part).as_double();
  }
  CHECK(parts == Approx(*mean.as_double()).margin(1e-6));
}

void check_convergence(const Summary& summary) {
  const ConvergenceSummary& c = summary.convergence;
  REQUIRE_FALSE(c.settlings.empty());
  TimePoint last = kTimeZero;
  double excess = 0;
  for (const Settling& one : c.settlings) {
    CHECK(one.from == last);
    CHECK(one.to >= one.from);
    last = one.to;
    excess += one.excess_node_hours;
    if (one.service_settled) CHECK(*one.service_settled <= one.to - one.from);
  }
  CHECK(last == summary.end);
  if (summary.warmup == kTimeZero) CHECK(excess == Approx(c.tracking.over_node_hours).margin(1e-9));
  if (c.used_usd) CHECK(*c.used_usd <= *c.ideal_usd + 1e-9);
}

// Machines are charged for when they ran, to the second and for a minute at least; Spot that is
// taken back may be free.
void check_charges(const Summary& summary) {
  if (summary.spot.interrupted > 0) return;
  double charged = 0;
  for (const auto& [type, seconds] : summary.costs.seconds()) {
    charged += static_cast<double>(seconds);
  }
  const double ran = to_seconds(summary.machines.ran);
  CHECK(charged >= ran - 1e-6);
  CHECK(charged <= ran + 60 * static_cast<double>(summary.activity.instances_launched));
}

}  // namespace

TEST_CASE("the answers of every shipped scenario are whole", "[scenario]") {
  const std::string name = GENERATE(from_range(shipped_scenarios()));
  CAPTURE(name);
  config::Problems problems;
  const auto loaded = load_scenario({"scenarios/" + name + ".json", {}}, problems);
  REQUIRE(loaded);
  World world(loaded->scenario, make_load_plan(*loaded, problems), {}, nullptr);
  while (!world.is_over()) world.run(1'000'000);
  const Summary summary = world.summary();
  const SummaryValues values = values_of(summary);
  check_stages(world);
  check_split(values, "retry");
  check_split(values, "room");
  check_convergence(summary);
  CHECK(summary.pods.adds_up());
  CHECK(summary.leaked.value_or(0) == 0);
  CHECK(summary.doubled.value_or(0) == 0);
  check_charges(summary);
  world.shut_down();
}

}  // namespace casim::sim
