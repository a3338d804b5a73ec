#include "sim/metrics/threshold.h"

#include <tuple>
#include <vector>

#include "tests/catch.h"

namespace casim::sim {
namespace {

using config::Value;

// Some rows of every kind.
SummaryValues some_values() {
  SummaryValues out;
  out.add("latency.p99", ValueType::seconds().or_null(), 93.5, "");
  out.add("latency.max", ValueType::seconds().or_null(), Value(), "");
  out.add("pods.lost", ValueType::count("pods"), 3, "");
  out.add("tail.{stage}", ValueType::share(), Value::Object{{"boot", 0.25}}, "");
  out.add("cost.usd_by_type.{type}", ValueType::usd(),
          Value::Object{{"m6i.large", 1.5}, {"m6i", 9.0}}, "");
  out.add("calls.{action}.{outcome}", ValueType::count("calls"),
          Value::Object{{"Run", Value::Object{{"ok", 2}}}}, "");
  out.add("stopped_by", ValueType::text(), "idle", "");
  out.add("partial", ValueType::flag(), false, "");
  out.add("unfit[].pod", ValueType::text(), Value::List{}, "");
  return out;
}

std::string problem_of(const std::string& text) {
  const auto parsed = parse_threshold(text, some_values());
  return parsed ? "" : parsed.error();
}

bool holds(const std::string& text) {
  const SummaryValues values = some_values();
  const auto parsed = parse_threshold(text, values);
  INFO(text << (parsed ? "" : ": " + parsed.error()));
  REQUIRE(parsed);
  return judge(*parsed, values).holds;
}

}  // namespace

TEST_CASE("a threshold compares a value in its own unit", "[metrics]") {
  const std::vector<std::tuple<const char*, bool>> cases = {
      {"latency.p99 < 2m", true},         {"latency.p99 < 93.5s", false},
      {"latency.p99 <= 93.5s", true},     {"latency.p99>=1m33.5s", true},
      {"latency.p99 > 93500ms", false},   {"pods.lost == 3", true},
      {"pods.lost == 3 pods", true},      {"pods.lost != 3", false},
      {"tail.boot < 0.3", true},          {"tail.boot <= 25%", true},
      {"tail.boot < 25 %", false},        {"cost.usd_by_type.m6i.large == 1.5 USD", true},
      {"cost.usd_by_type.m6i > 8", true}, {"calls.Run.ok == 2", true},
      {"stopped_by == idle", true},       {"stopped_by != idle", false},
      {"partial == false", true},         {"  partial   !=   true ", true},
  };
  for (const auto& [text, expected] : cases) {
    INFO(text);
    CHECK(holds(text) == expected);
  }
}

TEST_CASE("what has no answer holds no threshold, and what was not seen is a count of 0",
          "[metrics]") {
  CHECK_FALSE(holds("latency.max < 1h"));
  CHECK_FALSE(holds("latency.max > 1h"));
  CHECK_FALSE(holds("latency.max != 1h"));
  CHECK_FALSE(holds("tail.launch < 1"));
  CHECK(holds("calls.Run.Throttled == 0"));
  CHECK(holds("calls.Stop.ok < 1"));
}

TEST_CASE("a threshold that cannot be judged says why", "[metrics]") {
  const auto says = [](const std::string& text, const std::string& part) {
    INFO(text << ": " << problem_of(text));
    CHECK(problem_of(text).find(part) != std::string::npos);
  };
  says("latency.p99", "no comparison; allowed: <, <=");
  says("latency.p99 = 1m", "unknown comparison \"=\"");
  says("latency.p98 < 1m", "no value \"latency.p98\"");
  says("latency.p98 < 1m", "did you mean \"latency.p99\"?");
  says("latency < 1m", "no value");
  says("latency.p99 < 90", "expected a duration such as 90s");
  says("latency.p99 < 1 fortnight", "expected a duration");
  says("latency.p99 <", "nothing to compare with");
  says("pods.lost < many", "expected a number of pods");
  says("pods.lost < nan", "expected a number");
  says("tail.boot < half", "of 0 to 1 or in %");
  says("stopped_by < idle", "== and != only");
  says("partial == maybe", "expected true or false");
  says("unfit[].pod == x", "no value");
  says("calls.Run == 0", "no value");
  says("", "no comparison");
}

TEST_CASE("what was measured is told with its unit", "[metrics]") {
  CHECK(measured_text(93.456, ValueType::seconds()) == "93.46 s");
  CHECK(measured_text(Value(), ValueType::seconds()) == "never");
  CHECK(measured_text(Value(), ValueType::share()) == "none");
  CHECK(measured_text(0.255, ValueType::share()) == "25.50 %");
  CHECK(measured_text(3, ValueType::count("pods")) == "3 pods");
  CHECK(measured_text("idle", ValueType::text()) == "idle");
  CHECK(measured_text(true, ValueType::flag()) == "true");
}

}  // namespace casim::sim
