#include "sim/autoscaler/order/order_policy.h"

#include <map>
#include <string>
#include <vector>

#include "tests/catch.h"

namespace casim::sim {
namespace {

using Names = std::vector<std::string>;

std::string_view self(const std::string& name) { return name; }

Names arranged(const OrderPolicy& order, const OrderKey& key, Names names) {
  order.arrange(key, names, self);
  return names;
}

Names numbered(int count) {
  Names names;
  for (int i = 0; i < count; ++i) names.push_back("n" + std::to_string(i));
  return names;
}

}  // namespace

TEST_CASE("by name, entries stay as they are and the first one is chosen", "[autoscaler]") {
  const OrderPolicy order = OrderPolicy::by_name();
  CHECK(arranged(order, {"map", LoopId(1)}, numbered(9)) == numbered(9));
  CHECK(order.choose({"map", LoopId(1)}, numbered(9), self) == 0);
}

TEST_CASE("an order hangs on map, loop and visit, and on nothing that was asked before",
          "[autoscaler]") {
  const OrderPolicy order = OrderPolicy::seeded(Random(1));
  const Names first = arranged(order, {"map", LoopId(7), 2}, numbered(20));
  for (std::uint64_t n = 0; n < 5; ++n) order.choose({"other", LoopId(7), n}, numbered(3), self);
  CHECK(arranged(order, {"map", LoopId(7), 2}, numbered(20)) == first);
  CHECK(arranged(order, {"map", LoopId(7), 3}, numbered(20)) != first);
  CHECK(arranged(order, {"map", LoopId(8), 2}, numbered(20)) != first);
  CHECK(arranged(order, {"maps", LoopId(7), 2}, numbered(20)) != first);
  CHECK(arranged(order, {"map", LoopId(), 2}, numbered(20)) != first);
  CHECK(arranged(OrderPolicy::seeded(Random(2)), {"map", LoopId(7), 2}, numbered(20)) != first);
}

TEST_CASE("one more entry leaves the others in the order that they had", "[autoscaler]") {
  const OrderPolicy order = OrderPolicy::seeded(Random(1));
  for (std::uint32_t loop = 0; loop < 50; ++loop) {
    const Names before = arranged(order, {"map", LoopId(loop)}, numbered(20));
    Names names = numbered(20);
    names.insert(names.begin() + 3, "more");
    Names after = arranged(order, {"map", LoopId(loop)}, names);
    CHECK(std::erase(after, "more") == 1);
    CHECK(after == before);
  }
}

TEST_CASE("any order is as likely as any other", "[autoscaler]") {
  const OrderPolicy order = OrderPolicy::seeded(Random(3));
  std::map<Names, int> count;
  for (std::uint32_t loop = 0; loop < 6000; ++loop) {
    ++count[arranged(order, {"map", LoopId(loop)}, {"a", "b", "c"})];
  }
  CHECK(count.size() == 6);
  for (const auto& [names, times] : count) {
    CAPTURE(names);
    CHECK(times > 855);  // of 1,000 expected; 5 standard deviations
    CHECK(times < 1145);
  }
}

TEST_CASE("the one that is chosen is the one that would come first", "[autoscaler]") {
  const OrderPolicy order = OrderPolicy::seeded(Random(4));
  for (std::uint32_t loop = 0; loop < 50; ++loop) {
    const Names names = numbered(5);
    const std::size_t chosen = order.choose({"map", LoopId(loop)}, names, self);
    CHECK(names[chosen] == arranged(order, {"map", LoopId(loop)}, names).front());
  }
}

}  // namespace casim::sim
