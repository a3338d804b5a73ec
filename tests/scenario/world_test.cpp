#include <thread>

#include "sim/report/summary_json.h"
#include "sim/scenario/resolve.h"
#include "sim/scenario/resolve_pod.h"
#include "tests/catch.h"
#include "tests/scenario/small_scenario.h"

using namespace casim;
using namespace casim::sim;
using namespace std::chrono_literals;

namespace {

// No noise: each latency is one known number.
Scenario quiet_scenario() {
  Scenario s = small_scenario(1);
  s.node_groups[0].initial = 0;
  s.api_server.write_latency = Distribution::constant(0ms);
  s.rpc.latency = Distribution::constant(1ms);
  s.provider.store.commit = Distribution::constant(0ms);
  s.autoscaler.compute_time = ComputeModel::kNone;
  s.autoscaler.watch_delay = 20ms;
  s.scheduler.watch_delay = 10ms;
  return s;
}

// Ten pods that run for ever, on two nodes; the run ends 9 min after the last of them runs.
Scenario endless_scenario() {
  Scenario s = small_scenario(10);
  std::get<BurstWorkload>(s.workloads[0].body).run_for = {};
  s.duration.reset();
  s.linger = 9min;
  return s;
}

}  // namespace

TEST_CASE("a pod that only the nodes of a group suit is not called impossible", "[scenario]") {
  Scenario s = small_scenario(1);
  auto& burst = std::get<BurstWorkload>(s.workloads[0].body);
  burst.pod.node_selector = {{"csi/zone", "us-east-1b"}};
  const PodSpec pod = resolve_pod("web", burst.pod, s);
  const auto why = [&] {
    return why_never_fits(pod, s.node_groups, resolve_provider(s).groups, {});
  };
  CHECK(why() == "g does not match its nodeSelector or node affinity");
  s.node_groups[0].registered.emplace().zone_labels = {"csi/zone"};
  // The only zone is us-east-1a.
  CHECK(why() == "g does not match its nodeSelector or node affinity");
  s.node_groups[0].zones = {"us-east-1a", "us-east-1b"};
  CHECK(why().empty());
}

TEST_CASE("a burst runs on nodes that are ordered for it, which go when it is over", "[scenario]") {
  const Summary s = run_whole(small_scenario(40)).summary;
  CHECK(s.pods.adds_up());
  CHECK(s.pods.completed == 40);
  CHECK(s.rows_run == 40);
  CHECK(s.latency.unserved == 0);
  // 5 pods of 1.5 cores fit on 8 cores, so 8 nodes: one is there, 7 are ordered.
  CHECK(s.activity.slots_ordered == 7);
  CHECK(s.activity.instances_launched == 8);  // the initial one too
  CHECK(s.nodes.ready_at_end == 0);
  CHECK(s.nodes.gone == 8);
}

TEST_CASE("the same scenario gives the same digest, another seed another", "[scenario]") {
  const Ran one = run_whole(small_scenario(40));
  const Ran two = run_whole(small_scenario(40));
  CHECK(one.summary.digest == two.summary.digest);
  CHECK(to_json(one.summary) == to_json(two.summary));
  Scenario other = small_scenario(40);
  other.seed = 2;
  CHECK(run_whole(other).summary.digest != one.summary.digest);
}

TEST_CASE("reads that are remembered change nothing, in calm and in trouble", "[scenario]") {
  const Scenario scenario = GENERATE(0, 1) == 0 ? small_scenario(40) : troubled_scenario();
  const Ran wire = run_whole(scenario, {.rpc_on_wire = true});
  const Ran memo = run_whole(scenario, {.rpc_on_wire = false});
  CHECK(wire.facts == memo.facts);
  CHECK(wire.summary.digest == memo.summary.digest);
  for (const auto& [method, count] : wire.summary.rpc) {
    CAPTURE(method);
    CHECK(count.memo == 0);
    const RpcTotals& other = memo.summary.rpc.at(method);
    CHECK(count.wire == other.wire + other.memo);
  }
}

TEST_CASE("trouble loses no pod and leaves no machine behind", "[scenario]") {
  const auto seed = GENERATE(range(1, 9));
  CAPTURE(seed);
  Scenario scenario = troubled_scenario();
  scenario.seed = static_cast<std::uint64_t>(seed);
  scenario.duration = 70min;
  const Summary s = run_whole(scenario).summary;
  CHECK(s.activity.provider_crashes == 1);
  CHECK(s.pods.adds_up());
  CHECK(s.rows_run == 40);
  CHECK(s.pods.completed == 40);
  CHECK(s.nodes.ready_at_end == 0);
  // The initial machine and the one that vanished included.
  CHECK(s.activity.instances_terminated == s.activity.instances_launched);
}

TEST_CASE("two worlds in two threads give what each gives alone", "[scenario]") {
  const std::string first = run_whole(small_scenario(40)).summary.digest;
  const std::string second = run_whole(troubled_scenario()).summary.digest;
  std::string a;
  std::string b;
  std::thread one([&] { a = run_whole(small_scenario(40)).summary.digest; });
  std::thread two([&] { b = run_whole(troubled_scenario()).summary.digest; });
  one.join();
  two.join();
  CHECK(a == first);
  CHECK(b == second);
}

TEST_CASE("a longer watch delay moves the first IncreaseSize by as much", "[scenario]") {
  const Scenario base = quiet_scenario();
  Scenario later = quiet_scenario();
  later.autoscaler.watch_delay += 380ms;
  const Duration one =
      first_fact(run_whole(base).facts, "MutationHandled", "NodeGroupIncreaseSize");
  const Duration two =
      first_fact(run_whole(later).facts, "MutationHandled", "NodeGroupIncreaseSize");
  REQUIRE(one > 0s);
  CHECK(two - one == 380ms);
}

TEST_CASE("half the scheduler's write rate delays the order by the longer turn", "[scenario]") {
  // The first pod takes the one token; the second, of the same instant, has its turn 1/qps later
  // and is the first that a loop sees which is older than the 2 s that new pods must wait.
  const auto order_at = [](double qps) {
    Scenario s = quiet_scenario();
    std::get<BurstWorkload>(s.workloads[0].body).count = 2;
    s.scheduler.api = {.qps = qps, .burst = 1};
    return first_fact(run_whole(s).facts, "MutationHandled", "NodeGroupIncreaseSize");
  };
  const Duration whole = order_at(0.4);
  REQUIRE(whole > 0s);
  CHECK(order_at(0.2) - whole == 2500ms);
}

TEST_CASE("pods that no group can hold pend, are listed with the reason, and end no run",
          "[scenario]") {
  Scenario s = small_scenario(10);
  BurstWorkload giant = std::get<BurstWorkload>(s.workloads[0].body);
  giant.count = 2;
  giant.pod.resources.requests.cpu = MilliCpu(64'000);
  s.workloads.push_back({"giant", giant});
  s.duration.reset();
  s.linger = 5min;
  const Summary summary = run_whole(s).summary;
  CHECK(summary.stopped_by == "idle");
  CHECK(summary.pods.pending == 2);
  CHECK(summary.latency.unserved == 0);
  REQUIRE(summary.unfit.size() == 2);
  CHECK(summary.unfit[0].name == "giant-0");
  CHECK(summary.unfit[0].reason == "g has 7910m cpu of 64");
}

TEST_CASE("a run without duration goes on when its load becomes undone in the linger",
          "[scenario]") {
  const Duration vanished = 500s;
  Scenario s = endless_scenario();
  s.faults.resize(1);
  s.faults[0].body = MachineVanishesFault{.at = vanished, .group = "g", .count = 1};
  const Ran ran = run_whole(s);
  const auto running = facts_named(ran.facts, "PodRunning");
  REQUIRE(running.size() == 15);  // five were lost with their machine
  const Duration first_done = from_seconds(running[9].at("t").get<double>());
  const Duration done_again = from_seconds(running[14].at("t").get<double>());
  const Duration first_end = first_done + s.linger;
  REQUIRE(first_end > vanished + 113s);  // its pods have been collected by then
  REQUIRE(first_end < done_again);
  CHECK(ran.summary.stopped_by == "idle");
  CHECK(ran.summary.pods.running == 10);
  CHECK(to_seconds(ran.summary.end) == Approx(to_seconds(kTimeZero + done_again + s.linger)));
}

TEST_CASE("a run whose lost pods find no place again does not end as if they had", "[scenario]") {
  Scenario s = endless_scenario();
  s.faults.resize(2);
  // Early enough for its pods to be collected while the run lasts.
  s.faults[0].body = MachineVanishesFault{.at = 500s, .group = "g", .count = 1};
  RpcFault no_increase;
  no_increase.from = 500s;
  no_increase.to = 24h * 365;
  no_increase.method = RpcMethod::kIncreaseSize;
  s.faults[1].body = no_increase;
  const Summary summary = run_whole(s).summary;
  CHECK(summary.stopped_by == "stuck");
  CHECK(summary.partial);
  CHECK(summary.pods.running == 5);
  CHECK(summary.latency.unserved == 5);
}

TEST_CASE("endless pods that run do not keep a run alive in which others wait for ever",
          "[scenario]") {
  Scenario s = endless_scenario();
  s.node_groups[0].max = 1;
  const Ran ran = run_whole(s);
  CHECK(ran.summary.stopped_by == "stuck");
  CHECK(ran.summary.pods.running == 5);
  CHECK(ran.summary.end < kTimeZero + 26h);
}
