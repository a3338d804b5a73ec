#include "sim/autoscaler/go_sort.h"

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

}  // namespace

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
