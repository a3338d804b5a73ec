#include "sim/workloads/job_controller.h"

#include <string>
#include <vector>

#include "tests/workloads/workloads_world.h"

using namespace casim;
using namespace casim::sim;
using namespace std::chrono_literals;

namespace {

struct KeptConditions final : JobObserver {
  explicit KeptConditions(Kernel& of) : kernel(of) {}

  void on_condition(const std::string&, JobCondition condition, JobReason reason) override {
    told.push_back(std::to_string((kernel.now() - kTimeZero) / 1ms) + " ms " + name_of(condition) +
                   " " + name_of(reason));
  }

  Kernel& kernel;
  std::vector<std::string> told;
};

struct JobWorld : WorkloadsWorld {
  JobWorld() {
    jobs.observe(conditions);
    start();
  }

  PodId newest() const { return facts.made.back().second.pod; }

  // Fails it now; its object stays.
  void fail(PodId pod) {
    run(pod);
    api.finish(pod, false);
  }

  void succeed(PodId pod) {
    run(pod);
    api.complete(pod);
  }

  KeptConditions conditions{kernel};
};

using Times = std::vector<Duration>;
using Told = std::vector<std::string>;

}  // namespace

TEST_CASE("a Job replaces and completes a second after a pod's end, and goes", "[workloads]") {
  JobWorld world;
  Job job = WorkloadsWorld::job_of(3);
  job.spec.parallelism = 1;
  world.jobs.create(job);
  for (const Duration t : {10s, 20s, 30s}) {
    world.until(t);
    world.succeed(world.newest());
  }
  world.until(1min);
  CHECK(world.creations() == Times{0s, 11s, 21s});
  CHECK(world.conditions.told == Told{"31000 ms SuccessCriteriaMet CompletionsReached",
                                      "31000 ms Complete CompletionsReached"});
  CHECK(world.status.last.open() == 0);
  CHECK(world.status.last.served == 3);
  CHECK(world.cluster.find_owner("job") == nullptr);
}

TEST_CASE("pods of one Job are made in waves of 500, a second apart", "[workloads]") {
  JobWorld world;
  world.jobs.create(WorkloadsWorld::job_of(1200));
  world.until(500ms);
  CHECK(world.facts.made.size() == 500);
  world.until(1500ms);
  CHECK(world.facts.made.size() == 1000);
  world.until(2500ms);
  CHECK(world.facts.made.size() == 1200);
  CHECK(world.creations().back() == 2s);
}

TEST_CASE("a failed pod holds the Job back, from the whole second of its end", "[workloads]") {
  JobWorld world;
  Job job = WorkloadsWorld::job_of(1);
  job.spec.backoff_limit = 6;
  world.jobs.create(job);
  Times expected{0s};
  TimePoint failed = kTimeZero + 4400ms;
  for (const Duration delay : {10s, 20s, 40s, 80s, 160s, 320s}) {
    world.until(failed - kTimeZero);
    world.fail(world.newest());
    expected.push_back(std::chrono::floor<std::chrono::seconds>(failed - kTimeZero) + delay);
    failed = kTimeZero + expected.back() + 4400ms;
    world.until(expected.back() + 1s);
    CHECK(world.creations() == expected);
  }
  world.until(failed - kTimeZero);
  world.fail(world.newest());
  world.until(1h);
  CHECK(world.creations() == expected);
  REQUIRE(world.conditions.told.size() == 2);
  CHECK(world.conditions.told[1] ==
        std::to_string((failed - kTimeZero + 1s) / 1ms) + " ms Failed BackoffLimitExceeded");
  CHECK(world.status.last.open() == 0);  // nobody waits for it
}

TEST_CASE("failures at one time count one by one, and a success undoes them", "[workloads]") {
  JobWorld world;
  world.jobs.create(WorkloadsWorld::job_of(4));
  world.until(5700ms);
  for (const PodId pod : {PodId(0), PodId(1), PodId(2)}) world.fail(pod);
  world.until(1min);
  CHECK(world.creations() == Times{0s, 0s, 0s, 0s, 45s, 45s, 45s});
  world.succeed(PodId(3));
  world.until(70s);
  world.fail(PodId(4));
  world.until(2min);
  CHECK(world.creations().back() == 80s);
}

TEST_CASE("a pod that is marked for deletion has failed, and is made up for while it stops",
          "[workloads]") {
  JobWorld world;
  world.until(300ms);
  Job job = WorkloadsWorld::job_of(1);
  SECTION("TerminatingOrFailed: from the mark on; a wait of less than a second is one") {
    world.jobs.create(job);
    world.until(1s);
    world.run(PodId(0));
    world.until(10150ms);
    REQUIRE(world.api.delete_pod(PodId(0), PodEnd::kEvicted, 30s).has_value());
    world.until(17550ms);
    world.api.finish_deletion(PodId(0));
    world.until(1min);
    CHECK(world.creations() == Times{300ms, 20550ms});
    CHECK(world.facts.made[1].second.replaces == PodId(0));
    CHECK(world.cluster.life(PodId(1)).incarnation == 1);
  }
  SECTION("Failed: from its end on") {
    job.spec.replaces_failed_only = true;
    world.jobs.create(job);
    world.until(1s);
    world.run(PodId(0));
    world.until(10150ms);
    REQUIRE(world.api.delete_pod(PodId(0), PodEnd::kEvicted, 30s).has_value());
    world.until(17550ms);
    world.api.finish_deletion(PodId(0));
    world.until(1min);
    CHECK(world.creations() == Times{300ms, 27s});
  }
}

TEST_CASE("with a limit per index each index holds back by itself, up to 10 min", "[workloads]") {
  JobWorld world;
  Job job = WorkloadsWorld::job_of(2);
  job.spec.is_indexed = true;
  job.spec.backoff_limit_per_index = 100;
  world.jobs.create(job);
  world.until(1s);
  for (const int delay_s : {10, 20, 40, 80, 160, 320, 600, 600}) {
    const PodId last = delay_s == 10 ? PodId(0) : world.newest();
    const TimePoint failed = world.kernel.now();
    REQUIRE(world.api.delete_pod(last, PodEnd::kEvicted, 0s).has_value());
    world.until(failed - kTimeZero + 1h);
    CHECK(world.facts.made.back().first - failed == Duration(std::chrono::seconds(delay_s)));
    CHECK(world.facts.made.back().second.index == 0);
  }
  const TimePoint failed = world.kernel.now();
  REQUIRE(world.api.delete_pod(PodId(1), PodEnd::kEvicted, 0s).has_value());
  world.until(failed - kTimeZero + 1h);
  CHECK(world.facts.made.back().first - failed == Duration(10s));
  CHECK(world.facts.made.back().second.index == 1);
}

TEST_CASE("indexes that have failed for good end the Job, at once beyond maxFailedIndexes",
          "[workloads]") {
  JobWorld world;
  Job job = WorkloadsWorld::job_of(3);
  job.spec.is_indexed = true;
  job.spec.backoff_limit_per_index = 0;
  SECTION("when all have ended") {
    world.jobs.create(job);
    world.until(5s);
    world.fail(PodId(0));
    world.succeed(PodId(1));
    world.until(10s);
    CHECK(world.conditions.told.empty());
    world.succeed(PodId(2));
    world.until(1min);
    CHECK(world.conditions.told ==
          Told{"11000 ms FailureTarget FailedIndexes", "11000 ms Failed FailedIndexes"});
  }
  SECTION("beyond the limit, with pods that still run") {
    job.spec.max_failed_indexes = 0;
    world.jobs.create(job);
    world.until(4s);
    world.run(PodId(1));
    world.until(5s);
    world.fail(PodId(0));
    world.until(20s);
    CHECK(world.conditions.told == Told{"6000 ms FailureTarget MaxFailedIndexesExceeded"});
    world.api.finish_deletion(PodId(1));
    world.until(1min);
    REQUIRE(world.conditions.told.size() == 2);
    CHECK(world.conditions.told[1] == "21000 ms Failed MaxFailedIndexesExceeded");
  }
  CHECK(world.creations() == Times{0s, 0s, 0s});
}

TEST_CASE("a work queue is done with its first success, when nobody works any more",
          "[workloads]") {
  JobWorld world;
  Job job = WorkloadsWorld::job_of(1);
  job.spec.parallelism = 2;
  job.spec.completions.reset();
  world.jobs.create(job);
  world.until(10s);
  world.succeed(PodId(0));
  world.until(30s);
  CHECK(world.status.last.open() == 2);
  world.succeed(PodId(1));
  world.until(1min);
  CHECK(world.creations() == Times{0s, 0s});
  CHECK(world.conditions.told.back() == "31000 ms Complete CompletionsReached");
  CHECK(world.status.last.open() == 0);
}

TEST_CASE("a deadline is counted from the whole second of the start", "[workloads]") {
  JobWorld world;
  world.until(300ms);
  Job job = WorkloadsWorld::job_of(1);
  job.spec.active_deadline_s = 23;
  world.jobs.create(job);
  world.until(2s);
  world.run(PodId(0));
  world.until(24400ms);
  world.api.finish_deletion(PodId(0));
  world.until(1min);
  CHECK(world.conditions.told ==
        Told{"23000 ms FailureTarget DeadlineExceeded", "25400 ms Failed DeadlineExceeded"});
}

TEST_CASE("less parallelism deletes the newest at once, without counting them as failed",
          "[workloads]") {
  JobWorld world;
  Job job = WorkloadsWorld::job_of(6);
  job.spec.backoff_limit = 0;
  job.spec.parallelism = 3;
  world.jobs.create(job);
  world.until(1s);
  for (const PodId pod : {PodId(0), PodId(1)}) world.run(pod);
  world.until(10150ms);
  world.jobs.set_parallelism("job", 2);
  world.until(20s);
  REQUIRE(world.facts.ended_at.size() == 1);
  CHECK(world.facts.ended_at[0].first == kTimeZero + 10150ms);
  CHECK(world.facts.ended_at[0].second.pod == PodId(2));  // the one that did not run
  CHECK(world.conditions.told.empty());
  world.jobs.set_parallelism("job", 3);
  world.until(30s);
  CHECK(world.creations().back() == 20s);
  CHECK(world.facts.made.back().second.index == 2);
}

TEST_CASE("a suspended Job deletes its pods, and makes them anew when it goes on", "[workloads]") {
  JobWorld world;
  world.jobs.create(WorkloadsWorld::job_of(2));
  world.until(10s);
  world.jobs.suspend("job", true);
  world.until(20s);
  CHECK(world.cluster.tally().deleted == 2);
  world.jobs.suspend("job", false);
  world.until(30s);
  CHECK(world.creations() == Times{0s, 0s, 20s, 20s});
  CHECK(world.conditions.told.empty());
}

TEST_CASE("a Job with a ttl goes so long after its end, and one that is removed at once",
          "[workloads]") {
  JobWorld world;
  Job job = WorkloadsWorld::job_of(1);
  job.spec.ttl_s = 60;
  world.jobs.create(job);
  world.until(7700ms);
  world.run(PodId(0));
  world.api.finish(PodId(0), true);
  world.until(67s);
  CHECK(world.cluster.find_owner("job") != nullptr);
  CHECK(world.cluster.find_pod(PodId(0)) != nullptr);
  world.until(68s);
  CHECK(world.cluster.find_owner("job") == nullptr);
  CHECK(world.cluster.find_pod(PodId(0)) == nullptr);

  world.jobs.create(WorkloadsWorld::job_of(1, "other"));
  world.until(70s);
  world.jobs.remove("other");
  world.until(80s);
  CHECK(world.cluster.tally().pending == 0);
  CHECK(world.cluster.find_owner("other") == nullptr);
  CHECK(world.status.last.open() == 0);
}

TEST_CASE("completions that are released one by one begin at once, with new indexes",
          "[workloads]") {
  JobWorld world;
  Job job = WorkloadsWorld::job_of(3);
  job.spec.released = 0;
  world.jobs.create(job);
  world.until(5s);
  CHECK(world.facts.made.empty());
  world.jobs.release_next("job");
  world.until(6s);
  world.succeed(PodId(0));
  world.until(20s);
  CHECK(world.creations() == Times{5s});
  CHECK(world.cluster.find_owner("job") != nullptr);
  world.jobs.release_next("job");
  world.jobs.release_next("job");
  world.until(30s);
  CHECK(world.creations() == Times{5s, 20s, 20s});
  CHECK(world.facts.made[2].second.index == 2);
}

TEST_CASE("a Job's pod that is lost with its node is replaced too", "[workloads]") {
  JobWorld world;
  world.jobs.create(WorkloadsWorld::job_of(1));
  world.until(1s);
  world.run(PodId(0));
  world.until(5s);
  world.lose_node();
  world.until(1h);
  CHECK(world.creations() == Times{0s, 15s});
}
