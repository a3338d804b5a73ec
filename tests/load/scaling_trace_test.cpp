#include "sim/load/scaling_trace.h"

#include "sim/load/scaled_sets.h"
#include "tests/load/load_world.h"

using namespace casim;
using namespace casim::sim;
using namespace std::chrono_literals;

namespace {

const std::string kScalingHeader =
    "t_seconds,event,namespace,deployment,replicas,containers,cpu_request,memory_request\n";

auto read_scaling_rows(const std::string& rows, const TraceSpan& span = {}) {
  return read_simkube(kScalingHeader + rows, "events.csv", span);
}

const std::string kTwo =
    "0,apply,dsb,web,1,2,500m,1Gi\n"
    "0,apply,dsb,db,2,1,1,2Gi\n"
    "60,apply,dsb,web,4,2,500m,1Gi\n"
    "90,apply,dsb,web,3,2,500m,1Gi\n";

}  // namespace

TEST_CASE("simkube: each Deployment has its sizes over time", "[load]") {
  const auto trace = read_scaling_rows(kTwo);
  REQUIRE(trace.has_value());
  REQUIRE(trace->deployments.size() == 2);
  const ScaledDeployment& web = trace->deployments[0];
  CHECK(web.name == "web");
  CHECK(web.namespace_name == "dsb");
  CHECK(web.requests.cpu == MilliCpu(1000));  // of two containers
  CHECK(web.requests.memory == Bytes(std::int64_t{2} << 30));
  CHECK(web.steps == std::vector<ScalingStep>{{0s, 1}, {60s, 4}, {90s, 3}});
  CHECK(trace->deployments[1].steps == std::vector<ScalingStep>{{0s, 2}});
  CHECK(trace->counts.in_file == 4);
  CHECK(trace->counts.played == 4);
}

TEST_CASE("simkube: what was there before the window is there at its start", "[load]") {
  const auto trace = read_scaling_rows(kTwo, {.from = 70s, .to = 80s});
  REQUIRE(trace.has_value());
  CHECK(trace->deployments[0].steps == std::vector<ScalingStep>{{0s, 4}});
  CHECK(trace->deployments[1].steps == std::vector<ScalingStep>{{0s, 2}});
}

TEST_CASE("simkube: copies, moved in time", "[load]") {
  const auto trace = read_scaling_rows(kTwo, {.time_scale = 0.5, .copies = 3, .jitter = 10s});
  REQUIRE(trace.has_value());
  REQUIRE(trace->deployments.size() == 6);
  CHECK(trace->deployments[0].steps == std::vector<ScalingStep>{{0s, 1}, {30s, 4}, {45s, 3}});
  const ScaledDeployment& copy = trace->deployments[1];
  CHECK(copy.name == "web-copy1");
  CHECK(copy.steps[0].at > 0s);
  CHECK(copy.steps[0].at < 10s);
  CHECK(copy.steps[1].at - copy.steps[0].at == 30s);
  CHECK(trace->deployments[2].steps[0].at != copy.steps[0].at);
}

TEST_CASE("simkube: malformed rows", "[load]") {
  struct Row {
    const char* row;
    const char* problem;
  };

  const auto row = GENERATE(values<Row>({
      {"0,delete,dsb,web,1,1,1,1Gi\n",
       "events.csv:2: event: 'delete' is not known; allowed: apply"},
      {"x,apply,dsb,web,1,1,1,1Gi\n", "events.csv:2: t_seconds: 'x' is not a number"},
      {"0,apply,dsb,web,-1,1,1,1Gi\n", "events.csv:2: replicas: '-1' is negative"},
      {"0,apply,dsb,web,1,0,1,1Gi\n", "events.csv:2: containers: is not from 1 to 1000"},
      {"0,apply,dsb,web,1,1,1x,1Gi\n", "events.csv:2: cpu_request: unknown suffix \"x\""},
      {"0,apply,dsb,,1,1,1,1Gi\n", "events.csv:2: deployment: is missing"},
      {"9,apply,dsb,web,1,1,1,1Gi\n8,apply,dsb,web,2,1,1,1Gi\n",
       "events.csv:3: t_seconds: is before the row above"},
      {"0,apply,dsb,web,1,1,1,1Gi\n1,apply,dsb,web,2,1,2,1Gi\n",
       "events.csv:3: cpu_request: requests are not those of the rows above"},
  }));
  CAPTURE(row.row);
  const auto trace = read_scaling_rows(row.row);
  REQUIRE_FALSE(trace.has_value());
  CHECK_THAT(trace.error().text(), Catch::StartsWith(row.problem));
}

TEST_CASE("a ReplicaSet grows and shrinks with its steps", "[load]") {
  LoadWorld world;
  ScaledSets sets(world.kernel, world.workloads, world.sets, world.completion);
  ScaledSpec spec;
  spec.name = "web";
  spec.pod.requests.cpu = MilliCpu(100);
  spec.steps = {{0s, 1}, {60s, 4}, {90s, 2}};
  std::vector<ScalingStep> steps = spec.steps;
  sets.add(world.workloads.add(std::move(spec)), std::move(steps));
  sets.start();
  world.start();
  world.until(30s);
  CHECK(world.cluster.tally().created == 1);
  world.until(80s);
  CHECK(world.cluster.tally().created == 4);
  CHECK_FALSE(sets.are_over());
  world.until(2min);
  CHECK(sets.are_over());
  CHECK(sets.asked_for() == 4);
  CHECK(world.cluster.tally().created == 4);
  std::vector<PodId> left;
  world.cluster.for_each_pod([&](const Pod& pod) { left.push_back(pod.id); });
  REQUIRE(left.size() == 2);
  CHECK(world.changes.empty());
  for (const PodId pod : left) world.run(pod);
  world.until(3min);
  CHECK(world.changes == LoadWorld::Changes{{2min, true}});
}
