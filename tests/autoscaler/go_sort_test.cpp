#include "sim/autoscaler/order/go_sort.h"

#include <algorithm>
#include <numeric>
#include <tuple>
#include <vector>

#include "src/core/random.h"
#include "tests/catch.h"

namespace casim::sim {
namespace {

struct Item {
  int key = 0;
  int place = 0;  // in the input
};

std::vector<Item> items(const std::vector<int>& keys) {
  std::vector<Item> result;
  for (const int key : keys) result.push_back({key, static_cast<int>(result.size())});
  return result;
}

bool by_key(const Item& a, const Item& b) { return a.key < b.key; }

// FNV-1 over the places, in the order they came out.
std::uint64_t print_of(const std::vector<Item>& list) {
  std::uint64_t hash = 1469598103934665603U;
  for (const Item& item : list) {
    hash = (hash ^ static_cast<std::uint64_t>(item.place)) * 1099511628211U;
  }
  return hash;
}

// Pseudo-random keys below `kinds`, by a generator that is written down in a line in any language.
std::vector<int> mixed_keys(int count, std::uint64_t seed, std::uint64_t kinds) {
  std::vector<int> keys;
  for (int i = 0; i < count; ++i) {
    seed = seed * 6364136223846793005U + 1442695040888963407U;
    keys.push_back(static_cast<int>((seed >> 33U) % kinds));
  }
  return keys;
}

// As with candidates for removal: some late ones first, and few of the others.
std::vector<int> two_keys(int count) {
  std::vector<int> keys;
  for (int i = 0; i < count; ++i) {
    const bool is_first = (i >= count / 3 && i < count - 4) || i % 11 == 9;
    keys.push_back(is_first ? 0 : 1);
  }
  return keys;
}

}  // namespace

// Recorded from sort.Slice of Go 1.26.
TEST_CASE("equal elements come out in Go's own order", "[autoscaler]") {
  struct Case {
    std::vector<int> keys;
    std::uint64_t print;
  };

  const std::vector<Case> cases = {
      {mixed_keys(26, 7, 3), 1525175939723027128U},
      {mixed_keys(40, 13, 4), 8629783508940964803U},
      {mixed_keys(100, 37, 5), 1227022480840392677U},
      {mixed_keys(300, 77, 7), 13069872519592469173U},
      {two_keys(26), 9349050328111791406U},
      {two_keys(61), 8805332982413610165U},
      {two_keys(200), 10926720534335879975U},
  };
  for (const Case& c : cases) {
    CAPTURE(c.keys.size());
    std::vector<Item> list = items(c.keys);
    go_sort(list, by_key);
    CHECK(print_of(list) == c.print);
  }
}

TEST_CASE("short lists keep the order of equals", "[autoscaler]") {
  std::vector<Item> list = items({2, 1, 2, 1, 0, 2, 1, 0, 0, 1, 2, 1});
  go_sort(list, by_key);
  CHECK(std::is_sorted(list.begin(), list.end(), [](const Item& a, const Item& b) {
    return std::tie(a.key, a.place) < std::tie(b.key, b.place);
  }));
}

TEST_CASE("any list comes out sorted, with all of its elements", "[autoscaler]") {
  const auto seed = GENERATE(range(0, 300));
  CAPTURE(seed);
  const Random random(static_cast<std::uint64_t>(seed));
  const std::uint64_t length = random.index("length", 0, 0, 400);
  const std::uint64_t kinds = 1 + random.index("kinds", 0, 0, 50);
  std::vector<int> keys;
  for (std::uint64_t i = 0; i < length; ++i) {
    keys.push_back(static_cast<int>(random.index("key", i, 0, kinds)));
  }
  // Patterns that quicksorts trip over.
  if (seed % 4 == 1) std::sort(keys.begin(), keys.end());
  if (seed % 4 == 2) std::sort(keys.rbegin(), keys.rend());
  std::vector<Item> list = items(keys);
  go_sort(list, by_key);
  CHECK(std::is_sorted(list.begin(), list.end(), by_key));
  std::vector<int> places;
  for (const Item& item : list) places.push_back(item.place);
  std::sort(places.begin(), places.end());
  std::vector<int> all(places.size());
  std::iota(all.begin(), all.end(), 0);
  CHECK(places == all);
}

}  // namespace casim::sim
