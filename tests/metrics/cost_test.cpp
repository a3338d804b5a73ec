#include "sim/metrics/cost.h"

#include "tests/catch.h"

using namespace casim;
using namespace casim::sim;

namespace {

std::string text_of(const Costs& costs) {
  SummaryValues values;
  list_values(values, costs);
  return config::to_json(values.tree(), -1);
}

}  // namespace

TEST_CASE("costs add up by type and over all types", "[metrics]") {
  Costs costs;
  costs.add("a", 3600, Money{250'000});
  costs.add("a", 1800, Money{50'000});
  costs.add("b", 60, Money{1});
  CHECK(costs.total() == Money{300'001});
  CHECK(text_of(costs) == R"({"cost":{"usd":0.300001,"usd_by_type":{"a":0.3,"b":1e-06},)"
                          R"("instance_hours_by_type":{"a":1.5,"b":0.016666666666666666}}})");
}

TEST_CASE("the total is unknown where one price is", "[metrics]") {
  Costs costs;
  costs.add("a", 3600, Money{250'000});
  costs.add("x", 3600, std::nullopt);
  CHECK_FALSE(costs.total());
  CHECK(text_of(costs) == R"({"cost":{"usd":null,"usd_by_type":{"a":0.25},)"
                          R"("instance_hours_by_type":{"a":1.0,"x":1.0}}})");
}

TEST_CASE("without machines there is no cost", "[metrics]") { CHECK(Costs().total() == Money{0}); }
