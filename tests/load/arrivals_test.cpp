#include "sim/load/arrivals.h"

#include "tests/load/load_world.h"

using namespace casim;
using namespace casim::sim;
using namespace std::chrono_literals;

TEST_CASE("a burst is spread evenly from its start", "[load]") {
  LoadWorld world;
  world.add(burst_of(4, 10s, 2s));
  world.start();
  world.until(11400ms);
  CHECK_FALSE(world.arrivals.are_over());
  world.until(1min);
  CHECK(world.arrivals.are_over());
  CHECK(world.creations() == std::vector<Duration>{10s, 10500ms, 11s, 11500ms});
  CHECK(world.facts.made[3].second.index == 3);
}

TEST_CASE("pods of a burst share one spec and one owner", "[load]") {
  LoadWorld world;
  world.add(burst_of(2));
  world.start();
  world.until(1s);
  const Pod& first = world.cluster.pod(PodId(0));
  CHECK(first.spec == world.cluster.pod(PodId(1)).spec);
  CHECK(first.spec->owner == OwnerKind::kReplicaSet);
  CHECK(first.spec->requests.pods == 1);
  CHECK(first.name == "web-0");
  REQUIRE(world.cluster.find_owner(first.spec->owner_uid) != nullptr);
  CHECK(world.cluster.find_owner(first.spec->owner_uid)->replicas == 2);
  CHECK_FALSE(world.workloads.run_for(PodId(0)).has_value());
}

TEST_CASE("a burst with a run time is one Job, which stays while pods are to come", "[load]") {
  LoadWorld world;
  world.add(burst_of(2, 0s, 2min, 30s));
  world.start();
  world.until(1s);
  const std::string uid = world.cluster.pod(PodId(0)).spec->owner_uid;
  CHECK(world.cluster.pod(PodId(0)).spec->owner == OwnerKind::kJob);
  CHECK(world.workloads.run_for(PodId(0)) == Duration(30s));
  world.run(PodId(0));
  world.api.complete(PodId(0));
  world.until(10s);
  CHECK(world.cluster.find_owner(uid) != nullptr);
  world.until(2min);
  world.run(PodId(1));
  world.api.complete(PodId(1));
  world.until(1h);
  CHECK(world.creations() == std::vector<Duration>{0s, 1min});
  CHECK(world.cluster.find_owner(uid) == nullptr);
}

TEST_CASE("each row of a trace is a Job of its own, as long as it has work", "[load]") {
  LoadWorld world;
  Trace trace = trace_of(3);
  trace.rows.erase(trace.rows.begin());  // as a window does
  world.add(jobs_of(trace));
  world.start();
  world.until(1min);
  CHECK(world.creations() == std::vector<Duration>{1s, 2s});
  CHECK(world.facts.made[0].second.index == 2);  // the row in the file
  const PodSpecPtr first = world.cluster.pod(PodId(0)).spec;
  const PodSpecPtr second = world.cluster.pod(PodId(1)).spec;
  CHECK(first->owner == OwnerKind::kJob);
  CHECK(first->owner_uid != second->owner_uid);
  CHECK(world.cluster.owners().size() == 2);
  CHECK(world.cluster.find_owner(first->owner_uid)->name == "row-2");
  CHECK(world.workloads.run_for(PodId(0)) == Duration(100s));
  world.run(PodId(0));
  world.api.complete(PodId(0));
  world.until(2min);
  CHECK(world.cluster.owners().size() == 1);
  CHECK(first.use_count() == 1);  // nobody else keeps the spec of a finished pod
}

TEST_CASE("a row of a trace that is evicted runs again in full length", "[load]") {
  LoadWorld world;
  world.add(jobs_of(trace_of(1)));
  world.start();
  world.until(1s);
  world.run(PodId(0));
  world.until(50s);
  REQUIRE(world.api.delete_pod(PodId(0), PodEnd::kEvicted, 0s).has_value());
  world.api.finish_deletion(PodId(0));
  world.until(1h);
  CHECK(world.creations() == std::vector<Duration>{0s, 60s});
  CHECK(world.workloads.run_for(PodId(1)) == Duration(100s));
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
  world.add(std::move(spec));
  world.start();
  world.until(1min);
  const PodSpec& plain = *world.cluster.pod(PodId(0)).spec;
  const PodSpec& gpu = *world.cluster.pod(PodId(1)).spec;
  CHECK(plain.node_selector.empty());
  CHECK(gpu.node_selector == Labels{{"pool", "gpu"}});
  CHECK(gpu.requests.extended.at("nvidia.com/gpu") == 2);
  // Admission adds two, for nodes that are not ready or not reached.
  CHECK(plain.tolerations.size() == 1 + 2);
  CHECK(gpu.tolerations.size() == 2 + 2);
}

TEST_CASE("pods that can never fit are created all the same, and the reason is known", "[load]") {
  LoadWorld world(
      [](const PodSpec& pod) { return pod.requests.cpu > MilliCpu(2000) ? "too big" : ""; });
  const WorkloadId id = world.add(jobs_of(two_shapes_of(3)));
  CHECK(world.workloads.count_fitting(id) == 1);
  world.start();
  world.until(10s);
  CHECK(world.facts.made.size() == 3);
  CHECK(world.workloads.can_fit(PodId(0)));
  CHECK_FALSE(world.workloads.can_fit(PodId(1)));
  CHECK(world.workloads.why_never_fits(PodId(0)).empty());
  CHECK(world.workloads.why_never_fits(PodId(1)) == "too big");
}
