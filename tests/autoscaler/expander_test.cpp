#include "sim/autoscaler/scaleup/expander.h"
#include "sim/autoscaler/options/expander_names.h"

#include <cmath>
#include <limits>

#include "sim/autoscaler/scaleup/price_expander.h"
#include "sim/autoscaler/scaleup/priority_expander.h"
#include "tests/catch.h"

namespace casim::sim {

TEST_CASE("chains of expanders", "[autoscaler]") {
  CHECK(problem_of_expanders({"price", "priority", "least-waste", "random"}).empty());
  CHECK(problem_of_expanders({}) == "expected at least one expander");
  CHECK(problem_of_expanders({"price", "price"}) == "expander \"price\" is named twice");
  CHECK(problem_of_expanders({"random", "price"}) ==
        "expander \"price\" stands behind random, which leaves one option");
  CHECK(problem_of_expanders({"least-wast"}) ==
        "unknown expander \"least-wast\"; did you mean \"least-waste\"?");
  CHECK_FALSE(problem_of_expanders({"grpc"}).empty());
}

TEST_CASE("the preferred machine doubles as the cluster triples", "[autoscaler]") {
  const std::vector<std::pair<std::size_t, int>> table = {
      {0, 1},  {2, 1},  {3, 2},   {6, 2},    {7, 4},    {20, 4},
      {21, 8}, {60, 8}, {61, 16}, {200, 16}, {201, 32}, {100000, 32}};
  for (const auto& [nodes, cores] : table) {
    CHECK(preferred_cpu(nodes) == MilliCpu(std::int64_t{1000} * cores));
  }
}

TEST_CASE("the price score: ratio of prices times damped distance from the preferred size",
          "[autoscaler]") {
  PriceTerms terms;
  terms.nodes_price = 90;
  terms.pods_price = 20;
  terms.stabilization_price = 10;
  terms.node_count = 1;
  terms.cpu = MilliCpu(4000);
  terms.preferred = MilliCpu(4000);
  const double ratio = (90.0 + 10) / (20 + 10);
  CHECK(price_score(terms) == ratio);
  terms.preferred = MilliCpu(16000);
  CHECK(price_score(terms) == 4 * ratio);
  terms.cpu = MilliCpu(64000);
  CHECK(price_score(terms) == 4 * ratio);
  terms.node_count = 16;
  CHECK(price_score(terms) == (3 * (1 - std::tanh(1.0)) + 1) * ratio);
  terms.has_gpu = true;
  CHECK(price_score(terms) == 1000 * ratio);
}

TEST_CASE("priorities: the highest list with an expression that is found in the id",
          "[autoscaler]") {
  const auto priorities = GroupPriorities::parse("10:\n  - .*\n50:\n  - .*t2\\.large.*\n  - 7\n");
  REQUIRE(priorities);
  CHECK(priorities->priority_of("my-t2.large-asg") == 50);
  CHECK(priorities->priority_of("pool-7") == 50);
  CHECK(priorities->priority_of("my-t3.large-asg") == 10);
  CHECK_FALSE(GroupPriorities::parse("10: [a]\n")->priority_of("b"));
}

TEST_CASE("priorities that cannot be read", "[autoscaler]") {
  for (const char* text : {"", "abc", "ten: [a]", "10: a", "10: [[a]]", "10: ['(']"}) {
    CAPTURE(text);
    CHECK_FALSE(GroupPriorities::parse(text));
  }
  CHECK(GroupPriorities::parse("ten: [a]").error() == "\"ten\" is no whole number");
  CHECK(GroupPriorities::parse("10: a").error() == "10: expected a list, found \"a\"");
  CHECK(GroupPriorities::parse("10: [b, '(']").error() == "10: the expression \"(\": missing ): (");
}

}  // namespace casim::sim
