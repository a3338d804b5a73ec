#include "sim/autoscaler/simulator/snapshot.h"

#include <map>

#include "src/core/random.h"
#include "tests/autoscaler/support.h"
#include "tests/catch.h"

namespace casim::sim {
namespace {

// Everything that a reader can see.
std::string picture(const Snapshot& snapshot) {
  std::string text;
  for (const Slot slot : snapshot.order()) {
    const NodeInfo& info = snapshot.info(slot);
    text += info.node->name + "(" + std::to_string(info.requested.cpu.value()) + ":";
    for (const PodPtr& pod : info.pods) text += " " + pod->name;
    text += snapshot.find(info.node->name) == slot ? ")" : "?)";
  }
  return text;
}

// One random change; names never repeat.
void change(Snapshot& snapshot, const Random& random, std::uint64_t step) {
  const std::uint64_t what = random.index("what", step, 0, 5);
  const auto pod = make_pod(static_cast<std::uint32_t>(step), make_spec("w", 10));
  if (snapshot.size() < 2 || what == 0) {
    snapshot.add(make_info("n" + std::to_string(step), 1000));
    return;
  }
  const Slot slot = snapshot.order()[random.index("slot", step, 0, snapshot.size())];
  if (what == 1) {
    snapshot.remove(slot);
  } else if (what == 3 && random.index("scan", step, 0, 2) == 0) {
    const auto least = random.index("room", step, 0, 4);
    const std::optional<Slot> found =
        snapshot.scan([least](Slot, const NodeInfo& node) { return node.pods.size() >= least; });
    if (found) snapshot.place(*found, pod);
  } else if (what == 3) {
    auto other = std::make_shared<NodeInfo>();
    other->node = snapshot.info(slot).node;
    snapshot.replace(slot, other);
  } else {
    snapshot.place(slot, pod);
  }
}

}  // namespace

TEST_CASE("a revert restores all that its fork has changed", "[autoscaler]") {
  const auto seed = GENERATE(range(0, 100));
  CAPTURE(seed);
  const Random random(static_cast<std::uint64_t>(seed));
  OrderPolicy order = seed % 2 == 0 ? OrderPolicy::by_name() : OrderPolicy::seeded(random);
  Snapshot snapshot(order);
  snapshot.reset({make_info("a", 1000), make_info("b", 1000), make_info("c", 1000)});
  std::vector<std::string> before;
  for (std::uint64_t step = 0; step < 60; ++step) {
    const std::uint64_t what = random.index("fork", step, 0, 8);
    if (what == 0) {
      before.push_back(picture(snapshot));
      snapshot.fork();
    } else if (what == 1 && !before.empty()) {
      snapshot.revert();
      CHECK(picture(snapshot) == before.back());
      before.pop_back();
    } else if (what == 2 && !before.empty()) {
      snapshot.commit();
      before.pop_back();
    } else {
      change(snapshot, random, step);
    }
  }
}

TEST_CASE("nodes given to a snapshot are not changed by it", "[autoscaler]") {
  const NodeInfoPtr shared = make_info("a", 1000);
  Snapshot snapshot;
  snapshot.reset({shared});
  snapshot.place(snapshot.order().front(), make_pod(1, make_spec("w", 10)));
  CHECK(shared->pods.empty());
  CHECK(snapshot.info(snapshot.order().front()).pods.size() == 1);
}

TEST_CASE("a scan goes on behind its last success, and starts with the second node",
          "[autoscaler]") {
  Snapshot snapshot;
  snapshot.reset({make_info("a", 1), make_info("b", 1), make_info("c", 1)});
  const auto any = [](Slot, const NodeInfo&) { return true; };
  std::string seen;
  for (int i = 0; i < 4; ++i) seen += snapshot.info(*snapshot.scan(any)).node->name;
  CHECK(seen == "bcab");
  CHECK_FALSE(snapshot.scan([](Slot, const NodeInfo&) { return false; }));
}

// How often each of the nodes is the first to be looked at.
std::map<std::string, int> first_ones(Snapshot& snapshot, int scans) {
  std::map<std::string, int> count;
  for (int i = 0; i < scans; ++i) {
    const std::optional<Slot> slot = snapshot.scan([](Slot, const NodeInfo&) { return true; });
    ++count[snapshot.info(*slot).node->name];
  }
  return count;
}

TEST_CASE("with a seeded order the first node that fits is any of them", "[autoscaler]") {
  OrderPolicy order = OrderPolicy::seeded(Random(1));
  Snapshot snapshot(order);
  snapshot.reset({make_info("a", 1), make_info("b", 1), make_info("c", 1), make_info("d", 1)});
  for (const auto& [node, count] : first_ones(snapshot, 4000)) {
    CAPTURE(node);
    CHECK(count > 850);  // of 1,000 expected; 5 standard deviations
    CHECK(count < 1150);
  }
}

TEST_CASE("what is tried in a fork and taken back moves no draw of what comes after",
          "[autoscaler]") {
  const OrderPolicy order = OrderPolicy::seeded(Random(3));
  const auto any = [](Slot, const NodeInfo&) { return true; };
  const auto seen = [&](const std::vector<std::string>& tried) {
    Snapshot snapshot(order);
    snapshot.reset({make_info("a", 1), make_info("b", 1), make_info("c", 1)}, LoopId(7));
    std::string nodes = snapshot.info(*snapshot.scan(any)).node->name;
    for (const std::string& name : tried) {
      snapshot.fork(name);
      for (int i = 0; i < 5; ++i) snapshot.add(make_info(name + std::to_string(i), 1));
      const auto is_new = [&](Slot, const NodeInfo& node) {
        return node.node->name.starts_with(name);
      };
      std::string inside;
      for (int i = 0; i < 7; ++i) inside += snapshot.info(*snapshot.scan(is_new)).node->name;
      if (name == "x") nodes += inside;
      snapshot.revert();
    }
    for (int i = 0; i < 20; ++i) nodes += snapshot.info(*snapshot.scan(any)).node->name;
    return nodes;
  };
  CHECK(seen({"x"}) == seen({"other", "x"}));
  CHECK(seen({"x"}) == seen({"x", "other"}));
}

TEST_CASE("below a fork the seeded order stays as it was drawn, what is added is drawn anew",
          "[autoscaler]") {
  OrderPolicy order = OrderPolicy::seeded(Random(2));
  Snapshot snapshot(order);
  snapshot.reset({make_info("a", 1), make_info("b", 1), make_info("c", 1)});
  snapshot.fork();
  const auto any = [](Slot, const NodeInfo&) { return true; };
  std::string seen;
  for (int i = 0; i < 6; ++i) seen += snapshot.info(*snapshot.scan(any)).node->name;
  CHECK(seen.substr(0, 3) == seen.substr(3));  // round and round
  for (const char* name : {"x", "y"}) snapshot.add(make_info(name, 1));
  for (int round = 0; round < 20; ++round) {
    std::string nodes;
    for (int i = 0; i < 5; ++i) nodes += snapshot.info(*snapshot.scan(any)).node->name;
    std::erase_if(nodes, [](char c) { return c == 'x' || c == 'y'; });
    CHECK(nodes == seen.substr(0, 3));
  }
}

}  // namespace casim::sim
