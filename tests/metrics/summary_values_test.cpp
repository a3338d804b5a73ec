#include "sim/metrics/summary_values.h"

#include "sim/metrics/summary_path.h"
#include "tests/catch.h"

using namespace casim;
using namespace casim::sim;

namespace {

const ValueType kPods = ValueType::count("pods");

std::string one_line(const SummaryValues& values) { return config::to_json(values.tree(), -1); }

}  // namespace

TEST_CASE("a path of summary values is names, any name in braces, and items", "[metrics]") {
  using Kind = PathStep::Kind;
  CHECK(steps_of("end_s") == std::vector<PathStep>{{Kind::kName, "end_s"}});
  CHECK(steps_of("ec2.calls.{action}") == std::vector<PathStep>{{Kind::kName, "ec2"},
                                                                {Kind::kName, "calls"},
                                                                {Kind::kAnyName, "action"}});
  CHECK(steps_of("unfit[].pod") ==
        std::vector<PathStep>{{Kind::kName, "unfit"}, {Kind::kEachItem, ""}, {Kind::kName, "pod"}});
}

TEST_CASE("summary values stand where their paths lead, in the order of the rows", "[metrics]") {
  SummaryValues values;
  values.add("b.x", kPods, 1, "");
  values.add("a", ValueType::flag(), true, "");
  values.add("b.y", ValueType::seconds().or_null(), seconds_or_null(std::nullopt), "");
  CHECK(one_line(values) == R"({"b":{"x":1,"y":null},"a":true})");
}

TEST_CASE("summary values by name stand below each name, under the same name together",
          "[metrics]") {
  SummaryValues values;
  values.add("rpc.{method}.calls", kPods, by_name({{"Refresh", 2}, {"Nodes", 3}}), "");
  values.add("rpc.{method}.wire", kPods, by_name({{"Refresh", 1}, {"Nodes", 0}}), "");
  values.add("ec2.{action}.{code}", kPods,
             by_name({{"Run", std::map<std::string, std::int64_t>{{"ok", 4}}}}), "");
  CHECK(one_line(values) ==
        R"({"rpc":{"Nodes":{"calls":3,"wire":0},"Refresh":{"calls":2,"wire":1}},)"
        R"("ec2":{"Run":{"ok":4}}})");
}

TEST_CASE("summary values of nobody leave an empty object, an empty list, or null", "[metrics]") {
  SummaryValues values;
  values.add("errors.{type}", kPods, by_name(std::map<std::string, std::int64_t>{}), "");
  values.add("unfit[].pod", ValueType::text(), config::Value::List{}, "");
  values.add("tail.{stage}", ValueType::share().or_null(), {}, "");
  CHECK(one_line(values) == R"({"errors":{},"unfit":[],"tail":null})");
}

TEST_CASE("rows for the same items make one object of each item", "[metrics]") {
  SummaryValues values;
  values.add("unfit[].pod", ValueType::text(), config::Value::List{"a", "b"}, "");
  values.add("unfit[].reason", ValueType::text(), config::Value::List{"big", "tall"}, "");
  CHECK(one_line(values) ==
        R"({"unfit":[{"pod":"a","reason":"big"},{"pod":"b","reason":"tall"}]})");
}

TEST_CASE("a summary value is asked for by its path, and a wrong path is a defect", "[metrics]") {
  SummaryValues values;
  values.add("pods.created", kPods, 7, "");
  CHECK(values.at("pods.created") == config::Value(7));
  CHECK_THROWS_AS(values.at("pods.creatd"), std::logic_error);
}
