#include <set>

#include "tests/catch.h"
#include "tests/provider/cloud_world.h"

using namespace casim;
using namespace casim::provider;
using namespace std::chrono_literals;

namespace {

std::vector<Instance> listed(CloudWorld& world, const std::string& group) {
  return *world.provider().nodes(group);
}

// A random life of two groups: orders that overlap, joins, Refreshes, crashes, pools that run dry,
// machines that vanish, a store that fails.
class RandomLife {
 public:
  RandomLife(CloudWorld& world, std::uint64_t seed) : world_(world), random_(seed) {}

  void act() {
    const std::string group = draw(2) == 0 ? "a" : "b-c";
    if (draw(2) == 0) world_.store.fail_with(std::nullopt);
    switch (draw(12)) {
      case 0:
      case 1:
      case 2:
        keep(world_.provider().increase_size(group, int(draw(6)), CallId(1)));
        break;
      case 3:
        keep(world_.provider().decrease_target_size(group, -int(draw(4)), CallId(2)));
        break;
      case 4:
      case 5:
        keep(world_.provider().delete_nodes(group, some_nodes(group), CallId(3)));
        break;
      case 6:
      case 7:
        join_one(group);
        break;
      case 8:
        keep(world_.provider().refresh(CallId(4)));
        break;
      case 9:
        toggle_pool();
        break;
      case 10:
        lose_machine();
        break;
      case 11:
        crash_or_fail();
        break;
    }
  }

  void wait() {
    world_.advance(std::chrono::milliseconds(draw(4) == 0 ? draw(40'000) : draw(400)));
  }

  // All faults off.
  void calm() {
    world_.ec2.pools.clear();
    world_.store.fail_with(std::nullopt);
  }

 private:
  std::uint64_t draw(std::uint64_t count) { return random_.index("life", 0, n_++, count); }

  void keep(Awaitable<Result<void>> call) { world_.begin(std::move(call)); }

  std::vector<NodeRef> some_nodes(const std::string& group) {
    std::vector<NodeRef> nodes;
    for (const Instance& instance : listed(world_, group)) {
      if (draw(4) == 0) nodes.push_back({instance.id, instance.id, {}, {}});
      if (draw(20) == 0) nodes.push_back({"aws:///us-east-1a/i-foreign", "x", {}, {}});
    }
    return nodes;
  }

  static Awaitable<void> ask(Awaitable<Result<const GroupConfig*>> call) {
    co_await std::move(call);
  }

  void join_one(const std::string& group) {
    for (const Instance& instance : listed(world_, group)) {
      if (draw(2) == 0) continue;
      const NodeRef node{instance.id, "node-" + instance.id, {}, {}};
      spawn(world_.kernel.executor(), ask(world_.provider().group_for_node(node, CallId(5))));
    }
  }

  void toggle_pool() {
    const std::pair<std::string, std::string> pool{draw(2) == 0 ? "m6i.large" : "m5.large",
                                                   draw(2) == 0 ? "us-east-1a" : "us-east-1b"};
    if (world_.ec2.pools.erase(pool) == 0) {
      world_.ec2.pools[pool] = ec2_error("InsufficientInstanceCapacity", 500);
    }
    if (draw(3) == 0) world_.ec2.lost_replies += 2;
    if (draw(3) == 0) world_.ec2.run_errors.assign(5, ec2_error("RequestLimitExceeded", 503));
    if (draw(3) == 0) world_.ec2.terminate_errors.assign(4, ec2_error("Unavailable", 503));
  }

  void lose_machine() {
    for (auto& [id, instance] : world_.ec2.instances) {
      if (draw(10) != 0) continue;
      instance.state = ec2::InstanceState::kTerminated;
      instance.state_reason_code = draw(2) == 0 ? "Server.InternalError" : "";
    }
  }

  void crash_or_fail() {
    if (draw(2) == 0) {
      world_.store.fail_with(Error{ErrorCode::kUnavailable, "disk"});
    } else {
      world_.crash();
      world_.start();
    }
  }

  CloudWorld& world_;
  Random random_;
  std::uint64_t n_ = 0;
};

void check_invariants(CloudWorld& world) {
  for (const GroupConfig& group : world.config.groups) {
    CAPTURE(group.id, to_seconds(world.clock.now()));
    int in_target = 0;
    for (const Slot& slot : world.provider().slots()) {
      if (slot.group == group.id && slot.state != SlotState::kDeleting &&
          slot.state != SlotState::kCancelled) {
        ++in_target;
      }
    }
    const int target = *world.provider().target_size(group.id);
    CHECK(target == in_target);
    CHECK(target >= 0);
    CHECK(target <= group.max_size);
    std::set<std::string> ids;
    int count = 0;
    for (const Instance& instance : listed(world, group.id)) {
      ids.insert(instance.id);
      ++count;
      if (instance.state != InstanceState::kDeleting) --in_target;
      const NodeRef node{instance.id, instance.id, {}, {}};
      const GroupConfig* owner = world.provider().find_group(node);
      CHECK((owner != nullptr && owner->id == group.id));
    }
    CHECK(in_target == 0);  // all of the target is listed
    CHECK(static_cast<int>(ids.size()) == count);
  }
}

std::vector<std::string> live(std::uint64_t seed) {
  CloudWorld world({Distribution(Uniform{0, 0.3}), Distribution(Uniform{0, 0.1})});
  RandomLife life(world, seed);
  for (int i = 0; i < 60; ++i) {
    life.act();
    life.wait();
    check_invariants(world);
  }
  life.calm();
  world.advance(10min);
  check_invariants(world);
  CHECK(world.find_fault() == "");
  const std::vector<Slot> in_memory = world.provider().slots();
  CHECK(world.store.load()->slots == in_memory);
  return world.observer.facts;
}

}  // namespace

TEST_CASE("whatever happens, nothing leaks, nothing doubles and targets add up", "[provider]") {
  const auto seed = GENERATE(range(std::uint64_t{0}, std::uint64_t{200}));
  CAPTURE(seed);
  const auto facts = live(seed);
  CHECK(facts.size() > 20);
}

TEST_CASE("the same seed is the same life", "[provider]") {
  CHECK(live(7) == live(7));
  CHECK(live(7) != live(8));
}
