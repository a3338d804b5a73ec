// Arrivals against the rate that they are made of: by the test of Kolmogorov and Smirnov, by their
// number, and by what does not change when the rate does.
#include "sim/load/arrival_process.h"

#include <algorithm>
#include <cmath>
#include <set>

#include "sim/load/rate_shapes.h"
#include "tests/catch.h"

using namespace casim;
using namespace casim::sim;
using namespace std::chrono_literals;

namespace {

using Times = std::vector<double>;

const WallTime kMonday(std::chrono::seconds(1'767'571'200));

std::vector<Arriving> all(std::unique_ptr<ArrivalStream> stream) {
  std::vector<Arriving> arrivals;
  while (const auto arriving = stream->next()) arrivals.push_back(*arriving);
  return arrivals;
}

Times times(const std::vector<Arriving>& arrivals) {
  Times out;
  for (const Arriving& arriving : arrivals) out.push_back(to_seconds(arriving.at));
  return out;
}

Times poisson(const RatePtr& rate, double end, std::uint64_t seed = 1) {
  return times(all(poisson_arrivals(rate, end, Random(seed), 7)));
}

// The greatest distance between the arrivals' own distribution and that of the rate, in units of
// what independent draws exceed once in 10,000 trials.
double misfit(const Times& arrivals, const Rate& rate, double end) {
  const double whole = integral(rate, 0, end);
  const auto n = static_cast<double>(arrivals.size());
  double greatest = 0;
  double pods = 0;
  double before = 0;
  for (std::size_t i = 0; i < arrivals.size(); ++i) {
    if (arrivals[i] > before) pods += integral(rate, before, arrivals[i]);
    before = arrivals[i];
    const auto below = static_cast<double>(i);
    greatest = std::max({greatest, pods / whole - below / n, (below + 1) / n - pods / whole});
  }
  return greatest / std::sqrt(-std::log(0.0001 / 2) / 2 / n);
}

// Gaps in units of the rate between them: exponential with mean 1 if they are a Poisson process.
double misfit_of_gaps(const Times& arrivals, const Rate& rate) {
  Times gaps;
  double before = 0;
  for (const double t : arrivals) {
    gaps.push_back(t > before ? integral(rate, before, t) : 0);
    before = t;
  }
  std::ranges::sort(gaps);
  double greatest = 0;
  const auto n = static_cast<double>(gaps.size());
  for (std::size_t i = 0; i < gaps.size(); ++i) {
    const double expected = 1 - std::exp(-gaps[i]);
    const auto below = static_cast<double>(i);
    greatest = std::max({greatest, expected - below / n, (below + 1) / n - expected});
  }
  return greatest / std::sqrt(-std::log(0.0001 / 2) / 2 / n);
}

struct Row {
  const char* name;
  RatePtr rate;
  double end;
};

std::vector<Row> rows() {
  const Random random(5);
  return {
      {"constant", constant_rate(2), 5000},
      {"slow", constant_rate(1.0 / 3600), 3600.0 * 5000},
      {"ramp", ramp(1000, 3000, 0.5, 6), 5000},
      {"cycle", cycle({0.2, cosine_day(0.2, 50'000), {1, 1, 1, 1, 1, 0.4, 0.2}, kMonday}), 86'400},
      {"bursts", bursts({500, 100, 600, 5, 300}, random, 3), 9000},
      {"modulated",
       modulated(
           {{0.2, Distribution(Exponential{300}), {}}, {20, Distribution(Exponential{30}), {}}},
           random, 3),
       4000},
      {"sum", sum({constant_rate(1), window(scaled(constant_rate(10), 0.7), 500, 700)}), 5000},
  };
}

}  // namespace

TEST_CASE("Poisson arrivals fit the rate that they are made of", "[load]") {
  const std::uint64_t seed = GENERATE(range<std::uint64_t>(0, 4));
  for (const Row& row : rows()) {
    CAPTURE(seed);
    CAPTURE(row.name);
    const Times arrivals = poisson(row.rate, row.end, seed);
    const double expected = integral(*row.rate, 0, row.end);
    REQUIRE(expected > 1000);
    CHECK(std::abs(static_cast<double>(arrivals.size()) - expected) < 4 * std::sqrt(expected));
    CHECK(misfit(arrivals, *row.rate, row.end) < 1);
    CHECK(misfit_of_gaps(arrivals, *row.rate) < 1);
    CHECK(std::ranges::is_sorted(arrivals));
  }
}

TEST_CASE("arrivals of one rate do not fit another one", "[load]") {
  const std::vector<Row> all_rows = rows();
  for (const Row& drawn : all_rows) {
    for (const Row& other : all_rows) {
      if (drawn.end != other.end || drawn.rate == other.rate) continue;
      CAPTURE(drawn.name);
      CAPTURE(other.name);
      CHECK(misfit(poisson(drawn.rate, drawn.end), *other.rate, drawn.end) > 2);
    }
  }
  const Times plain = poisson(constant_rate(2), 5000);
  CHECK(misfit(plain, *ramp(0, 5000, 1.7, 2.3), 5000) > 1);
  CHECK(misfit_of_gaps(plain, *constant_rate(2.3)) > 1);
}

TEST_CASE("regular arrivals are no Poisson process", "[load]") {
  const Times regular = times(all(regular_arrivals(constant_rate(2), 5000)));
  CHECK(regular.size() == 10'000);
  CHECK(misfit_of_gaps(regular, *constant_rate(2)) > 10);
}

TEST_CASE("a rate that doubles keeps all arrivals, with their indexes", "[load]") {
  for (const Row& row : rows()) {
    CAPTURE(row.name);
    const auto once = all(poisson_arrivals(row.rate, row.end, Random(2), 7));
    const auto twice = all(poisson_arrivals(scaled(row.rate, 2), row.end, Random(2), 7));
    CHECK(static_cast<double>(twice.size()) / static_cast<double>(once.size()) ==
          Approx(2).epsilon(0.1));
    std::set<std::pair<Duration, std::uint64_t>> greater;
    for (const Arriving& arriving : twice) greater.emplace(arriving.at, arriving.index);
    CHECK(greater.size() == twice.size());
    for (const Arriving& arriving : once) {
      REQUIRE(greater.contains({arriving.at, arriving.index}));
    }
  }
}

TEST_CASE("what is added to a rate moves no arrival of it", "[load]") {
  const auto before = all(poisson_arrivals(constant_rate(1), 2000, Random(2), 7));
  const RatePtr more = sum({constant_rate(1), window(constant_rate(50), 1000, 1010)});
  const auto after = all(poisson_arrivals(more, 2000, Random(2), 7));
  CHECK(after.size() > before.size() + 400);
  std::size_t found = 0;
  for (const Arriving& arriving : after) {
    found += std::ranges::find(before, arriving) != before.end() ? 1 : 0;
  }
  CHECK(found == before.size());
}

TEST_CASE("another key or seed gives other arrivals, the same gives the same", "[load]") {
  const RatePtr rate = constant_rate(1);
  CHECK(poisson(rate, 1000, 1) == poisson(rate, 1000, 1));
  CHECK(poisson(rate, 1000, 1) != poisson(rate, 1000, 2));
  CHECK(poisson(rate, 1000) != times(all(poisson_arrivals(rate, 1000, Random(1), 8))));
}

TEST_CASE("a peak of a second in a quiet year costs no year of candidates", "[load]") {
  const double year = 365 * 86'400.0;
  const RatePtr rate =
      sum({constant_rate(1e-5), window(constant_rate(100'000), year / 2, year / 2 + 1)});
  const Times arrivals = poisson(rate, year);
  CHECK(std::abs(static_cast<double>(arrivals.size()) - 100'315) < 4 * 317);
}

TEST_CASE("no rate, no arrivals", "[load]") {
  CHECK(poisson(constant_rate(0), 1000).empty());
  CHECK(poisson(constant_rate(1), 0).empty());
  CHECK(all(regular_arrivals(constant_rate(0), 1000)).empty());
  CHECK(all(regular_arrivals(constant_rate(1), 0)).empty());
}

TEST_CASE("regular arrivals come when the rate has added up to them", "[load]") {
  CHECK(times(all(regular_arrivals(constant_rate(0.5), 5))) == Times{0, 2, 4});
  CHECK(times(all(regular_arrivals(window(constant_rate(2), 10, 12), 100))) ==
        Times{10, 10.5, 11, 11.5});
  // The integral of 2t is t^2.
  CHECK(times(all(regular_arrivals(ramp(0, 10, 0, 20), 3.5))) ==
        Times{0, 1, 1.414214, 1.732051, 2, 2.236068, 2.44949, 2.645751, 2.828427, 3, 3.162278,
              3.316625, 3.464102});
}

TEST_CASE("a regular burst has exactly its size, and twice as many keep its times", "[load]") {
  const Random random(5);
  const RatePtr rate = bursts({7, 1, 60, 0.3, 20}, random, 3);
  const auto once = all(regular_arrivals(rate, 60'000));
  CHECK(once.size() == 7'000);
  for (std::size_t i = 0; i < once.size(); ++i) {
    REQUIRE(static_cast<std::size_t>((to_seconds(once[i].at) - 1) / 60) == i / 7);
  }
  const auto twice = all(regular_arrivals(scaled(rate, 2), 60'000));
  REQUIRE(twice.size() == 14'000);
  for (std::size_t i = 0; i < once.size(); ++i) REQUIRE(once[i].at == twice[2 * i].at);
}
