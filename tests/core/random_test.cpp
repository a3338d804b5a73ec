#include "src/core/random.h"

#include <algorithm>
#include <array>
#include <bit>
#include <cmath>
#include <set>
#include <string>

#include "tests/catch.h"

namespace casim {
namespace {

// Results of every run hang on these: a change here is a change of all digests.
TEST_CASE("hashes and draws never change", "[core]") {
  CHECK(hash_bytes("") == 0xe220a8397b1dcdaf);
  CHECK(hash_bytes("ec2.boot") == 0x2999e61d444357a2);
  CHECK(hash_bytes("a longer text than one word") == 0x7ea14a0d03353e99);
  CHECK(hash_bytes("ec2.boot", 42) == 0x17237b3579731137);
  CHECK(hash_combine(1, 2) == 0xbcd9dbb49673066b);
  const Random random(42);
  CHECK(random.bits("ec2.boot", 7, 3) == 0x2fae74556420c87b);
  CHECK(random.uniform("ec2.boot", 7, 3) == (0x2fae74556420cp0 + 0.5) * 0x1p-52);
  CHECK(random.index("ec2.boot", 7, 3, 1000) == 186);
}

TEST_CASE("seed, purpose, key and number each change the draw", "[core]") {
  const Random random(1);
  const std::uint64_t base = random.bits("a", 2, 3);
  CHECK(Random(2).bits("a", 2, 3) != base);
  CHECK(random.bits("b", 2, 3) != base);
  CHECK(random.bits("a", 3, 3) != base);
  CHECK(random.bits("a", 2, 4) != base);
  CHECK(random.bits("a", 3, 2) != base);
}

TEST_CASE("zero bytes at the end of a text count", "[core]") {
  std::set<std::uint64_t> seen;
  for (std::size_t n = 0; n < 40; ++n) seen.insert(hash_bytes(std::string(n, '\0')));
  CHECK(seen.size() == 40);
}

TEST_CASE("each input bit flips half of the output bits", "[core]") {
  const Random random(5);
  constexpr int kSamples = 200;
  for (unsigned bit = 0; bit < 64; ++bit) {
    int key_flips = 0;
    int number_flips = 0;
    for (std::uint64_t i = 0; i < kSamples; ++i) {
      const std::uint64_t base = random.bits("x", i, i);
      const std::uint64_t flip = std::uint64_t{1} << bit;
      key_flips += std::popcount(base ^ random.bits("x", i ^ flip, i));
      number_flips += std::popcount(base ^ random.bits("x", i, i ^ flip));
    }
    CAPTURE(bit);
    CHECK(std::abs(key_flips - 32 * kSamples) < 300);  // sigma is 57
    CHECK(std::abs(number_flips - 32 * kSamples) < 300);
  }
}

TEST_CASE("uniform draws fill the open interval evenly", "[core]") {
  const std::uint64_t seed = GENERATE(range<std::uint64_t>(0, 10));
  CAPTURE(seed);
  const Random random(seed);
  constexpr int kSamples = 20'000;
  std::array<int, 20> cells{};
  for (std::uint64_t n = 0; n < kSamples; ++n) {
    const double u = random.uniform("u", 1, n);
    REQUIRE(u > 0);
    REQUIRE(u < 1);
    ++cells.at(static_cast<std::size_t>(u * 20));
  }
  double chi_square = 0;
  for (const int count : cells) chi_square += std::pow(count - kSamples / 20, 2) / (kSamples / 20);
  CHECK(chi_square < 50);  // 19 degrees of freedom: exceeded once in 7,000 trials
}

TEST_CASE("an index stays below its count and reaches all of it", "[core]") {
  const Random random(3);
  std::set<std::uint64_t> seen;
  for (std::uint64_t n = 0; n < 200; ++n) seen.insert(random.index("i", 0, n, 7));
  CHECK(seen.size() == 7);
  CHECK(*seen.rbegin() == 6);
  CHECK(random.index("i", 0, 0, 1) == 0);
}

}  // namespace
}  // namespace casim
