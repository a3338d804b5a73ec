#include "sim/study/paired_comparison.h"

#include <cmath>

#include "sim/study/comparison_text.h"
#include "sim/study/gate.h"
#include "sim/study/wall_time.h"
#include "tests/catch.h"
#include "tests/study/paired_sets.h"

namespace casim::sim {

TEST_CASE("pairs show a change that the spread over seeds would hide", "[study]") {
  // 0.5 USD among costs from 80 to 120.
  const Comparison comparison = with_change(0.5, 7).compared();
  CHECK(comparison.name == "s, 20 paired seeds");
  REQUIRE(worse(comparison) == std::vector<std::string>{"cost.usd"});
  const ChangedValue& cost = comparison.changed.front();
  REQUIRE(cost.paired);
  CHECK(*cost.difference == Approx(0.5).margin(0.2));
  CHECK(cost.paired->mean.low > 0);
  CHECK(cost.paired->mean.low < *cost.difference);
  CHECK(cost.paired->mean.high > *cost.difference);
  CHECK(cost.paired->p <= 0.05);
  CHECK(worse(with_change(-0.5, 7).compared()).empty());
}

TEST_CASE("the paired t test is that of the tables, and corrected by Holm", "[study]") {
  // Differences 1, 2, 3, 4, 5: mean 3, standard error 0.7071, t = 4.2426 of 4 degrees: p = 0.01324.
  PairedSets sets;
  for (std::uint64_t seed = 1; seed <= 5; ++seed) {
    sets.base.push_back(summary_of(seed, 10, 50));
    sets.now.push_back(summary_of(seed, 10 + static_cast<double>(seed), 50));
  }
  CHECK(sets.compared().changed.front().paired->p == Approx(0.01324).margin(0.00001));
  // A second value that changes the other way round: each p at least doubles, the greater at least
  // once.
  for (std::uint64_t seed = 1; seed <= 5; ++seed) {
    sets.now[seed - 1] =
        summary_of(seed, 10 + static_cast<double>(seed), 50 + (seed % 2 == 0 ? 1.0 : -1.0));
  }
  for (const ChangedValue& value : sets.compared().changed) {
    REQUIRE(value.paired);
    if (value.path == "cost.usd") CHECK(value.paired->p == Approx(2 * 0.01324).margin(0.0001));
  }
}

TEST_CASE("never is worse than any number, also in one of the runs", "[study]") {
  PairedSets sets;
  for (std::uint64_t seed = 1; seed <= 5; ++seed) {
    sets.base.push_back(summary_of(seed, 10, 50));
    sets.now.push_back(summary_of(seed, 10, seed == 3 ? Value() : Value(50)));
  }
  CHECK(worse(sets.compared()) == std::vector<std::string>{"scale_up_latency.total.p99"});
  std::swap(sets.base, sets.now);
  CHECK(worse(sets.compared()).empty());
}

TEST_CASE("a gate is broken only by what is sure", "[study]") {
  const Comparison comparison = with_change(0.5, 7).compared();
  const double low = comparison.changed.front().paired->mean.low;
  const auto fails = [&](double limit) {
    Gate gate;
    gate.limits["cost.usd"] = {limit, false};
    return !failures(comparison, &gate).empty();
  };
  CHECK(fails(low - 0.01));
  CHECK_FALSE(fails(low + 0.01));
}

TEST_CASE("pairs of other seeds are no pairs", "[study]") {
  PairedSets sets = with_change(0, 7);
  std::swap(sets.now[0], sets.now[1]);
  std::vector<SummaryPair> pairs;
  for (std::size_t i = 0; i < sets.base.size(); ++i) {
    pairs.emplace_back(&sets.base[i], &sets.now[i]);
  }
  const auto comparison = compare_replicated("s", pairs, false);
  REQUIRE_FALSE(comparison);
  CHECK(comparison.error().find("are different runs") != std::string::npos);
}

TEST_CASE("noise in wall time is no slowdown, twice the time is one", "[study]") {
  using Times = std::vector<std::pair<std::optional<RunDuration>, std::optional<RunDuration>>>;
  const auto times = [](double factor, const char* host, int pairs) {
    Times out;
    for (int i = 0; i < pairs; ++i) {
      const auto n = static_cast<std::uint64_t>(i);
      // Up to 30 % more, by what else the machine does.
      out.emplace_back(RunDuration{1 + 0.3 * luck(n, 1), "a"},
                       RunDuration{factor * (1 + 0.3 * luck(n, 2)), host});
    }
    return out;
  };
  const auto noise = compare_wall_times(times(1, "a", 12));
  REQUIRE(noise);
  CHECK_FALSE(is_slower(*noise, 0));
  CHECK(to_text(*noise).ends_with("; noise"));
  const auto slower = compare_wall_times(times(2, "a", 12));
  REQUIRE(slower);
  CHECK(is_slower(*slower, 0.2));
  CHECK_FALSE(is_slower(*slower, 2));
  CHECK_FALSE(is_slower(*compare_wall_times(times(2, "b", 12)), 0.2));
  CHECK_FALSE(is_slower(*compare_wall_times(times(2, "a", 5)), 0.2));
  CHECK_FALSE(compare_wall_times({{RunDuration{0.01, "a"}, RunDuration{1, "a"}}}));
  CHECK_FALSE(compare_wall_times({{std::nullopt, RunDuration{1, "a"}}}));
}

}  // namespace casim::sim
