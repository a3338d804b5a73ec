#include "sim/workloads/replica_set_controller.h"

#include "tests/workloads/workloads_world.h"

using namespace casim;
using namespace casim::sim;
using namespace std::chrono_literals;

TEST_CASE("a ReplicaSet makes as many pods as it wants, and more when it is scaled up",
          "[workloads]") {
  WorkloadsWorld world;
  world.start();
  world.sets.create(WorkloadsWorld::set_of(2));
  world.until(1s);
  CHECK(world.cluster.find_owner("rs") != nullptr);
  CHECK(world.facts.made.size() == 2);
  world.sets.scale("rs", 4);
  world.until(2s);
  REQUIRE(world.facts.made.size() == 4);
  CHECK(world.facts.made[3].second.index == 3);
  CHECK(world.status.last.wanted == 4);
  CHECK(world.status.last.served == 0);
}

TEST_CASE("a controller's writes take turns in its own bucket", "[workloads]") {
  WorkloadsWorld world(20, 2);
  world.start();
  world.sets.create(WorkloadsWorld::set_of(4));
  world.jobs.create(WorkloadsWorld::job_of(1));
  world.until(1min);
  // The Job's pod does not wait behind those of the ReplicaSet: one, its Event, two at 20 a second,
  // the Event of the first of these, and the last.
  CHECK(world.creations() == std::vector<Duration>{0s, 0s, 50ms, 100ms, 200ms});
}

TEST_CASE("an evicted pod of a ReplicaSet is replaced at the deletion mark", "[workloads]") {
  WorkloadsWorld world;
  world.start();
  world.sets.create(WorkloadsWorld::set_of(1));
  world.until(1s);
  world.run(PodId(0));
  world.until(20s);
  CHECK(world.sets.ready() == 1);
  REQUIRE(world.api.delete_pod(PodId(0), PodEnd::kEvicted, 30s).has_value());
  world.until(21s);
  REQUIRE(world.facts.made.size() == 2);
  CHECK(world.facts.made[1].first == kTimeZero + 20s);
  CHECK(world.facts.made[1].second.replaces == PodId(0));
  CHECK(world.facts.made[1].second.index == 0);
  CHECK(world.cluster.life(PodId(1)).incarnation == 1);
  CHECK(world.sets.ready() == 0);
  world.api.finish_deletion(PodId(0));
  world.until(1h);
  CHECK(world.facts.made.size() == 2);  // once only
}

TEST_CASE("a pod of a ReplicaSet that is lost, or deleted by others, is replaced", "[workloads]") {
  WorkloadsWorld world;
  world.start();
  world.sets.create(WorkloadsWorld::set_of(2));
  world.until(1s);
  world.run(PodId(0));
  REQUIRE(world.api.delete_pod(PodId(1), PodEnd::kDeleted, 0s).has_value());
  world.until(2s);
  REQUIRE(world.facts.made.size() == 3);
  CHECK(world.facts.made[2].second.replaces == PodId(1));
  world.lose_node();
  world.until(1h);
  REQUIRE(world.facts.made.size() == 4);
  CHECK(world.facts.made[3].second.replaces == PodId(0));
  CHECK(world.facts.made[3].first == kTimeZero + 2s);
}

TEST_CASE("a ReplicaSet that is scaled down deletes its surplus, and nobody replaces it",
          "[workloads]") {
  WorkloadsWorld world;
  world.start();
  world.sets.create(WorkloadsWorld::set_of(4));
  world.until(1s);
  for (const PodId pod : {PodId(0), PodId(1), PodId(3)}) world.run(pod);
  world.until(10s);
  world.sets.scale("rs", 2);
  world.until(11s);
  // The unassigned one goes at once; of those that run one is given its grace period.
  REQUIRE(world.facts.ended_at.size() == 1);
  CHECK(world.facts.ended_at[0].second.pod == PodId(2));
  CHECK(world.facts.ended_at[0].second.how == PodEnd::kDeleted);
  PodId marked;
  world.cluster.for_each_pod([&](const Pod& pod) {
    if (pod.deletion_timestamp) marked = pod.id;
  });
  REQUIRE(marked.is_valid());
  CHECK(world.sets.ready() == 2);
  world.api.finish_deletion(marked);
  world.until(1h);
  CHECK(world.cluster.tally().deleted == 2);
  CHECK(world.cluster.tally().running == 2);
  CHECK(world.facts.made.size() == 4);
  CHECK(world.status.last.open() == 0);
}

TEST_CASE("a ReplicaSet that grows again after a surplus uses new indexes", "[workloads]") {
  WorkloadsWorld world;
  world.start();
  world.sets.create(WorkloadsWorld::set_of(2));
  world.until(1s);
  world.sets.scale("rs", 1);
  world.until(2s);
  world.sets.scale("rs", 2);
  world.until(3s);
  REQUIRE(world.facts.made.size() == 3);
  CHECK(world.facts.made[2].second.index == 2);
  CHECK_FALSE(world.facts.made[2].second.replaces.is_valid());
}

TEST_CASE("a surplus waits until the pods under way have been seen, and is the newest of them",
          "[workloads]") {
  WorkloadsWorld world(1, 1);  // the second pod is created a second after the first
  world.start();
  world.sets.create(WorkloadsWorld::set_of(2));
  world.until(500ms);
  world.run(PodId(0));
  world.sets.scale("rs", 1);
  world.until(10s);
  CHECK(world.facts.made.size() == 2);
  REQUIRE(world.facts.ended_at.size() == 1);
  CHECK(world.facts.ended_at[0].second.pod == PodId(1));
  // Turns: pod, Event, pod, Event, status of the old version, read, status, deletion.
  CHECK(world.facts.ended_at[0].first == kTimeZero + 7s);
}

TEST_CASE("a pod that is evicted from a set that has too many is not replaced", "[workloads]") {
  WorkloadsWorld world(1, 1);
  world.start();
  world.sets.create(WorkloadsWorld::set_of(1));
  world.until(10s);
  world.run(PodId(0));
  world.until(20s);
  world.sets.scale("rs", 2);
  world.sets.scale("rs", 1);
  REQUIRE(world.api.delete_pod(PodId(0), PodEnd::kEvicted, 0s).has_value());
  world.until(1min);
  world.api.finish_deletion(PodId(0));
  world.until(1h);
  CHECK(world.facts.made.size() == 2);
  CHECK(world.cluster.tally().pending == 1);
}

TEST_CASE("pods that are there before the controller starts are taken over", "[workloads]") {
  WorkloadsWorld world;
  const ReplicaSet set = WorkloadsWorld::set_of(3);
  world.sets.create(set);
  for (std::uint64_t i = 0; i < 2; ++i) world.run(world.api.create_pod(set.pods.pod(i)));
  CHECK(world.facts.made.size() == 2);  // it does nothing yet
  world.start();
  world.until(1s);
  REQUIRE(world.facts.made.size() == 3);
  CHECK(world.facts.made[2].second.index == 2);
  CHECK(world.sets.ready() == 2);
}

TEST_CASE("pods of another owner or of none are nobody's business", "[workloads]") {
  WorkloadsWorld world;
  world.start();
  world.sets.create(WorkloadsWorld::set_of(1));
  PodBlueprint other = WorkloadsWorld::blueprint(OwnerKind::kReplicaSet, "unknown");
  PodBlueprint bare = WorkloadsWorld::blueprint(OwnerKind::kNone, "");
  for (const PodBlueprint& pods : {other, bare}) {
    const PodId pod = world.api.create_pod(pods.pod(0));
    world.until(1s);
    REQUIRE(world.api.delete_pod(pod, PodEnd::kEvicted, 0s).has_value());
  }
  world.until(1h);
  CHECK(world.facts.made.size() == 3);
  CHECK(world.status.last.wanted == 1);
}

TEST_CASE("a ReplicaSet creates in doubling batches, 500 a sync", "[workloads]") {
  WorkloadsWorld world(0, 0, 20ms);
  world.start();
  world.sets.create(WorkloadsWorld::set_of(503));
  world.until(1min);
  std::map<Duration, int> made;
  for (const Duration at : world.creations()) ++made[at];
  // The status is written between the syncs.
  const std::map<Duration, int> expected = {{20ms, 1},    {40ms, 2},   {60ms, 4},   {80ms, 8},
                                            {100ms, 16},  {120ms, 32}, {140ms, 64}, {160ms, 128},
                                            {180ms, 245}, {220ms, 1},  {240ms, 2}};
  CHECK(made == expected);
}

TEST_CASE("a refused batch is tried to its end, and all again after a growing back-off",
          "[workloads]") {
  WorkloadsWorld world;
  int refused = 0;
  std::size_t room = 2;  // in the batch of 2 the second is refused
  world.api.admit_pods_by([&](const NewPod&) -> Result<void> {
    if (world.cluster.pods_created() < room) return {};
    ++refused;
    return failure(ErrorCode::kPermissionDenied, "exceeded quota");
  });
  world.start();
  world.sets.create(WorkloadsWorld::set_of(9));
  world.until(1ms);
  CHECK(world.facts.made.size() == 2);
  CHECK(world.sets.state("rs").status.failed);
  // Its pods and its status gave it tries, which count: the next ones come by themselves.
  const int tries = refused;
  world.until(1min);
  CHECK(refused > tries + 5);
  CHECK(refused < tries + 14);
  room = 9;
  world.until(3min);
  CHECK(world.facts.made.size() == 9);
  CHECK_FALSE(world.sets.state("rs").status.failed);
  CHECK(world.sets.state("rs").status.replicas == 9);
}

TEST_CASE("a pod is available when it has been Ready for minReadySeconds", "[workloads]") {
  WorkloadsWorld world;
  world.start();
  ReplicaSet set = WorkloadsWorld::set_of(1);
  set.min_ready = 4s;
  world.sets.create(set);
  world.until(3300ms);
  world.run(PodId(0));
  world.until(6900ms);
  CHECK(world.sets.state("rs").status.ready == 1);
  CHECK(world.sets.state("rs").status.available == 0);
  world.until(7s);  // counted from the whole second
  CHECK(world.sets.state("rs").status.available == 1);
}

TEST_CASE("a ReplicaSet tells what it has in its API object", "[workloads]") {
  WorkloadsWorld world;
  world.start();
  world.sets.create(WorkloadsWorld::set_of(3));
  world.until(1s);
  CHECK(world.cluster.find_owner("rs")->replicas == 3);
  CHECK(world.cluster.find_owner("rs")->current_replicas == 3);
  world.sets.scale("rs", 1);
  world.until(2s);
  CHECK(world.cluster.find_owner("rs")->replicas == 1);
  CHECK(world.cluster.find_owner("rs")->current_replicas == 1);
}
