#include "sim/faults/recurrence.h"

#include <set>

#include "sim/faults/rpc_connection.h"
#include "tests/catch.h"

namespace casim::sim {

using namespace std::chrono_literals;

namespace {

std::vector<Spell> spells_of(const Recurrence& every, Duration run, std::uint64_t key = 1,
                             std::uint64_t seed = 1) {
  Kernel kernel{WallTime()};
  const Random random(seed);
  std::vector<Spell> spells;
  RecurringSpells::start(kernel, random, every, 7s, key, [&](const Spell& spell) {
    CHECK(spell.from == kernel.now());
    spells.push_back(spell);
  });
  kernel.run(kTimeZero + run, 1'000'000);
  return spells;
}

}  // namespace

TEST_CASE("spells follow each other, each after the end of the one before", "[faults]") {
  const auto spells = spells_of({.mean_time_between = Distribution::constant(10s),
                                 .mean_time_to_repair = Distribution::constant(5s)},
                                39s);
  REQUIRE(spells.size() == 2);
  CHECK(spells[0].from == kTimeZero + 10s);
  CHECK(spells[0].to == kTimeZero + 15s);
  CHECK(spells[1].from == kTimeZero + 25s);
  CHECK(spells[0].key != spells[1].key);
}

TEST_CASE("without a time to repair a spell has the fault's own length", "[faults]") {
  const auto spells =
      spells_of({.mean_time_between = Distribution::constant(10s), .mean_time_to_repair = {}}, 12s);
  REQUIRE(spells.size() == 1);
  CHECK(spells[0].to - spells[0].from == 7s);
}

TEST_CASE("times are drawn: as often as their means say, and by seed and fault", "[faults]") {
  const Recurrence every{
      .mean_time_between = Distribution(Exponential{.mean = 540}),
      .mean_time_to_repair = Distribution(Exponential{.mean = 60}),
  };
  const auto spells = spells_of(every, 6000h);
  // A renewal every 600 s on average, with a standard deviation of 543 s: 36,000 +- 172.
  CHECK(std::abs(static_cast<double>(spells.size()) - 36'000) < 3 * 172);
  Duration down{};
  for (const Spell& spell : spells) down += spell.to - spell.from;
  CHECK(std::abs(to_seconds(down) / to_seconds(6000h) - 0.1) < 0.003);
  CHECK(spells_of(every, 1h, 1)[0].from == spells[0].from);
  CHECK(spells_of(every, 10h, 2)[0].from != spells[0].from);
  CHECK(spells_of(every, 10h, 1, 2)[0].from != spells[0].from);
}

TEST_CASE("spells without any length or pause do not stop the run", "[faults]") {
  const Recurrence every{.mean_time_between = Distribution(),
                         .mean_time_to_repair = Distribution()};
  const auto spells = spells_of(every, 100s);
  CHECK(spells.size() == 100);
  CHECK(spells[0].from == kTimeZero + RecurringSpells::kLeastBetween);
}

TEST_CASE("a spell that would begin or end past the timeline's end does not wrap", "[faults]") {
  const Recurrence every{
      .mean_time_between = Distribution::constant(24h * 365 * 100),
      .mean_time_to_repair = Distribution::constant(24h * 365 * 100),
  };
  const auto spells = spells_of(every, 24h * 365 * 290);
  REQUIRE(spells.size() == 1);  // the next would begin after 300 years
  CHECK(spells[0].to > spells[0].from);
}

TEST_CASE("a channel dials at once, then at pauses that grow up to two minutes", "[faults]") {
  const Random random(1);
  CHECK(next_dial(kTimeZero, kTimeZero, random, 1) == kTimeZero);
  std::set<TimePoint> dials;
  for (std::uint64_t key = 0; key < 50; ++key) {
    CAPTURE(key);
    const TimePoint first = next_dial(kTimeZero, kTimeZero + 1ms, random, key);
    CHECK(first >= kTimeZero + 800ms);
    CHECK(first <= kTimeZero + 1200ms);
    dials.insert(first);
    const TimePoint late = next_dial(kTimeZero, kTimeZero + 1h, random, key);
    CHECK(late >= kTimeZero + 1h);
    CHECK(late < kTimeZero + 1h + 144s);
  }
  CHECK(dials.size() == 50);
}

}  // namespace casim::sim
