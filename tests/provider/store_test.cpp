#include "src/provider/memory_store.h"

#include "tests/catch.h"
#include "tests/provider/provider_world.h"

using namespace casim;
using namespace casim::provider;
using namespace std::chrono_literals;

namespace {

Slot slot(std::uint64_t id, SlotState state = SlotState::kRequested) {
  Slot made;
  made.id = SlotId(id);
  made.group = "a";
  made.state = state;
  return made;
}

struct StoreWorld {
  explicit StoreWorld(Distribution commit, Distribution acknowledge = Distribution())
      : store(clock, Random(3), {commit, acknowledge}) {}

  ~StoreWorld() {
    scope.cancel();
    kernel.settle();
  }

  Pending<void> commit(Batch batch) {
    auto pending = std::make_shared<std::optional<Result<void>>>();
    scope.spawn(keep_answer<void>(store.commit(std::move(batch)), pending));
    kernel.settle();
    return pending;
  }

  void advance(Duration d) { kernel.run(kernel.now() + d, 1000); }

  sim::Kernel kernel{WallTime{}};
  Clock& clock = kernel.clock(sim::Phase::kWorld);
  MemoryStore store;
  TaskScope scope{kernel.executor()};
};

}  // namespace

TEST_CASE("a load counts starts and returns what was committed, by id", "[provider]") {
  StoreWorld world{Distribution()};
  CHECK(world.store.load()->epoch == 1);
  CHECK((*world.commit({.put = {slot(4), slot(1)}, .erase = {}}))->has_value());
  CHECK((*world.commit({.put = {slot(1, SlotState::kFailed)}, .erase = {SlotId(4)}}))->has_value());
  const auto loaded = world.store.load();
  CHECK(loaded->epoch == 2);
  REQUIRE(loaded->slots.size() == 1);
  CHECK(loaded->slots[0].state == SlotState::kFailed);
  CHECK(loaded->next_slot == SlotId(5));  // an erased slot's number is not used again
}

TEST_CASE("a commit is durable after its latency, and told after the acknowledgement's",
          "[provider]") {
  StoreWorld world(Distribution::constant(200ms), Distribution::constant(100ms));
  const auto done = world.commit({.put = {slot(0)}, .erase = {}});
  world.advance(199ms);
  CHECK(world.store.load()->slots.empty());
  world.advance(1ms);
  CHECK(world.store.load()->slots.size() == 1);
  CHECK(!*done);
  world.advance(100ms);
  CHECK((*done && **done));
}

TEST_CASE("batches become durable in the order of the calls, whatever their latencies",
          "[provider]") {
  StoreWorld world(Distribution(Uniform{0.001, 1}));
  for (std::uint64_t i = 0; i < 50; ++i) world.commit({.put = {slot(i)}, .erase = {}});
  std::size_t last = 0;
  for (bool more = true; more;) {
    more = world.kernel.run(kTimeNever, 1) == sim::Kernel::Stop::kEventLimit;
    const auto slots = world.store.load()->slots;
    CHECK(slots.size() >= last);
    last = slots.size();
    if (last > 0) CHECK(slots.back().id == SlotId(last - 1));  // a prefix
  }
  CHECK(last == 50);
}

TEST_CASE("a crash loses whole batches in flight and keeps all that were durable", "[provider]") {
  StoreWorld world(Distribution::constant(200ms));
  const auto first = world.commit({.put = {slot(0), slot(1)}, .erase = {}});
  world.advance(150ms);
  const auto second = world.commit({.put = {slot(2), slot(3)}, .erase = {SlotId(0)}});
  world.advance(100ms);
  world.store.crash();
  world.advance(1s);
  CHECK((*first && **first));
  REQUIRE(*second);
  CHECK((**second).error().code == ErrorCode::kUnavailable);
  const auto loaded = world.store.load();
  REQUIRE(loaded->slots.size() == 2);
  CHECK(loaded->slots[0].id == SlotId(0));
  CHECK(loaded->next_slot == SlotId(2));
  CHECK((*world.commit({.put = {}, .erase = {}})) == std::nullopt);
  world.advance(200ms);  // it works on afterwards
}

TEST_CASE("slots can be there before the first start", "[provider]") {
  StoreWorld world{Distribution()};
  world.store.seed({slot(0, SlotState::kRunning), slot(7, SlotState::kRunning)});
  const auto loaded = world.store.load();
  CHECK(loaded->epoch == 1);
  CHECK(loaded->slots.size() == 2);
  CHECK(loaded->next_slot == SlotId(8));
}
