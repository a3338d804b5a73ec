#include "oracle/judge/strict_json.h"
#include "oracle/workloads/workload_family.h"
#include "oracle/workloads/workload_given.h"
#include "oracle/workloads/workload_lists.h"
#include "oracle/workloads/workload_world.h"
#include "sim/workloads/cron_job_controller.h"

namespace casim::oracle {

using namespace casim::sim;

namespace {

CronConcurrency concurrency_of(const std::string& name) {
  if (name == "Allow") return CronConcurrency::kAllow;
  if (name == "Forbid") return CronConcurrency::kForbid;
  if (name == "Replace") return CronConcurrency::kReplace;
  throw std::runtime_error("unknown concurrency policy " + name);
}

CronJobSpec cron_spec_of(const Json& given) {
  auto schedule = CronSchedule::parse(given.at("schedule").get<std::string>());
  if (!schedule) throw std::runtime_error(schedule.error());
  CronJobSpec spec;
  spec.schedule = *schedule;
  spec.concurrency = concurrency_of(given.value("concurrency_policy", "Allow"));
  if (given.contains("starting_deadline_s")) {
    spec.starting_deadline_s = given.at("starting_deadline_s");
  }
  spec.successful_history = given.value("successful_history", 3);
  return spec;
}

// One CronJob, whose Jobs succeed after a time.
struct CronWorld : CronJobJobs {
  explicit CronWorld(const Json& given)
      : world(given),
        controller(world.api(), world.client("cronjob-controller"), *this),
        midnight(world.kernel().wall(kTimeZero)),
        run_for(script_of(given.at("pod")).run) {
    check_keys(given, {"created_at_s", "duration_s", "schedule", "concurrency_policy",
                       "starting_deadline_s", "successful_history", "controllers_start_s", "pod",
                       "events", "qps", "burst", "write_latency_s"});
    world.at_creation([this] { number = controller.create("cron", cron_spec_of(world.given())); });
    world.at(given.value("controllers_start_s", 0.0), [this] { controller.start(); });
    world.on("suspend", [this](const Json& event) {
      CronJobSpec spec = controller.spec(number);
      spec.is_suspended = event.at("flag");
      controller.change(number, spec);
    });
  }

  void create_job(WorkQueue::Key, WallTime due) override {
    jobs.push_back(row(due));
    world.kernel().after(run_for, Phase::kWorld,
                         [this, due] { controller.on_job_finished(number, due, true); });
  }

  void delete_job(WorkQueue::Key, WallTime due) override { deleted.push_back(row(due)); }

  Json row(WallTime due) const {
    return Json::array({to_seconds(world.now()), to_seconds(due - midnight)});
  }

  WorkloadWorld world;
  CronJobController controller;
  WallTime midnight;
  Duration run_for;
  CronJobController::Number number = 0;
  Json jobs = Json::array();
  Json deleted = Json::array();
};

std::string compare_rows(const Json& expected, const Json& got) {
  bool equal = expected.size() == got.size();
  for (std::size_t i = 0; equal && i < got.size(); ++i) {
    equal = compare_time(expected[i].at(0), got[i][0].get<double>()).empty() &&
            compare_time(expected[i].at(1), got[i][1].get<double>()).empty();
  }
  return equal ? "" : compare_equal(expected, got);
}

std::string run_cron(const Json& given, const Json& expect) {
  CronWorld of(given);
  of.world.run();
  Checks checks;
  checks["jobs"] = [&](const Json& rows) { return compare_rows(rows, of.jobs); };
  checks["jobs_deleted"] = [&](const Json& rows) { return compare_rows(rows, of.deleted); };
  return check_all(expect, checks);
}

}  // namespace

std::vector<WorkloadFamily> cron_families() { return {{"cron", run_cron}}; }

}  // namespace casim::oracle
