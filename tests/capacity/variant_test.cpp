#include "sim/capacity/variant.h"

#include "tests/capacity/stored_variant.h"

namespace casim::sim {
namespace {

config::Value parsed(const std::string& text) {
  config::Problems problems;
  const auto document = config::parse_text(text, config::Format::kJson, {"a.json", {}}, problems);
  REQUIRE(document);
  return document->root();
}

}  // namespace

TEST_CASE("what two scenarios do not share is named as --set takes it", "[capacity]") {
  const auto found = differences_between(parsed(R"({"seed": 1, "duration": "1h",
                 "workloads": [{"name": "web", "count": 10}, {"name": "old", "count": 1}],
                 "ec2": {"vcpu_quota": 1152}})"),
                                         parsed(R"({"seed": 2, "duration": "1h",
                 "workloads": [{"name": "new", "count": 3}, {"name": "web", "count": 40}],
                 "ec2": {"vcpu_quota": 1152}, "rpc": {"latency": "2ms"}})"));
  std::vector<std::string> told;
  for (const ScenarioDifference& one : found) {
    told.push_back(one.path + ": " + one.first + " -> " + one.other);
  }
  CHECK(told == std::vector<std::string>{R"(workloads.new:  -> {"name":"new","count":3})",
                                         "workloads.web.count: 10 -> 40",
                                         R"(workloads.old: {"name":"old","count":1} -> )",
                                         R"(rpc:  -> {"latency":"2ms"})"});
}

TEST_CASE("seeds of one scenario are one variant, its scenarios are several", "[capacity]") {
  const ResultsFolder folder;
  folder.write("all/a/1", {.scenario = "a", .seed = 1, .usd = 10});
  folder.write("all/a/2", {.scenario = "a", .seed = 2, .usd = 14});
  folder.write("all/b/7", {.scenario = "b", .seed = 7});
  const auto variants = folder.read({"all"});
  REQUIRE(variants.size() == 2);
  CHECK(variants[0].label == "a");
  CHECK(variants[0].runs.seeds == std::vector<std::uint64_t>{1, 2});
  CHECK(variants[0].mean("cost.usd") == 12.0);
  CHECK(variants[0].most("cost.usd") == 14.0);
  CHECK(variants[1].label == "b");
}

TEST_CASE("variants of one scenario are told apart by label, else by place", "[capacity]") {
  const ResultsFolder folder;
  folder.write("x1", {});
  folder.write("x2", {});
  folder.write("x4", {});
  const auto labelled = folder.read({"today=x1", "grown=x2"});
  CHECK(labelled[0].label == "today");
  CHECK(labelled[1].label == "grown");
  const auto bare = folder.read({"x1", "x2", "mine=x4"});
  CHECK(bare[0].label == folder.path("x1"));
  CHECK(bare[1].label == folder.path("x2"));
  CHECK(bare[2].label == "mine");
}

TEST_CASE("results that do not stand side by side are refused", "[capacity]") {
  const ResultsFolder folder;
  folder.write("a", {});
  folder.write("old", {.version = "0.1.0"});
  folder.write("cut", {.partial = true});
  CHECK(folder.problem({"a", "old"}).find("is of version 0.1.0") != std::string::npos);
  CHECK(folder.problem({"a", "cut"}).find("was stopped before its end") != std::string::npos);
  CHECK(folder.problem({"a", "none"}).find("there is no such file or folder") != std::string::npos);
}

}  // namespace casim::sim
