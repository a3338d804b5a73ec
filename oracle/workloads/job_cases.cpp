#include <fmt/format.h>

#include <algorithm>

#include "oracle/judge/strict_json.h"
#include "oracle/workloads/workload_family.h"
#include "oracle/workloads/workload_lists.h"
#include "oracle/workloads/workload_world.h"
#include "sim/workloads/job_controller.h"

namespace casim::oracle {

using namespace casim::sim;

namespace {

template <class T>
std::optional<T> maybe(const Json& given, const char* key) {
  if (!given.contains(key)) return std::nullopt;
  return given.at(key).get<T>();
}

JobSpec job_spec_of(const Json& given) {
  JobSpec spec;
  spec.parallelism = given.at("parallelism");
  spec.completions = maybe<std::uint64_t>(given, "completions");
  spec.is_indexed = given.value("indexed", false);
  spec.backoff_limit = maybe<std::uint64_t>(given, "backoff_limit");
  spec.backoff_limit_per_index = maybe<std::uint64_t>(given, "backoff_limit_per_index");
  spec.max_failed_indexes = maybe<std::uint64_t>(given, "max_failed_indexes");
  spec.active_deadline_s = maybe<std::int64_t>(given, "active_deadline_s");
  spec.ttl_s = maybe<std::int64_t>(given, "ttl_s");
  spec.replaces_failed_only = given.value("pod_replacement_policy", "") == "Failed";
  return spec;
}

// One Job, or `objects` equal ones.
struct JobWorld : JobObserver {
  explicit JobWorld(const Json& given)
      : world(given),
        jobs(world.api(),
             {world.client("job-controller"), world.client("ttl-after-finished-controller"),
              world.client("generic-garbage-collector")},
             world) {
    check_keys(given, {"created_at_s",
                       "duration_s",
                       "parallelism",
                       "completions",
                       "indexed",
                       "backoff_limit",
                       "backoff_limit_per_index",
                       "max_failed_indexes",
                       "active_deadline_s",
                       "ttl_s",
                       "pod_replacement_policy",
                       "objects",
                       "pod",
                       "pod_by_number",
                       "pod_from_number",
                       "pod_by_index",
                       "events",
                       "qps",
                       "burst",
                       "write_latency_s"});
    jobs.observe(*this);
    world.informer().add(static_cast<WorkloadController&>(jobs));
    world.on("scale", [this](const Json& event) {
      jobs.set_parallelism(uid(0), event.at("value").get<std::uint64_t>());
    });
    world.on("suspend", [this](const Json& event) { jobs.suspend(uid(0), event.at("flag")); });
    world.at_creation([this] {
      for (int i = 0; i < world.given().value("objects", 1); ++i) create(i);
    });
  }

  static std::string uid(int number) { return fmt::format("job-{}", number); }

  void create(int number) {
    Job job;
    job.owner = WorkloadWorld::owner(OwnerKind::kJob, uid(number));
    job.pods = {world.spec(OwnerKind::kJob, uid(number), "1"),
                WorkloadId(static_cast<std::uint32_t>(number)), 0};
    job.spec = job_spec_of(world.given());
    jobs.create(std::move(job));
  }

  void on_condition(const std::string&, JobCondition condition, JobReason reason) override {
    conditions.push_back(Json::array(
        {to_seconds(world.now()), fmt::format("{} {}", name_of(condition), name_of(reason))}));
  }

  void on_gone(const std::string&) override { gone = to_seconds(world.now()); }

  WorkloadWorld world;
  JobController jobs;
  Json conditions = Json::array();
  std::optional<double> gone;
};

std::string compare_created(const Json& rows, const WorkloadWorld& world) {
  const bool has_indexes =
      std::ranges::any_of(rows, [](const Json& row) { return row.at(1).is_array(); });
  if (!has_indexes) return compare_counts(rows, created(world.pods()));
  return compare_names(rows, created_names(world.pods(), [](const MadePod& pod) {
                         return std::to_string(pod.index);
                       }));
}

std::string compare_conditions(const Json& expected, const Json& got) {
  bool equal = expected.size() == got.size();
  for (std::size_t i = 0; equal && i < got.size(); ++i) {
    equal = compare_time(expected[i].at(0), got[i][0].get<double>()).empty() &&
            expected[i].at(1) == got[i][1];
  }
  return equal ? "" : compare_equal(expected, got);
}

std::string run_job(const Json& given, const Json& expect) {
  JobWorld of(given);
  of.world.run();
  Checks checks;
  checks["created"] = [&](const Json& rows) { return compare_created(rows, of.world); };
  checks["deleted"] = [&](const Json& rows) {
    return compare_counts(rows, deleted(of.world.pods()));
  };
  checks["conditions"] = [&](const Json& rows) { return compare_conditions(rows, of.conditions); };
  checks["job_gone_t"] = [&](const Json& t) { return compare_time(t, of.gone); };
  return check_all(expect, checks);
}

std::string run_job_rate(const Json& given, const Json& expect) {
  JobWorld of(given);
  of.world.run();
  Checks checks;
  add_rate_checks(checks, of.world);
  return check_all(expect, checks);
}

}  // namespace

std::vector<WorkloadFamily> job_families() {
  return {{"job", run_job}, {"rate-job", run_job_rate}};
}

}  // namespace casim::oracle
