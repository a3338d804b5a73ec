#include "sim/load/load.h"

#include <map>

#include "tests/catch.h"

using namespace casim;
using namespace casim::sim;
using namespace std::chrono_literals;

namespace {

struct KeptFacts final : FactSink {
  void on_fact(TimePoint at, const Fact& fact) override {
    if (const auto* created = std::get_if<PodCreated>(&fact)) made.emplace_back(at, *created);
  }

  std::vector<std::pair<TimePoint, PodCreated>> made;
};

// One big node; the tests play scheduler and kubelet by hand.
struct LoadWorld {
  explicit LoadWorld(double qps = 0, int burst = 0, Load::WhyNeverFits why = nullptr)
      : jobs(api.add_client({"job-controller", qps, burst, Phase::kWorld})),
        sets(api.add_client({"replicaset-controller", qps, burst, Phase::kWorld})),
        load(
            kernel, api, jobs, sets, {},
            why ? std::move(why) : [](const PodSpec&) { return std::string(); }) {
    NewNode big;
    big.node.name = "big";
    big.node.allocatable.cpu = MilliCpu(1'000'000);
    big.node.allocatable.pods = 1000;
    big.node.ready = true;
    node = api.create_node(std::move(big));
  }

  ~LoadWorld() { CHECK_FALSE(cluster.broken_invariant()); }

  void until(Duration t) {
    kernel.at(kTimeZero + t, Phase::kWorld, [] {});
    kernel.run(kTimeZero + t, 1'000'000);
  }

  PodId place(PodId pod) {
    REQUIRE(api.bind(pod, node).has_value());
    api.set_running(pod);
    return pod;
  }

  std::vector<Duration> arrivals() const {
    std::vector<Duration> times;
    for (const auto& [at, fact] : facts.made) times.push_back(at - kTimeZero);
    return times;
  }

  Kernel kernel{WallTime{}};
  Cluster cluster;
  KeptFacts facts;
  ApiServer api{kernel, cluster, facts, Random(1), {}};
  ApiClient& jobs;
  ApiClient& sets;
  Load load;
  NodeId node;
};

BurstSpec burst_of(std::uint64_t count, Duration at = 0s, Duration over = 0s,
                   std::optional<Duration> run_for = std::nullopt) {
  BurstSpec burst;
  burst.name = "web";
  burst.count = count;
  burst.at = at;
  burst.over = over;
  burst.run_for = run_for;
  burst.pod.requests.cpu = MilliCpu(500);
  return burst;
}

// Rows 1 to n of one core, one second apart, each running for 100 s.
Trace trace_of(std::uint32_t rows) {
  Trace trace;
  Resources core;
  core.cpu = MilliCpu(1000);
  core.pods = 1;
  trace.shapes.push_back(core);
  for (std::uint32_t i = 0; i < rows; ++i) {
    trace.rows.push_back({"row-" + std::to_string(i + 1), i + 1, 0, i * Duration(1s), 100s});
  }
  return trace;
}

TraceSpec jobs_of(Trace trace) {
  TraceSpec spec;
  spec.name = "jobs";
  spec.trace = std::move(trace);
  return spec;
}

}  // namespace

TEST_CASE("a burst is spread evenly from its start", "[load]") {
  LoadWorld world;
  world.load.add(burst_of(4, 10s, 2s));
  world.load.start();
  world.until(11400ms);
  CHECK_FALSE(world.load.has_arrived());
  world.until(1min);
  CHECK(world.load.has_arrived());
  CHECK(world.arrivals() == std::vector<Duration>{10s, 10500ms, 11s, 11500ms});
  CHECK(world.facts.made[3].second.index == 3);
}

TEST_CASE("all at once is limited by the controller's API client", "[load]") {
  LoadWorld world(20, 2);
  world.load.add(burst_of(5));
  world.load.start();
  world.until(1min);
  CHECK(world.arrivals() == std::vector<Duration>{0s, 0s, 50ms, 100ms, 150ms});
}

TEST_CASE("pods of a burst share one spec and one owner", "[load]") {
  LoadWorld world;
  world.load.add(burst_of(2));
  world.load.start();
  world.until(1s);
  const Pod& first = world.cluster.pod(PodId(0));
  CHECK(first.spec == world.cluster.pod(PodId(1)).spec);
  CHECK(first.spec->owner == OwnerKind::kReplicaSet);
  CHECK(first.spec->requests.pods == 1);
  CHECK(first.name == "web-0");
  REQUIRE(world.cluster.owners().contains(first.spec->owner_uid));
  CHECK(world.cluster.owners().at(first.spec->owner_uid).replicas == 2);
  CHECK_FALSE(world.load.run_for(PodId(0)).has_value());
}

TEST_CASE("each row of a trace is a Job of its own, as long as it has work", "[load]") {
  LoadWorld world;
  Trace trace = trace_of(3);
  trace.rows.erase(trace.rows.begin());  // as a window does
  world.load.add(jobs_of(trace));
  world.load.start();
  world.until(1min);
  CHECK(world.arrivals() == std::vector<Duration>{1s, 2s});
  CHECK(world.facts.made[0].second.index == 2);  // the row in the file
  const PodSpecPtr first = world.cluster.pod(PodId(0)).spec;
  const PodSpecPtr second = world.cluster.pod(PodId(1)).spec;
  CHECK(first->owner == OwnerKind::kJob);
  CHECK(first->owner_uid != second->owner_uid);
  CHECK(world.cluster.owners().size() == 2);
  CHECK(world.cluster.owners().at(first->owner_uid).name == "row-2");
  CHECK(world.load.run_for(PodId(0)) == Duration(100s));
  world.place(PodId(0));
  world.api.complete(PodId(0));
  world.until(2min);
  CHECK(world.cluster.owners().size() == 1);
  CHECK(first.use_count() == 1);  // nobody else keeps the spec of a finished pod
}

TEST_CASE("what all rows share, and what only rows with GPUs have", "[load]") {
  LoadWorld world;
  Trace trace = trace_of(2);
  trace.shapes.push_back(trace.shapes[0]);
  trace.shapes[1].extended["nvidia.com/gpu"] = 2;
  trace.rows[1].shape = 1;
  TraceSpec spec = jobs_of(trace);
  spec.gpu_node_selector = {{"pool", "gpu"}};
  spec.gpu_tolerations.push_back({"gpu", Toleration::Operator::kExists, "", {}});
  spec.pod.tolerations.push_back({"dedicated", Toleration::Operator::kExists, "", {}});
  world.load.add(std::move(spec));
  world.load.start();
  world.until(1min);
  const PodSpec& plain = *world.cluster.pod(PodId(0)).spec;
  const PodSpec& gpu = *world.cluster.pod(PodId(1)).spec;
  CHECK(plain.node_selector.empty());
  CHECK(gpu.node_selector == Labels{{"pool", "gpu"}});
  CHECK(gpu.requests.extended.at("nvidia.com/gpu") == 2);
  CHECK(plain.tolerations.size() == 1);
  CHECK(gpu.tolerations.size() == 2);
}

TEST_CASE("an evicted pod of a ReplicaSet is replaced at the deletion mark", "[load]") {
  LoadWorld world;
  world.load.add(burst_of(1));
  world.load.start();
  world.until(1s);
  world.place(PodId(0));
  world.until(20s);
  REQUIRE(world.api.delete_pod(PodId(0), PodEnd::kEvicted, 30s).has_value());
  world.until(21s);
  REQUIRE(world.facts.made.size() == 2);
  CHECK(world.facts.made[1].first == kTimeZero + 20s);
  CHECK(world.facts.made[1].second.replaces == PodId(0));
  CHECK(world.facts.made[1].second.index == 0);
  CHECK(world.cluster.life(PodId(1)).incarnation == 1);
  world.api.finish_deletion(PodId(0));
  world.until(1h);
  CHECK(world.facts.made.size() == 2);  // once only
}

TEST_CASE("a Job's pod is replaced after 10 s, doubling per failure, in full length", "[load]") {
  LoadWorld world;
  world.load.add(jobs_of(trace_of(1)));
  world.load.start();
  world.until(100s);
  world.place(PodId(0));
  world.until(150s);
  REQUIRE(world.api.delete_pod(PodId(0), PodEnd::kEvicted, 30s).has_value());
  world.api.finish_deletion(PodId(0));
  world.until(200s);
  REQUIRE(world.facts.made.size() == 2);
  CHECK(world.facts.made[1].first == kTimeZero + 160s);
  CHECK(world.load.run_for(PodId(1)) == Duration(100s));
  REQUIRE(world.api.delete_pod(PodId(1), PodEnd::kPreempted, 0s).has_value());
  world.until(1h);
  REQUIRE(world.facts.made.size() == 3);
  CHECK(world.facts.made[2].first == kTimeZero + 220s);
  CHECK(world.cluster.owners().size() == 1);
}

TEST_CASE("a lost pod is replaced, a deleted one is not", "[load]") {
  LoadWorld world;
  world.load.add(burst_of(2));
  world.load.start();
  world.until(1s);
  world.place(PodId(0));
  REQUIRE(world.api.delete_pod(PodId(1), PodEnd::kDeleted, 0s).has_value());
  world.until(2s);
  CHECK(world.facts.made.size() == 2);
  world.api.delete_node(world.node);
  world.until(1h);
  REQUIRE(world.facts.made.size() == 3);
  CHECK(world.facts.made[2].second.replaces == PodId(0));
  CHECK(world.facts.made[2].first == kTimeZero + 2s);
}

TEST_CASE("pods that can never fit are created, listed, and not waited for", "[load]") {
  LoadWorld world(
      0, 0, [](const PodSpec& pod) { return pod.requests.cpu > MilliCpu(2000) ? "too big" : ""; });
  Trace trace = trace_of(3);
  trace.shapes.push_back(trace.shapes[0]);
  trace.shapes[1].cpu = MilliCpu(4000);
  trace.rows[1].shape = 1;
  trace.rows[2].shape = 1;
  const WorkloadId id = world.load.add(jobs_of(trace));
  REQUIRE(world.load.never_fits().size() == 1);
  CHECK(world.load.never_fits()[0].workload == id);
  CHECK(world.load.never_fits()[0].reason == "too big");
  CHECK(world.load.never_fits()[0].pods == 2);
  CHECK(world.load.never_fits()[0].first == "row-2");
  world.load.start();
  world.until(10s);
  CHECK(world.facts.made.size() == 3);
  CHECK(world.load.can_fit(PodId(0)));
  CHECK_FALSE(world.load.can_fit(PodId(1)));
  CHECK(world.load.why_never_fits(PodId(0)).empty());
  CHECK(world.load.why_never_fits(PodId(1)) == "too big");
  CHECK(world.load.done_since() == kTimeNever);
  world.place(PodId(0));
  world.api.complete(PodId(0));
  world.until(11s);
  CHECK(world.load.done_since() == kTimeZero + 10s);
}

TEST_CASE("endless pods are done while they run", "[load]") {
  LoadWorld world;
  world.load.add(burst_of(2));
  int done = 0;
  world.load.when_done([&] { ++done; });
  world.load.start();
  world.until(1s);
  world.place(PodId(0));
  world.until(2s);
  CHECK(done == 0);
  world.place(PodId(1));
  world.until(3s);
  CHECK(done == 1);
  CHECK(world.load.done_since() == kTimeZero + 2s);
  REQUIRE(world.api.delete_pod(PodId(0), PodEnd::kEvicted, 0s).has_value());
  world.until(4s);
  CHECK(world.load.done_since() == kTimeNever);
  world.api.finish_deletion(PodId(0));
  world.place(PodId(2));
  world.until(5s);
  CHECK(done == 2);
  CHECK(world.load.done_since() == kTimeZero + 4s);
}

TEST_CASE("a burst with a run time is a Job and is done when all have completed", "[load]") {
  LoadWorld world;
  world.load.add(burst_of(2, 0s, 0s, 30s));
  world.load.start();
  world.until(1s);
  CHECK(world.cluster.pod(PodId(0)).spec->owner == OwnerKind::kJob);
  CHECK(world.load.run_for(PodId(1)) == Duration(30s));
  for (const PodId pod : {PodId(0), PodId(1)}) {
    world.place(pod);
    world.until(2s);
    CHECK(world.load.done_since() == kTimeNever);
    world.api.complete(pod);
  }
  world.until(3s);
  CHECK(world.load.done_since() == kTimeZero + 2s);
}

TEST_CASE("pods that run for ever where none could fit are not waited for either", "[load]") {
  LoadWorld world(0, 0, [](const PodSpec&) { return "no group selects it"; });
  world.load.add(burst_of(1));
  world.load.start();
  world.until(1s);
  world.place(PodId(0));
  world.until(2s);
  CHECK(world.load.done_since() == kTimeZero);
  REQUIRE(world.api.delete_pod(PodId(0), PodEnd::kEvicted, 0s).has_value());
  world.until(3s);
  world.api.finish_deletion(PodId(0));
  world.until(4s);
  CHECK(world.load.done_since() == kTimeZero);
}
