#include "sim/workloads/cron_job_controller.h"

#include <map>
#include <utility>
#include <vector>

#include "sim/events/facts.h"
#include "tests/catch.h"

using namespace casim;
using namespace casim::sim;
using namespace std::chrono_literals;

namespace {

struct NoFacts final : FactSink {
  void on_fact(TimePoint, const Fact&) override {}
};

// One CronJob whose Jobs run for so long. Midnight is at 0.
struct CronWorld final : CronJobJobs {
  explicit CronWorld(Duration run) : run_for(run) {}

  void add(const std::string& schedule, CronConcurrency concurrency = CronConcurrency::kAllow) {
    CronJobSpec spec;
    spec.schedule = CronSchedule::parse(schedule).value();
    spec.concurrency = concurrency;
    number = controller.create("cron", spec);
  }

  void until(Duration t) {
    kernel.at(kTimeZero + t, Phase::kWorld, [] {});
    kernel.run(kTimeZero + t, 1'000'000);
  }

  void create_job(WorkQueue::Key, WallTime due) override {
    created.emplace_back(since_start(), due.time_since_epoch());
    kernel.after(run_for, Phase::kWorld,
                 [this, due] { controller.on_job_finished(number, due, !fails); });
  }

  void delete_job(WorkQueue::Key, WallTime due) override {
    deleted.emplace_back(since_start(), due.time_since_epoch());
  }

  Duration since_start() const { return kernel.now() - kTimeZero; }

  using Jobs = std::vector<std::pair<Duration, Duration>>;  // when, due

  Kernel kernel{WallTime{}};
  Cluster cluster;
  NoFacts facts;
  ApiServer api{kernel, cluster, facts, Random(1), {}};
  CronJobController controller{api, {"cronjob-controller"}, *this};
  CronJobController::Number number = 0;
  Duration run_for;
  bool fails = false;
  Jobs created;
  Jobs deleted;
};

}  // namespace

TEST_CASE("a Job is made 0.1 s after its time, and the oldest of four finished goes", "[cron]") {
  CronWorld world(20s);
  world.controller.start();
  world.until(300ms);
  world.add("* * * * *");
  world.until(330s);
  CHECK(
      world.created ==
      CronWorld::Jobs{
          {60100ms, 60s}, {120100ms, 120s}, {180100ms, 180s}, {240100ms, 240s}, {300100ms, 300s}});
  CHECK(world.deleted == CronWorld::Jobs{{260100ms, 60s}, {320100ms, 120s}});
}

TEST_CASE("of failed Jobs one is kept", "[cron]") {
  CronWorld world(20s);
  world.fails = true;
  world.controller.start();
  world.add("* * * * *");
  world.until(190s);
  CHECK(world.deleted == CronWorld::Jobs{{140100ms, 60s}});
}

TEST_CASE("Forbid runs the latest missed time when the running Job ends", "[cron]") {
  CronWorld world(245s);
  world.controller.start();
  world.add("*/3 * * * *", CronConcurrency::kForbid);
  world.until(1000s);
  CHECK(world.created ==
        CronWorld::Jobs{{180100ms, 180s}, {425100ms, 360s}, {670100ms, 540s}, {915100ms, 900s}});
}

TEST_CASE("Replace deletes what runs and makes the new Job in the same instant", "[cron]") {
  CronWorld world(100s);
  world.controller.start();
  world.add("* * * * *", CronConcurrency::kReplace);
  world.until(130s);
  CHECK(world.created == CronWorld::Jobs{{60100ms, 60s}, {120100ms, 120s}});
  CHECK(world.deleted == CronWorld::Jobs{{120100ms, 60s}});
}

TEST_CASE("a late controller makes one Job, for the latest time within the deadline", "[cron]") {
  CronWorld world(20s);
  world.add("*/10 * * * *");
  world.until(2539s);
  SECTION("no deadline") {
    world.controller.start();
    world.until(3100s);
    CHECK(world.created == CronWorld::Jobs{{2539s, 2400s}, {3000100ms, 3000s}});
  }
  SECTION("too late") {
    CronJobSpec spec = world.controller.spec(world.number);
    spec.starting_deadline_s = 60;
    world.controller.change(world.number, spec);
    world.controller.start();
    world.until(3100s);
    CHECK(world.created == CronWorld::Jobs{{3000100ms, 3000s}});
  }
  SECTION("in time") {
    CronJobSpec spec = world.controller.spec(world.number);
    spec.starting_deadline_s = 140;
    world.controller.change(world.number, spec);
    world.controller.start();
    world.until(3100s);
    CHECK(world.created == CronWorld::Jobs{{2539s, 2400s}, {3000100ms, 3000s}});
  }
}

TEST_CASE("a suspended CronJob makes nothing, a resumed one the latest that it missed", "[cron]") {
  CronWorld world(20s);
  world.controller.start();
  world.add("* * * * *");
  world.until(90s);
  CronJobSpec spec = world.controller.spec(world.number);
  spec.is_suspended = true;
  world.controller.change(world.number, spec);
  world.until(310s);
  CHECK(world.created.size() == 1);
  spec.is_suspended = false;
  world.controller.change(world.number, spec);
  world.until(370s);
  CHECK(world.created == CronWorld::Jobs{{60100ms, 60s}, {310s, 300s}, {360100ms, 360s}});
}
