#include <unistd.h>

#include <filesystem>
#include <fstream>
#include <string>
#include <utility>
#include <vector>

#include "sim/scenario/load_plan.h"
#include "sim/scenario/load_scenario.h"
#include "tests/catch.h"

using namespace casim;
using namespace casim::sim;
namespace fs = std::filesystem;

namespace {

// A good scenario with a burst "w", to be spoilt.
class ScenarioFile {
 public:
  ScenarioFile()
      : path_(fs::temp_directory_path() / ("casim_bad_hpa." + std::to_string(::getpid()))) {
    std::ofstream(path_) << R"({
      "schema_version": 1, "description": "d", "start": "2026-01-05T00:00:00Z", "duration": "1h",
      "node_groups": [{"name": "g", "instance_types": ["m6i.large"]}],
      "workloads": [{"name": "w", "kind": "burst", "count": 3,
                     "pod": {"resources": {"requests": {"cpu": "1"}}}}]
    })";
  }

  ~ScenarioFile() { fs::remove(path_); }

  std::string problems(std::vector<std::string> overrides) const {
    config::Problems problems;
    const auto loaded = load_scenario({path_, std::move(overrides)}, problems);
    if (loaded) make_load_plan(*loaded, problems);
    return problems.text();
  }

 private:
  fs::path path_;
};

}  // namespace

TEST_CASE("Jobs, CronJobs and HPAs that cannot be are refused, each with its place", "[scenario]") {
  const std::string pod = R"("pod": {"resources": {"requests": {"cpu": "1"}}})";
  const std::string job = R"({"name": "j", "kind": "job", "run_for": "5m", )" + pod;
  const std::string cron = R"({"name": "c", "kind": "cron_job", "run_for": "5m", )" + pod;
  const std::string hpa =
      R"({"name": "h", "target": "w", "maxReplicas": 9, "metrics": [{"type": "cpu", )"
      R"("averageUtilization": 70, "load": [{"value": 1}]}])";
  const auto workloads = [](const std::string& one) {
    return R"(workloads=[{"name": "w", "kind": "burst", "count": 3, "pod": {}}, )" + one + "]";
  };
  const std::vector<std::pair<std::vector<std::string>, std::string>> rows = {
      {{workloads(R"({"name": "j", "kind": "job", "pod": {}})")}, "run_for"},
      {{workloads(job + R"(, "backoffLimitPerIndex": 1})")}, "needs completionMode Indexed"},
      {{workloads(job + R"(, "maxFailedIndexes": 1})")}, "needs backoffLimitPerIndex"},
      {{workloads(job + R"(, "parallelism": 4, "completionMode": "Indexed"})")},
       "is needed with completionMode Indexed"},
      {{workloads(job + R"(, "failure_rate": 2})")}, "failure_rate"},
      {{workloads(job + R"(, "backofLimit": 2})")}, "did you mean \"backoffLimit\""},
      {{workloads(cron + "}")}, "schedule"},
      {{workloads(cron + R"(, "schedule": "61 * * * *"})")},
       "minute: 61 is too large in '61'; allowed are 0 to 59"},
      {{workloads(cron + R"(, "schedule": "@daily", "concurrencyPolicy": "Forbit"})")},
       "did you mean \"Forbid\""},
      {{workloads(cron + R"(, "schedule": "@daily"})"), "duration=null"},
       "a CronJob makes Jobs for ever"},
      {{"hpas=[" + hpa + "}]", "duration=null"}, "an HPA may act at any time"},
      {{"hpas=[" + hpa + R"(, "target": "v"}])"}, "target"},
      {{"hpas=[" + hpa + R"(, "minReplicas": 10}])"}, "is above maxReplicas (9)"},
      {{"hpas=[" + hpa + R"(, "minReplicas": 0}])"}, "0 needs an object or external metric"},
      {{"hpas=[" + hpa + R"(, "minReplicas": 0}])", "controllers.version=\"1.36\""},
       "0 needs controllers.version 1.37"},
      {{"hpas=[" + hpa + "}]", "workloads.w.over=\"1m\""}, "arrive one by one"},
      {{"hpas=[" + hpa + "}]", "workloads.w.run_for=\"1m\""}, "cannot be sized"},
      {{"hpas=[" + hpa + "}, " + R"({"name": "g",)" + hpa.substr(13) + "}]"}, "h sizes it already"},
      {{R"(hpas=[{"name": "h", "target": "x", "maxReplicas": 9, "metrics": [{"type": "cpu",
           "averageUtilization": 70, "load": [{"value": 1}]}]}])"},
       "unknown workload \"x\""},
      {{R"(hpas=[{"name": "h", "target": "w", "maxReplicas": 9, "metrics": [{"type": "cpu",
           "value": 70, "load": [{"value": 1}]}]}])"},
       "is a target of object and external metrics"},
      {{R"(hpas=[{"name": "h", "target": "w", "maxReplicas": 9, "metrics": [{"type": "pods",
           "averageUtilization": 70, "load": [{"value": 1}]}]}])"},
       "is a target of cpu and memory"},
      {{R"(hpas=[{"name": "h", "target": "w", "maxReplicas": 9, "metrics": [{"type": "cpu",
           "load": [{"value": 1}]}]}])"},
       "needs one of averageUtilization, averageValue and value"},
      {{R"(hpas=[{"name": "h", "target": "w", "maxReplicas": 9, "metrics": [{"type": "cpu",
           "averageUtilization": 70,
           "load": [{"value": 1, "over": "2m"}, {"at": "1m", "value": 2}]}]}])"},
       "change 1 begins before the one before it has ended"},
      {{"controllers.metrics.housekeeping=\"20s\""}, "is longer than resolution"},
      {{"controllers.version=\"1.31\""}, "1.32"},
  };
  const ScenarioFile good;
  for (const auto& [overrides, says_so] : rows) {
    CAPTURE(overrides, says_so);
    const std::string problems = good.problems(overrides);
    CAPTURE(problems);
    CHECK_THAT(problems, Catch::Matchers::Contains(says_so));
  }
}
