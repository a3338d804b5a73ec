#include "sim/study/comparison.h"

#include "sim/metrics/collectors.h"
#include "sim/study/comparison_text.h"
#include "sim/study/gate.h"
#include "tests/catch.h"

namespace casim::sim {
namespace {

using config::Value;

// A summary of no run, with some values set.
Value summary_of(const std::vector<std::pair<std::string, Value>>& values) {
  RunInfo run;
  run.scenario = "s";
  run.seed = 7;
  run.digest = "a";
  Summary summary;
  static_cast<RunInfo&>(summary) = std::move(run);
  Value out = values_of(summary).tree();
  out.find("scale_up_latency")->find("total")->set("count", 5);
  for (const auto& [path, value] : values) {
    Value* at = &out;
    std::size_t from = 0;
    for (std::size_t dot = path.find('.'); dot != std::string::npos; dot = path.find('.', from)) {
      const std::string key = path.substr(from, dot - from);
      Value* next = at->find(key);
      at = next != nullptr ? next : &at->set(key, Value(Value::Object{}));
      from = dot + 1;
    }
    at->set(path.substr(from), value);
  }
  return out;
}

Comparison compared(const Value& base, const Value& now) {
  auto comparison = compare_summaries(base, now, false);
  REQUIRE(comparison);
  return *std::move(comparison);
}

const ChangedValue& only_change(const Comparison& comparison) {
  REQUIRE(comparison.changed.size() == 1);
  return comparison.changed.front();
}

std::vector<std::string> failing(const Comparison& comparison, const std::string& gate) {
  config::Problems problems;
  const auto document = config::parse_text(gate, config::Format::kJson, {"gate", ""}, problems);
  REQUIRE(document);
  const auto read = read_gate(*document, problems);
  INFO(problems.text());
  REQUIRE_FALSE(problems.has_errors());
  std::vector<std::string> out;
  for (const ChangedValue* value : failures(comparison, &*read)) out.push_back(value->path);
  return out;
}

std::string gate_problem(const std::string& gate) {
  config::Problems problems;
  const auto document = config::parse_text(gate, config::Format::kJson, {"gate", ""}, problems);
  if (document) read_gate(*document, problems);
  return problems.text();
}

}  // namespace

TEST_CASE("the same summary is no change", "[study]") {
  const Value one = summary_of({{"pods.lost", 3}});
  const Comparison comparison = compared(one, one);
  CHECK(comparison.changed.empty());
  CHECK(comparison.values > 50);
  CHECK_FALSE(comparison.has_other_digest);
}

TEST_CASE("a change is worse by the direction of its value", "[study]") {
  const auto is_worse = [](const std::string& path, const Value& base, const Value& now) {
    return only_change(compared(summary_of({{path, base}}), summary_of({{path, now}}))).is_worse;
  };
  CHECK(is_worse("pods.lost", 3, 4));
  CHECK_FALSE(is_worse("pods.lost", 4, 3));
  CHECK(is_worse("pods.completed", 4, 3));
  CHECK_FALSE(is_worse("pods.completed", 3, 4));
  CHECK_FALSE(is_worse("nodes.registered", 3, 4));               // neither
  CHECK(is_worse("scale_up_latency.total.p99", 30.0, Value()));  // never
  CHECK_FALSE(is_worse("scale_up_latency.total.p99", Value(), 30.0));
  CHECK(is_worse("pods.add_up", true, false));
}

TEST_CASE("nobody had to wait is neither worse nor better than some who did", "[study]") {
  const Value some = summary_of({{"scale_up_latency.total.p99", 30.0}});
  const Value nobody = summary_of({{"scale_up_latency.total.count", 0}});
  for (const Comparison& comparison : {compared(some, nobody), compared(nobody, some)}) {
    CHECK(comparison.changed.size() == 2);
    for (const ChangedValue& value : comparison.changed) CHECK_FALSE(value.is_worse);
  }
}

TEST_CASE("what is no whole summary is not compared", "[study]") {
  const Value good = summary_of({});
  for (const auto& [path, value] : {std::pair<std::string, Value>("pods.lost", "x"),
                                    {"pods.lost", 3.5},
                                    {"scale_up_latency.total.p99", Value::List{}},
                                    {"partial", true}}) {
    INFO(path);
    CHECK_FALSE(compare_summaries(good, summary_of({{path, value}}), false));
  }
}

TEST_CASE("a total by name that is gone is 0, and no worse", "[study]") {
  const Comparison comparison =
      compared(summary_of({{"cost.usd_by_type.m6i.2xlarge", 5.0}}), summary_of({}));
  CHECK_FALSE(only_change(comparison).is_worse);
  CHECK(only_change(comparison).difference == -5);
}

TEST_CASE("a count of what did not happen is 0 where it is not written", "[study]") {
  const Comparison comparison =
      compared(summary_of({}), summary_of({{"ec2.calls.RunInstances.RequestLimitExceeded", 4}}));
  const ChangedValue& change = only_change(comparison);
  CHECK(change.base == Value(0));
  CHECK(change.difference == 4);
}

TEST_CASE("the stage that made most of a longer wait is named", "[study]") {
  const auto with = [](double boot, double join, double total) {
    return summary_of({{"scale_up_latency.stages.boot.mean", boot},
                       {"scale_up_latency.stages.join.mean", join},
                       {"scale_up_latency.total.mean", total}});
  };
  const Comparison comparison = compared(with(30, 8, 38), with(41, 7, 48));
  REQUIRE(comparison.stage);
  CHECK(comparison.stage->name == "boot");
  CHECK(comparison.stage->seconds == 11);
  CHECK(comparison.stage->total_seconds == 10);
  CHECK_FALSE(compared(with(30, 8, 38), with(30, 8, 38)).stage);
}

TEST_CASE("a threshold that held and does not any more is worse", "[study]") {
  const auto with = [](bool holds) {
    Value one;
    one.set("threshold", "pods.lost == 0");
    one.set("holds", holds);
    return summary_of({{"thresholds", Value::List{one}}});
  };
  CHECK(only_change(compared(with(true), with(false))).is_worse);
  CHECK_FALSE(only_change(compared(with(false), with(true))).is_worse);
}

TEST_CASE("other runs are compared only when that is asked for", "[study]") {
  const Value base = summary_of({});
  const Value other = summary_of({{"seed", 8}});
  const auto refused = compare_summaries(base, other, false);
  REQUIRE_FALSE(refused);
  CHECK(refused.error().find("--across") != std::string::npos);
  CHECK(compare_summaries(base, other, true));
  CHECK_FALSE(compare_summaries(base, summary_of({{"schema_version", 2}}), true));
  CHECK_FALSE(compare_summaries(Value(Value::Object{}), base, true));
  CHECK_FALSE(compare_summaries(base, Value(3), true));
}

TEST_CASE("a gate lets its values be worse by so much, and looks at no others", "[study]") {
  const Comparison comparison = compared(
      summary_of({{"scale_up_latency.total.p99", 100.0}, {"pods.lost", 10}, {"pods.evicted", 1}}),
      summary_of({{"scale_up_latency.total.p99", 104.0}, {"pods.lost", 12}, {"pods.evicted", 9}}));
  const auto gate = [](const std::string& latency, const std::string& lost) {
    return R"({"limits": {"scale_up_latency.total.p99": ")" + latency + R"(", "pods.lost": ")" +
           lost + R"("}})";
  };
  CHECK(failing(comparison, gate("5%", "2")).empty());
  CHECK(failing(comparison, gate("3%", "2")) ==
        std::vector<std::string>{"scale_up_latency.total.p99"});
  CHECK(failing(comparison, gate("4s", "10%")) == std::vector<std::string>{"pods.lost"});
  CHECK(failing(comparison, gate("3.9s", "0")).size() == 2);
  CHECK(failures(comparison, nullptr).size() == 3);
}

TEST_CASE("a gate that cannot be used says why", "[study]") {
  const auto says = [](const std::string& gate, const std::string& part) {
    INFO(gate << ": " << gate_problem(gate));
    CHECK(gate_problem(gate).find(part) != std::string::npos);
  };
  says("{}", "limits: missing");
  says(R"({"limits": [], "more": 1})", "limits: missing");
  says(R"({"limits": {}, "limit": {}})", "did you mean \"limits\"?");
  says(R"({"limits": {"pods.lst": "1"}})", "did you mean \"pods.lost\"?");
  says(R"({"limits": {"pods.lost": 1}})", "expected a text");
  says(R"({"limits": {"pods.lost": "-1"}})", "is negative");
  says(R"({"limits": {"scale_up_latency.total.p99": "5"}})", "expected a duration");
  says(R"({"limits": {"nodes.registered": "5%"}})", "neither more nor less");
}

TEST_CASE("a comparison is told as text, Markdown, JSON and JUnit", "[study]") {
  JudgedComparison judged{
      compared(summary_of({{"scale_up_latency.total.p99", 100.0}, {"nodes.registered", 3}}),
               summary_of({{"scale_up_latency.total.p99", 104.0}, {"nodes.registered", 4}})),
      {}};
  judged.failures = failures(judged.comparison, nullptr);
  const std::string text = to_text(judged, 10);
  CHECK(text.find("s, seed 7: 2 of ") == 0);
  CHECK(text.find("+4.00 (+4.0 %)") != std::string::npos);
  CHECK(text.find("✗") < text.find("nodes.registered"));
  CHECK(to_text(judged, 1).find("and 1 more") != std::string::npos);
  CHECK(
      to_markdown(judged, 10).find("| ✗ | `scale_up_latency.total.p99` | 100.00 s | 104.00 s |") !=
      std::string::npos);
  CHECK(to_value(judged).find("changed")->as_list()->size() == 2);
  const std::string junit = to_junit({judged});
  CHECK(junit.find("tests=\"1\" failures=\"1\"") != std::string::npos);
  CHECK(
      junit.find("<failure type=\"regression\" message=\"scale_up_latency.total.p99 was 100.00 s, "
                 "is 104.00 s\"/>") != std::string::npos);
}

}  // namespace casim::sim
