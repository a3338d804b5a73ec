#include "sim/load/batch_jobs.h"

#include "tests/catch.h"
#include "tests/load/load_world.h"

using namespace casim;
using namespace casim::sim;
using namespace std::chrono_literals;

namespace {

struct BatchWorld : LoadWorld {
  WorkloadId batch_of(std::uint64_t pods) {
    BurstSpec spec = burst_of(pods, 0s, 0s, 30s);
    spec.name = "batch";
    return workloads.add(std::move(spec));
  }

  static JobSpec job_of(std::uint64_t pods) {
    JobSpec spec;
    spec.parallelism = pods;
    spec.completions = pods;
    return spec;
  }

  static CronJobSpec every_minute(CronConcurrency concurrency) {
    CronJobSpec cron;
    cron.schedule = CronSchedule::parse("* * * * *").value();
    cron.concurrency = concurrency;
    return cron;
  }

  void begin() {
    batch.start();
    start();
  }

  BatchJobs batch{{api, workloads, jobs, completion}, {"cronjob-controller"}};
};

}  // namespace

TEST_CASE("a Job begins at its time, and the load waits for it", "[load]") {
  BatchWorld world;
  world.batch.add(world.batch_of(2), BatchWorld::job_of(2), 10s);
  world.begin();
  world.until(9s);
  CHECK(world.changes.empty());
  CHECK_FALSE(world.batch.are_over());
  world.until(11s);
  CHECK(world.batch.are_over());
  CHECK(world.creations() == std::vector<Duration>{10s, 10s});
  CHECK(world.cluster.pod(PodId(0)).spec->owner == OwnerKind::kJob);
  CHECK(world.workloads.run_for(PodId(0)) == Duration(30s));
  for (const PodId pod : {PodId(0), PodId(1)}) {
    world.run(pod);
    world.api.complete(pod);
  }
  world.until(20s);
  CHECK(world.changes == LoadWorld::Changes{{12s, true}});
}

TEST_CASE("a Job that fails is not waited for", "[load]") {
  BatchWorld world;
  JobSpec job = BatchWorld::job_of(1);
  job.backoff_limit = 0;
  world.batch.add(world.batch_of(1), job, 0s);
  world.begin();
  world.until(1s);
  world.run(PodId(0));
  world.api.complete(PodId(0), false);
  world.until(1min);
  CHECK(world.facts.made.size() == 1);
  CHECK(world.changes == LoadWorld::Changes{{2s, true}});
}

TEST_CASE("each Job of a CronJob has pods of its own, and Forbid waits for its end", "[load]") {
  BatchWorld world;
  world.batch.add(world.batch_of(2), BatchWorld::job_of(2),
                  BatchWorld::every_minute(CronConcurrency::kForbid));
  world.begin();
  world.until(150s);
  CHECK(world.creations() == std::vector<Duration>{60100ms, 60100ms});
  for (const PodId pod : {PodId(0), PodId(1)}) {
    world.run(pod);
    world.api.complete(pod);
  }
  world.until(160s);
  CHECK(world.creations() == std::vector<Duration>{60100ms, 60100ms, 151s, 151s});
  CHECK(world.facts.made[2].second.index == 2);
  CHECK(world.cluster.pod(PodId(2)).spec->owner_uid != "owner/batch");
  CHECK(world.cluster.pod(PodId(2)).spec->owner_uid == world.cluster.pod(PodId(3)).spec->owner_uid);
}

TEST_CASE("Replace takes the pods of the running Job away", "[load]") {
  BatchWorld world;
  world.batch.add(world.batch_of(1), BatchWorld::job_of(1),
                  BatchWorld::every_minute(CronConcurrency::kReplace));
  world.begin();
  world.until(121s);
  CHECK(world.creations() == std::vector<Duration>{60100ms, 120100ms});
  CHECK(world.cluster.tally().deleted == 1);
  CHECK(world.cluster.owners().size() == 1);
}
