// Properties of the autoscaler in random little worlds: load and faults for some minutes, then
// hours of quiet. Without spread, anti-affinity and the random expander it must come to rest.
#include <algorithm>
#include <string>

#include "oracle/loops/loop_cases.h"
#include "src/core/random.h"
#include "tests/catch.h"

namespace casim::oracle {
namespace {

using Json = nlohmann::json;

constexpr int kBusyUntil = 900;       // seconds; then neither load nor faults
constexpr int kEnd = 4 * 3600;        // backoff, timers and cooldowns are over long before
constexpr int kAtRest = kEnd - 3600;  // from here on nothing may happen

// Draws of one world, in the order in which they are asked for.
class Dice {
 public:
  explicit Dice(std::uint64_t seed) : random_(seed) {}

  int from(int least, int greatest) {
    const double u = random_.uniform("property", 0, next_++);
    return least + static_cast<int>(u * (greatest - least + 1));
  }

  template <class T>
  T one_of(std::initializer_list<T> values) {
    return values.begin()[from(0, static_cast<int>(values.size()) - 1)];
  }

  bool maybe(int percent) { return from(1, 100) <= percent; }

  // Exact in microseconds, off the whole second.
  double time(int from_s, int to_s) { return from(from_s, to_s) + 0.0007 * from(1, 999); }

 private:
  Random random_;
  std::uint64_t next_ = 0;
};

Json random_group(Dice& dice, int index) {
  Json group;
  group["id"] = "g" + std::to_string(index);
  group["min"] = dice.from(0, 3);
  group["max"] = dice.from(4, 30);
  group["initial"] = dice.from(group.at("min").get<int>(), 4);
  group["template"] = {{"cpu_m", dice.one_of({2000, 4000, 8000})},
                       {"memory_mib", dice.one_of({4000, 16000})},
                       {"pods", dice.one_of({10, 58})}};
  group["terminate_after_s"] = dice.time(5, 60);
  group["clamp_decrease"] = dice.maybe(50);
  const double after = dice.time(20, 90);
  const int failing = dice.maybe(30) ? dice.from(1, 4) : 0;
  Json launches = Json::array();
  if (failing > 0) {
    launches.push_back({{"from", 0},
                        {"to", failing},
                        {"outcome", "error"},
                        {"after_s", 10.5},
                        {"code", "InsufficientInstanceCapacity"},
                        {"class", 1}});
  }
  launches.push_back({{"from", failing},
                      {"to", 0},
                      {"outcome", "ok"},
                      {"after_s", after},
                      {"ready_after_s", dice.one_of({0, 12})}});
  group["launches"] = launches;
  return group;
}

Json random_workload(Dice& dice, int index) {
  Json workload;
  workload["name"] = "w" + std::to_string(index);
  workload["kind"] = dice.one_of({"ReplicaSet", "Job", "StatefulSet"});
  workload["cpu_m"] = dice.one_of({100, 250, 500, 900});
  workload["memory_mib"] = dice.one_of({100, 500, 2000});
  if (dice.maybe(20)) workload["run_for_s"] = dice.time(60, 600);
  if (dice.maybe(15)) workload["pdb_disruptions_allowed"] = dice.from(0, 2);
  return workload;
}

Json random_fault(Dice& dice) {
  const double from = dice.time(0, kBusyUntil - 450);
  return {{"from", from},
          {"to", from + dice.from(10, 400)},
          {"rpc", dice.one_of({"NodeGroupIncreaseSize", "NodeGroupDeleteNodes", "Refresh",
                               "NodeGroupTargetSize", "NodeGroupForNode"})},
          {"code", dice.one_of({4, 13, 14})},
          {"applied", dice.maybe(30)}};
}

Json random_world(std::uint64_t seed) {
  Dice dice(seed);
  Json given;
  given["flags"] = {
      std::string("--expander=") + dice.one_of({"least-waste", "most-pods", "least-nodes"}),
      "--scale-down-unneeded-time=" + std::to_string(dice.one_of({30, 60, 300})) + "s",
      "--scale-down-delay-after-add=" + std::to_string(dice.one_of({0, 60, 600})) + "s",
      "--scale-down-utilization-threshold=" + std::string(dice.one_of({"0.5", "0.6", "0.8"}))};
  given["duration_s"] = kEnd;
  given["latency_s"] = {{"Refresh", 0.02}};
  const int groups = dice.from(1, 3);
  const int workloads = dice.from(1, 3);
  for (int i = 0; i < groups; ++i) given["groups"].push_back(random_group(dice, i));
  for (int i = 0; i < workloads; ++i) given["workloads"].push_back(random_workload(dice, i));
  Json events = Json::array();
  for (int i = dice.from(4, 12); i > 0; --i) {
    const std::string workload = "w" + std::to_string(dice.from(0, workloads - 1));
    const bool is_end = dice.maybe(45);
    events.push_back({{"t", dice.time(0, kBusyUntil)},
                      {"type", is_end ? "delete" : "pods"},
                      {"workload", workload},
                      {"count", dice.from(1, 40)},
                      {"pick", dice.one_of({"newest", "oldest", "alternate"})}});
  }
  std::stable_sort(events.begin(), events.end(), [](const Json& a, const Json& b) {
    return a.at("t").get<double>() < b.at("t").get<double>();
  });
  given["events"] = events;
  for (int i = dice.from(0, 3); i > 0; --i) given["faults"].push_back(random_fault(dice));
  return given;
}

// By its own action: no machine vanishes here, and failed ones were above the minimum.
void check_bounds(const Json& given, const LoopRun& run) {
  for (const LoopRecord& loop : run.loops) {
    for (const Mutation& mutation : loop.mutations) {
      if (mutation.rpc != "NodeGroupIncreaseSize") continue;
      CAPTURE(loop.loop, mutation.group, mutation.delta, mutation.code);
      CHECK(mutation.code != "FailedPrecondition");
      CHECK(mutation.code != "InvalidArgument");
    }
    for (const Json& group : given.at("groups")) {
      const auto target = loop.targets.find(group.at("id").get<std::string>());
      if (target == loop.targets.end()) continue;
      CAPTURE(loop.loop, target->first);
      CHECK(target->second >= group.at("min").get<int>());
      CHECK(target->second <= group.at("max").get<int>());
    }
  }
}

bool is_after(const LoopRecord& loop, int seconds) {
  return loop.start >= kTimeZero + std::chrono::seconds(seconds);
}

// When all pods have a node and nobody adds any, no removal leaves one without.
void check_places(const LoopRun& run) {
  bool all_placed = false;
  for (const LoopRecord& loop : run.loops) {
    if (!is_after(loop, kBusyUntil + 1)) continue;
    CAPTURE(loop.loop, loop.pending);
    if (all_placed) CHECK(loop.pending == 0);
    all_placed = all_placed || loop.pending == 0;
  }
}

void check_rest(const LoopRun& run) {
  for (const LoopRecord& loop : run.loops) {
    if (!is_after(loop, kAtRest)) continue;
    CAPTURE(loop.loop);
    CHECK(loop.mutations.empty());
    CHECK(loop.taints.empty());
    CHECK(loop.targets == run.loops.back().targets);
    CHECK(loop.pending == run.loops.back().pending);
  }
}

}  // namespace

TEST_CASE("the autoscaler keeps its bounds, takes no pod's place, and comes to rest",
          "[oracle][property]") {
  const auto seed = GENERATE(range(0, 300));
  CAPTURE(seed);
  const Json given = random_world(static_cast<std::uint64_t>(seed));
  const LoopRun run = run_little_world(given);
  check_bounds(given, run);
  check_places(run);
  check_rest(run);
}

TEST_CASE("the random worlds do what the properties speak of", "[oracle][property]") {
  int scaled_up = 0;
  int removed = 0;
  int drained = 0;
  int failed = 0;
  int full = 0;
  for (std::uint64_t seed = 0; seed < 40; ++seed) {
    const LoopRun run = run_little_world(random_world(seed));
    const auto any = [&run](auto is_it) {
      return std::any_of(run.loops.begin(), run.loops.end(), [&](const LoopRecord& loop) {
        return std::any_of(loop.mutations.begin(), loop.mutations.end(), is_it);
      });
    };
    scaled_up += any([](const Mutation& m) { return m.rpc == "NodeGroupIncreaseSize"; });
    removed += any([](const Mutation& m) { return m.rpc == "NodeGroupDeleteNodes"; });
    failed += any([](const Mutation& m) { return !m.code.empty(); });
    drained += run.final.at("evicted").get<int>() > 0;
    full += run.final.at("pending").get<int>() > 0;
  }
  CAPTURE(scaled_up, removed, drained, failed, full);
  CHECK(scaled_up > 30);
  CHECK(removed > 30);
  CHECK(drained > 5);
  CHECK(failed > 1);
  CHECK(full > 0);
}

}  // namespace casim::oracle
