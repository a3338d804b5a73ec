#include "sim/ec2/supply.h"

#include "tests/catch.h"
#include "tests/sim_ec2/ec2_world.h"

using namespace casim;
using namespace casim::sim;

namespace {

// Asks once a minute for so many hours; which answers were no.
struct Asked {
  explicit Asked(PoolShortages entry, std::uint64_t seed = 1)
      : random(seed), shortages{std::move(entry)}, supply(random, shortages) {}

  bool has(const std::string& zone, int minute, const std::string& type = "m6i.large") {
    InstancePool pool;
    pool.key = hash_bytes(type + zone);
    return supply.has(pool, {.type = type,
                             .zone = zone,
                             .n = static_cast<std::uint64_t>(minute),
                             .at = kTimeZero + minute * 1min});
  }

  Random random;
  std::vector<PoolShortages> shortages;
  Supply supply;
};

PoolShortages shortage(Duration up, Duration down, double all_zones = 0) {
  PoolShortages entry;
  entry.mean_up = up;
  entry.mean_down = down;
  entry.refused_while_up = 0;
  entry.all_zones = all_zones;
  return entry;
}

}  // namespace

TEST_CASE("a pool is out of supply for its mean share of the time, in spells", "[ec2]") {
  Asked asked(shortage(9h, 1h));
  int down = 0;
  int spells = 0;
  bool was_down = false;
  constexpr int kMinutes = 60 * 40'000;
  for (int minute = 0; minute < kMinutes; ++minute) {
    const bool is_down = !asked.has("a", minute);
    down += is_down;
    spells += is_down && !was_down;
    was_down = is_down;
  }
  CHECK(std::abs(down / double{kMinutes} - 0.1) < 0.006);  // 4,000 spells: 3 times 0.002
  CHECK(std::abs(spells - 4000) < 250);
}

TEST_CASE("zones lack apart, together, or partly together, with the same share", "[ec2]") {
  const double all_zones = GENERATE(0.0, 0.5, 1.0);
  CAPTURE(all_zones);
  Asked asked(shortage(9h, 1h, all_zones));
  int first = 0;
  int both = 0;
  constexpr int kMinutes = 60 * 40'000;
  for (int minute = 0; minute < kMinutes; ++minute) {
    const bool a = !asked.has("a", minute);
    const bool b = !asked.has("b", minute);
    first += a;
    both += a && b;
  }
  const double together = both / static_cast<double>(first);
  CHECK(std::abs(first / double{kMinutes} - 0.1) < 0.01);
  if (all_zones == 0) CHECK(std::abs(together - 0.1) < 0.03);
  if (all_zones == 0.5) CHECK(std::abs(together - 0.55) < 0.06);
  if (all_zones == 1) CHECK(together == 1);
}

TEST_CASE("what a pool has does not hang on who asks how often, nor on other pools", "[ec2]") {
  Asked often(shortage(2h, 1h, 0.3));
  Asked rarely(shortage(2h, 1h, 0.3));
  Asked other(shortage(2h, 1h, 0.3), 2);
  int differs = 0;
  for (int minute = 0; minute < 60 * 200; ++minute) {
    const bool has = often.has("a", minute);
    often.has("b", minute);
    often.has("a", minute, "m5.large");
    if (minute % 60 != 0) continue;
    CHECK(rarely.has("a", minute) == has);
    differs += other.has("a", minute) != has;
  }
  CHECK(differs > 40);
}

TEST_CASE("a share of launches is refused while a pool is in supply", "[ec2]") {
  PoolShortages entry = shortage(24h * 365 * 90, 1s);
  entry.refused_while_up = 0.2;
  Asked asked(entry);
  int refused = 0;
  for (int minute = 0; minute < 10'000; ++minute) refused += !asked.has("a", minute);
  CHECK(std::abs(refused - 2000) < 120);
}

TEST_CASE("the first entry that names type and zone counts; without one all is there", "[ec2]") {
  PoolShortages entry = shortage(1ms, 24h * 365);
  entry.instance_types = {"m6i.large"};
  entry.zones = {"us-east-1b"};
  Ec2Config config = constant_config();
  config.capacity.shortages = {entry};
  Ec2World world(config);
  world.until(1h);  // it is down by now
  auto in_zone = [](const std::string& type, const std::string& zone) {
    auto request = of_type(type);
    request.zone = zone;
    return request;
  };
  const auto none = world.run(in_zone("m6i.large", "us-east-1b"));
  const auto other_zone = world.run(in_zone("m6i.large", "us-east-1a"));
  const auto other_type = world.run(in_zone("m5.large", "us-east-1b"));
  world.until(2h);
  CHECK(code_of(none) == "InsufficientInstanceCapacity");
  CHECK(code_of(other_zone) == "");
  CHECK(code_of(other_type) == "");
}
