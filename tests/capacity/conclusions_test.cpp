#include "sim/capacity/conclusions.h"

#include "sim/capacity/capacity_html.h"
#include "tests/capacity/stored_variant.h"

namespace casim::sim {
namespace {

bool has(const std::string& text, const std::string& part) {
  return text.find(part) != std::string::npos;
}

}  // namespace

TEST_CASE("growth is told against the first variant", "[capacity]") {
  const ResultsFolder folder;
  folder.write("a", {.p99 = 80.0, .usd = 10, .pods = 400});
  folder.write("b", {.p99 = 200.0, .usd = 10, .pods = 1600, .holds = false});
  const auto told = conclusions(folder.read({"x1=a", "x4=b"}));
  REQUIRE(told.size() == 3);
  CHECK(has(told[0], "x1: 99 % of the pods that wait for a new node run within 80 s"));
  CHECK(has(told[0], "it costs 10 USD"));
  CHECK(has(told[1], "x4, against x1: 4 times the pods (1600 pods, not 400 pods)"));
  CHECK(has(told[1], "2.5 times the wait of the slowest hundredth for a new node (200 s, not 80"));
  CHECK(has(told[1], "the same nodes at the peak, cost"));
  CHECK(has(told[1], "it breaks pods.lost == 0"));
}

TEST_CASE("a percentile that falls on pods that never ran is said so", "[capacity]") {
  const ResultsFolder folder;
  folder.write("a", {.p99 = 80.0});
  folder.write("b", {.p99 = config::Value()});
  const auto told = conclusions(folder.read({"x1=a", "x4=b"}));
  CHECK(has(told[1], "the slowest hundredth of the pods never runs"));
}

TEST_CASE("the fastest and the cheapest are named", "[capacity]") {
  const ResultsFolder folder;
  folder.write("a", {.p99 = 80.0, .usd = 10});
  folder.write("b", {.p99 = 60.0, .usd = 12});
  CHECK(conclusions(folder.read({"lean=a", "rich=b"})).back() ==
        "rich is the fastest (99 % within 60 s), lean is the cheapest (10 USD).");
}

TEST_CASE("what the account needs is the most of any run", "[capacity]") {
  const ResultsFolder folder;
  folder.write("a/1", {.seed = 1, .vcpus = 64});
  folder.write("a/2", {.seed = 2, .vcpus = 96});
  folder.write("b", {.vcpus = 1152});
  const auto alone = requirements_in_words(folder.read({"x1=a"}));
  REQUIRE(alone.size() == 1);
  CHECK(alone[0] ==
        "The account needs 96 vCPUs of the quota \"standard\" (x1); the scenario allows 1152.");
  CHECK(has(requirements_in_words(folder.read({"x1=a", "x4=b"}))[0],
            "all of them were used: it may have needed more"));
}

TEST_CASE("the page has each number exactly, and no markup of a label", "[capacity]") {
  const ResultsFolder folder;
  folder.write("a", {.p99 = 81.724, .usd = 10.25});
  folder.write("b", {.p99 = 60.0, .usd = 12});
  const std::string page = capacity_html(folder.read({"<b>=a", "two=b"}));
  CHECK(has(page,
            R"(<data value="81.724" data-of="0" data-path="scale_up_latency.total.p99">81.7<)"));
  CHECK(has(page, R"(<data value="12.0" data-of="1" data-path="cost.usd">12</data>)"));
  CHECK(has(page, "&lt;b&gt;"));
  CHECK_FALSE(has(page, "<b>="));
  CHECK_FALSE(has(page, "<script"));
}

}  // namespace casim::sim
