#include "sim/study/replications.h"

#include "sim/metrics/collectors.h"
#include "tests/catch.h"

namespace casim::sim {
namespace {

using config::Value;

// One run; `p99` null: never, `throttled` 0: not written.
Value run_of(std::uint64_t seed, const Value& p99, int throttled = 0, bool holds = true) {
  RunInfo info;
  info.scenario = "s";
  info.seed = seed;
  info.digest = std::to_string(seed);
  info.thresholds = {{"pods.lost == 0", "0 pods", holds}};
  Summary summary;
  static_cast<RunInfo&>(summary) = std::move(info);
  Value out = values_of(summary).tree();
  out.find("scale_up_latency")->find("total")->set("p99", p99);
  if (throttled > 0) {
    out.find("ec2")->find("calls")->set(
        "RunInstances", Value(Value::Object{{"RequestLimitExceeded", Value(throttled)}}));
  }
  return out;
}

std::string problem_of(const std::vector<Value>& runs) {
  const auto merged = replications_of(runs);
  return merged ? "" : merged.error();
}

}  // namespace

TEST_CASE("values are gathered over runs in order of seed", "[study]") {
  const auto merged = replications_of({run_of(3, 30.0), run_of(1, 10.0, 4), run_of(2, 20.0)});
  REQUIRE(merged);
  CHECK(merged->seeds == std::vector<std::uint64_t>{1, 2, 3});
  CHECK(merged->digests == std::vector<std::string>{"1", "2", "3"});
  const ReplicatedValue* p99 = merged->find("scale_up_latency.total.p99");
  REQUIRE(p99 != nullptr);
  CHECK(p99->runs == std::vector<double>{10, 20, 30});
  CHECK_FALSE(p99->mean);  // three are too few
  const ReplicatedValue* throttled = merged->find("ec2.calls.RunInstances.RequestLimitExceeded");
  REQUIRE(throttled != nullptr);
  CHECK(throttled->runs == std::vector<double>{4, 0, 0});
  CHECK(merged->held.at("pods.lost == 0") == 3);
}

TEST_CASE("a count that only a later run has is 0 in those before", "[study]") {
  const auto merged = replications_of({run_of(1, 10.0), run_of(2, 20.0, 7), run_of(3, 20.0)});
  REQUIRE(merged);
  CHECK(merged->find("ec2.calls.RunInstances.RequestLimitExceeded")->runs ==
        std::vector<double>{0, 7, 0});
}

TEST_CASE("a value that a run does not have has no mean, and says in how many", "[study]") {
  const auto merged =
      replications_of({run_of(1, 10.0), run_of(2, Value()), run_of(3, 30.0, 0, false)});
  REQUIRE(merged);
  const ReplicatedValue* p99 = merged->find("scale_up_latency.total.p99");
  CHECK(p99->without == 1);
  const Value written = to_value(*merged);
  CHECK(written.find("values")->find("scale_up_latency.total.p99")->find("mean")->is_null());
  CHECK(written.find("held")->find("pods.lost == 0")->as_int64() == 2);
  CHECK(to_text(*merged).find("never in 1 of 3 runs") != std::string::npos);
  CHECK(to_text(*merged).find("✗ pods.lost == 0 held in 2 of 3 runs") != std::string::npos);
}

TEST_CASE("what does not belong together is refused", "[study]") {
  CHECK(problem_of({}) == "there is no run");
  CHECK(problem_of({run_of(1, 1.0), run_of(3, 1.0)}) == "no run of seed 2, between 1 and 3");
  CHECK(problem_of({run_of(1, 1.0), run_of(1, 1.0)}) == "two runs of seed 1");
  Value other = run_of(2, 1.0);
  other.set("version", "0.0.1");
  CHECK(problem_of({run_of(1, 1.0), other}).find("differ in version") != std::string::npos);
  other = run_of(2, 1.0);
  other.set("scenario", "t");
  CHECK(problem_of({run_of(1, 1.0), other}).find("differ in scenario") != std::string::npos);
  other = run_of(2, 1.0);
  other.set("partial", true);
  CHECK(problem_of({run_of(1, 1.0), other}).find("seed 2 was stopped") != std::string::npos);
  CHECK(problem_of({Value(3)}).find("no summary.json") != std::string::npos);
}

}  // namespace casim::sim
