#include "src/config/overrides.h"

#include "tests/catch.h"
#include "tests/config/sample.h"

namespace casim::sample {
namespace {

constexpr const char* kText = R"({
  "duration": "5m",
  "groups": [{"name": "a", "max": 3}, {"name": "b"}],
  "workloads": [{"name": "openb", "kind": "deployment", "file": "t.csv"}]
})";

struct Outcome {
  Settings settings;
  std::string problems;
};

Outcome with(std::string_view assignment) {
  config::Problems problems;
  auto document =
      config::parse_text(kText, config::Format::kJson, {"scenarios/x.json", "scenarios"}, problems);
  REQUIRE(document.has_value());
  Outcome outcome;
  if (config::apply_override(*document, assignment, problems)) {
    config::read(*document, outcome.settings, problems);
  }
  outcome.problems = problems.text();
  return outcome;
}

TEST_CASE("a list element is named by its name or its index", "[config]") {
  const char* assignment =
      GENERATE("groups.b.max=7", "groups.1.max=7", "groups[1].max=7", "groups.\"b\".max=7");
  CAPTURE(assignment);
  const Outcome outcome = with(assignment);
  CHECK(outcome.problems.empty());
  CHECK(outcome.settings.groups[1].max == 7);
}

TEST_CASE("an override is JSON if it parses as such, else text", "[config]") {
  CHECK(with("duration=90s").settings.duration == std::chrono::seconds(90));
  CHECK(with("duration=\"90s\"").settings.duration == std::chrono::seconds(90));
  CHECK(with("share=0.25").settings.share == 0.25);
  CHECK(with("verbose=true").settings.verbose);
  CHECK(with("groups=[]").settings.groups.empty());
  CHECK(with("groups.a={\"name\": \"c\"}").settings.groups[0].name == "c");
  CHECK_FALSE(with("warmup=null").settings.warmup.has_value());
  CHECK(*with("extra=a=b").settings.extra.as_string() == "a=b");
  CHECK(*with("extra={\"a\":1,\"a\":2}").settings.extra.as_string() == "{\"a\":1,\"a\":2}");
  CHECK(*with("extra=").settings.extra.as_string() == "");
}

TEST_CASE("a member that is text takes an override as it was written", "[config]") {
  CHECK(with("groups.a.name=1.30").settings.groups[0].name == "1.30");
  CHECK(with("groups.a.labels.x=true").settings.groups[0].labels.at("x") == "true");
  CHECK(with("groups.a.name=\"7\"").settings.groups[0].name == "7");
  CHECK(with("groups.a={\"name\": 7}").problems.find("put it in quotes") != std::string::npos);
  CHECK(with("groups.a.name=null").problems.find("expected text") != std::string::npos);
}

TEST_CASE("paths are relative to the file, in overrides to the working directory", "[config]") {
  CHECK(with("seed=2").settings.workloads[0].file == std::filesystem::path("scenarios/t.csv"));
  CHECK(with("workloads.openb.file=my/t.csv").settings.workloads[0].file ==
        std::filesystem::path("my/t.csv"));
}

TEST_CASE("an absent key is added with the objects above it", "[config]") {
  const Outcome outcome = with("groups.a.labels.\"x.y/z\"=v");
  CHECK(outcome.problems.empty());
  CHECK(outcome.settings.groups[0].labels.at("x.y/z") == "v");
}

TEST_CASE("a wrong override is explained", "[config]") {
  struct Row {
    const char* assignment;
    const char* expected;
  };

  const auto row = GENERATE(values<Row>({
      {"duration", "expected path=value"},
      {"=1", "the path is empty"},
      {"a..b=1", "a name is missing between the dots"},
      {"workloads.openbb.file=x",
       "workloads: no item is named \"openbb\"; did you mean \"openb\"? allowed: openb"},
      {"groups.7.max=1", "groups: there is no item 7: the list has 2"},
      {"groups[7].max=1", "groups: there is no item 7: the list has 2"},
      {"duration.x=1", "duration: it is \"5m\", nothing is below it"},
      {"extra[0]=1", "extra: it is an object, not a list"},
      {"grups.a.max=1",
       "grups: unknown key; did you mean \"groups\"? allowed: seed, start, duration, warmup, "
       "share, verbose, cpu, memory, boot, groups, workloads, extra"},
      {"groups.a.maxx=1",
       "groups[0].maxx: unknown key; did you mean \"max\"? allowed: name, min, max, colors, "
       "labels"},
      {"groups.a.max=many", "groups[0].max: expected a whole number, found \"many\""},
  }));
  CAPTURE(row.assignment);
  CHECK(with(row.assignment).problems ==
        "--set " + std::string(row.assignment) + ": " + row.expected + "\n");
}

}  // namespace
}  // namespace casim::sample
