// Loads as a scenario writes them: what is wrong is said, what is right runs.
#include "sim/scenario/load_scenario.h"

#include <nlohmann/json.hpp>

#include "sim/scenario/describe.h"
#include "tests/catch.h"
#include "tests/scenario/small_scenario.h"

using namespace casim;
using namespace casim::sim;
using namespace std::chrono_literals;

namespace {

struct Loaded {
  std::string problems;
  std::optional<LoadedScenario> scenario;
};

// A small scenario with that workload.
Loaded load(const std::string& workload, const std::string& duration = R"("duration": "1h",)") {
  const std::string text = R"({
  "schema_version": 1, "description": "d", "start": "2026-01-05T00:00:00Z", )" +
                           duration + R"(
  "node_groups": [{"name": "g", "max": 20, "initial": 1, "instance_types": ["m6i.2xlarge"]}],
  "workloads": [{"name": "w", "kind": "arrivals", )" +
                           workload + "}]}";
  config::Problems problems;
  auto document = config::parse_text(text, config::Format::kJson, {"x.json", ""}, problems);
  if (!document) return {problems.text(), std::nullopt};
  LoadedScenario loaded{"x", {}, std::move(*document)};
  config::read(loaded.document, loaded.scenario, problems);
  validate(loaded.scenario, loaded.document, problems);
  if (!problems.has_errors()) make_load_plan(loaded, problems);
  return {problems.text(), std::move(loaded)};
}

const std::string kRate = R"("rates": [{"kind": "constant", "rate": "60/h"}])";

}  // namespace

TEST_CASE("what is wrong with arrivals is said at its place", "[scenario]") {
  struct Row {
    std::string workload;
    const char* problem;
  };

  const auto row = GENERATE_COPY(values<Row>({
      {kRate, "workloads[0].run_for: missing; a Job ends"},
      {R"("run_for": "1m")", "workloads[0].rates: missing"},
      {R"("run_for": "1m", "rates": [])", "workloads[0].rates: must have at least 1 item"},
      {R"("run_for": "1m", "rates": [{"kind": "constant", "rate": 5}])",
       "workloads[0].rates[0].rate: expected a rate such as \"2/s\" or \"120/h\", found 5"},
      {R"("run_for": "1m", "rates": [{"kind": "constant", "rate": "5/y"}])",
       "found \"5/y\": unknown unit \"y\" (allowed: s m h d)"},
      {R"("run_for": "1m", "rates": [{"kind": "constant", "rate": "-5/s"}])",
       "found \"-5/s\": it must not be negative"},
      {R"("run_for": "1m", "rates": [{"kind": "constant", "rate": "1e9/s"}])",
       "it is above 1000000/s"},
      {R"("run_for": "1m", "rates": [{"kind": "konstant", "rate": "5/s"}])",
       "did you mean \"constant\"?"},
      {R"("run_for": "1m", "rates": [{"kind": "bursts", "size": 5, "every": "1m", "over": "30s",
          "jitter": "31s"}])",
       "workloads[0].rates[0].every: is shorter than over and jitter together"},
      {R"("run_for": "1m", "rates": [{"kind": "cycle", "peak": "1/s", "weekdays": [1, 2]}])",
       "workloads[0].rates[0].weekdays: needs 7 numbers, has 2"},
      {R"("run_for": "1m",
          "rates": [{"kind": "markov", "states": [{"rate": "1/s", "mean": "1m"}]}])",
       "workloads[0].rates[0].states: needs at least two"},
      {R"("run_for": "1m", "from": "2m", "to": "1m", )" + kRate,
       "workloads[0].to: is not after from"},
      {R"("run_for": "1m", "sizes": {"cpu": {"p50": "1", "p99": "500m"}}, )" + kRate,
       "workloads[0].sizes.cpu.p99: is below p50"},
      {R"("run_for": "1m", "sizes": {"cpu": "1"},
          "pod": {"resources": {"requests": {"cpu": 1}}}, )" +
           kRate,
       "workloads[0].sizes.cpu: is said in another place too"},
      {R"("run_for": "1m", "rows": {"file": "none.csv"}, )" + kRate,
       "workloads[0].rows: names no column: cpu, memory or run_for"},
      {R"("run_for": "1m", "rows": {"file": "none.csv", "cpu": {"column": "c"}}, )" + kRate,
       "none.csv: there is no such file"},
  }));
  CAPTURE(row.workload);
  CHECK_THAT(load(row.workload).problems, Catch::Contains(row.problem));
}

TEST_CASE("arrivals need an end, by their own or by the run's", "[scenario]") {
  const std::string workload = R"("run_for": "1m", )" + kRate;
  CHECK(load(workload).problems.empty());
  CHECK_THAT(load(workload, "").problems, Catch::Contains("workloads[0].to: missing"));
  CHECK(load(workload + R"(, "to": "1h")", "").problems.empty());
}

TEST_CASE("the scheduler's backoff rises from one to the other", "[scenario]") {
  const std::string workload = R"("run_for": "1m", )" + kRate;
  const Loaded wrong =
      load(workload, R"("duration": "1h", "scheduler": {"pod_initial_backoff": "20s"},)");
  CHECK_THAT(wrong.problems,
             Catch::Contains("scheduler.pod_max_backoff: is below pod_initial_backoff"));
  const Loaded none =
      load(workload, R"("duration": "1h", "scheduler": {"pod_initial_backoff": "0s"},)");
  CHECK(none.problems.empty());
}

TEST_CASE("what of a trace is played is checked", "[scenario]") {
  struct Row {
    const char* members;
    const char* problem;
  };

  const auto row = GENERATE(values<Row>({
      {R"("copies": 0)", "copies: must be from 1 to 10000, found 0"},
      {R"("jitter": "1m")", "jitter: needs copies above 1"},
      {R"("sample": 0)", "sample: must be above 0"},
      {R"("time_scale": 0)", "time_scale: must be above 0"},
      {R"("copies": 2, "jitter": "1m", "sample": 0.5, "time_scale": 0.1)",
       "none.csv: there is no such file"},
  }));
  CAPTURE(row.members);
  const std::string format = GENERATE("casim", "simkube");
  const std::string trace = R"("//": 0}, {"name": "t", "kind": "trace", "format": ")" + format +
                            R"(", "file": "none.csv", )" + row.members;
  CHECK_THAT(load(R"("run_for": "1m", )" + kRate + ", " + trace).problems,
             Catch::Contains(row.problem));
}

TEST_CASE("arrivals run, and on the wire as from the memo", "[scenario]") {
  const Loaded loaded = load(
      R"("process": "poisson", "run_for": {"p50": "3m", "p99": "20m"}, "to": "30m",
         "sizes": {"cpu": {"p50": "500m", "p99": "4"}},
         "rates": [{"kind": "constant", "rate": "3/m"},
                   {"kind": "bursts", "size": 20, "every": "10m", "jitter": "5m"}])");
  REQUIRE(loaded.problems.empty());
  const Ran memo = run_loaded(*loaded.scenario);
  const Ran wire = run_loaded(*loaded.scenario, {.rpc_on_wire = true});
  CHECK(memo.facts == wire.facts);
  CHECK(memo.pods.size() > 100);
  CHECK(memo.pods.size() < 200);
  CHECK(std::ranges::all_of(memo.pods, [](const PodRecord& pod) { return pod.has_run(); }));
}

TEST_CASE("a run without duration ends when its arrivals are done", "[scenario]") {
  const Loaded loaded = load(R"("as": "pod", "process": "regular", "run_for": "2m", "to": "5m",
                                "pod": {"resources": {"requests": {"cpu": "1"}}}, )" +
                                 kRate,
                             R"("linger": "1m",)");
  REQUIRE(loaded.problems.empty());
  const Ran ran = run_loaded(*loaded.scenario);
  CHECK(ran.pods.size() == 5);
  CHECK(std::ranges::all_of(ran.pods, [](const PodRecord& pod) { return pod.has_ended; }));
}
