#include "sim/autoscaler/scaleup/balancing.h"

#include <climits>

#include "tests/catch.h"

namespace casim::sim {
namespace {

struct Size {
  int current;
  int max;
};

// What each group ends at, in the order of the result. Groups are told apart by their maximum.
std::vector<std::pair<int, int>> balanced(const std::vector<Size>& sizes, int new_nodes) {
  std::vector<ScaleUpInfo> groups;
  for (const Size size : sizes) {
    groups.push_back(ScaleUpInfo{nullptr, size.current, size.current, size.max});
  }
  std::vector<std::pair<int, int>> result;
  for (const ScaleUpInfo& info : balance(std::move(groups), new_nodes)) {
    result.emplace_back(info.max_size, info.new_size);
  }
  return result;
}

using Sizes = std::vector<std::pair<int, int>>;

}  // namespace

TEST_CASE("new nodes level the smallest groups first", "[autoscaler]") {
  CHECK(balanced({{5, 20}, {1, 21}, {3, 22}}, 2) == Sizes{{21, 3}});
  CHECK(balanced({{5, 20}, {1, 21}, {3, 22}}, 3) == Sizes{{21, 4}});
  CHECK(balanced({{5, 20}, {1, 21}, {3, 22}}, 4) == Sizes{{21, 4}, {22, 4}});
  CHECK(balanced({{5, 20}, {1, 21}, {3, 22}}, 9) == Sizes{{21, 6}, {22, 6}, {20, 6}});
}

TEST_CASE("a full group leaves its share to the others", "[autoscaler]") {
  CHECK(balanced({{1, 3}, {3, 10}}, 4) == Sizes{{3, 3}, {10, 5}});
  CHECK(balanced({{3, 3}, {1, 10}}, 2) == Sizes{{10, 3}});
}

TEST_CASE("a group above its maximum takes nothing and gives no room", "[autoscaler]") {
  CHECK(balanced({{6, 3}, {1, 4}}, 5) == Sizes{{4, 4}});
  CHECK(balanced({{6, 3}}, 5).empty());
}

TEST_CASE("more nodes than there is room for are cut", "[autoscaler]") {
  CHECK(balanced({{0, 1}, {0, 2}, {2, 4}}, 100) == Sizes{{1, 1}, {2, 2}, {4, 4}});
  CHECK(balanced({}, 3).empty());
  CHECK(balanced({{0, INT_MAX}, {0, INT_MAX - 1}}, 3) == Sizes{{INT_MAX, 2}, {INT_MAX - 1, 1}});
}

TEST_CASE("sizes differ by at most one where all groups have room", "[autoscaler]") {
  for (int nodes = 0; nodes < 40; ++nodes) {
    int sum = 0;
    for (const auto& [max, size] : balanced({{4, 50}, {0, 51}, {2, 52}}, nodes)) sum += size;
    const Sizes sizes = balanced({{4, 50}, {4, 51}, {4, 52}}, nodes);
    for (const auto& [max, size] : sizes) {
      CHECK(size >= 4 + nodes / 3);
      CHECK(size <= 4 + (nodes + 2) / 3);
    }
    CHECK(sum >= nodes);
  }
}

}  // namespace casim::sim
