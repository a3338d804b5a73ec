// What every store promises, over memory and SQLite alike.
#include <algorithm>
#include <vector>

#include "src/core/random.h"
#include "tests/catch.h"
#include "tests/provider/stores.h"

using namespace casim;
using namespace casim::provider;

namespace {

StoreKind each_kind() { return GENERATE(StoreKind::kMemory, StoreKind::kSqlite); }

Slot full_slot() {
  Slot slot = stored_slot(3, SlotState::kFailed);
  slot.group = "b \"quoted\" \xc3\xa9";
  slot.instance_id = "i-1";
  slot.provider_id = "aws:///us-east-1a/i-1";
  slot.node_name = "node";
  slot.created = TimePoint(std::chrono::seconds(5));
  slot.accepted = TimePoint(std::chrono::nanoseconds(7));
  slot.failure = SlotFailure{"NeverJoined", "it's late", SlotFailure::kOther};
  return slot;
}

}  // namespace

TEST_CASE("every store counts its starts", "[provider]") {
  StoreBench bench(each_kind());
  CHECK(bench->load()->epoch == 1);
  bench.restart();
  CHECK(bench->load()->epoch == 2);
  CHECK(bench->load()->epoch == 3);
}

TEST_CASE("every store gives back each member of a slot after a restart", "[provider]") {
  StoreBench bench(each_kind());
  REQUIRE(bench->load());
  const Slot failed = full_slot();
  Slot plain = stored_slot(4, SlotState::kRunning);
  REQUIRE(bench.commit({.put = {failed, plain}, .erase = {}}));
  bench.restart();
  const Result<StoredState> loaded = bench->load();
  REQUIRE(loaded);
  CHECK(loaded->slots == std::vector<Slot>{failed, plain});
  CHECK(loaded->next_slot == SlotId(5));
}

TEST_CASE("every store replaces, erases, and gives no number of a slot again", "[provider]") {
  StoreBench bench(each_kind());
  REQUIRE(bench->load());
  REQUIRE(bench.commit({.put = {stored_slot(4), stored_slot(1)}, .erase = {}}));
  REQUIRE(bench.commit({.put = {stored_slot(1, SlotState::kFailed)}, .erase = {SlotId(4)}}));
  REQUIRE(bench.commit({.put = {stored_slot(1, SlotState::kDeleting)}, .erase = {}}));
  REQUIRE(bench.commit({.put = {}, .erase = {SlotId(99)}}));
  bench.restart();
  const Result<StoredState> loaded = bench->load();
  REQUIRE(loaded);
  CHECK(loaded->slots == std::vector<Slot>{stored_slot(1, SlotState::kDeleting)});
  CHECK(loaded->next_slot == SlotId(5));
}

TEST_CASE("every store commits in the order of the calls", "[provider]") {
  StoreBench bench(each_kind());
  REQUIRE(bench->load());
  std::vector<StoreBench::Pending> all;
  for (int i = 0; i < 200; ++i) {
    Slot slot = stored_slot(7);
    slot.node_name = "n" + std::to_string(i);
    all.push_back(bench.begin({.put = {slot}, .erase = {}}));
  }
  bench.run();
  CHECK(std::ranges::all_of(all, [](const auto& p) { return p->has_value() && **p; }));
  CHECK(bench->load()->slots.at(0).node_name == "n199");
}

TEST_CASE("every store holds what a map would hold, over random batches", "[provider]") {
  StoreBench bench(each_kind());
  const auto seed = GENERATE(range<std::uint64_t>(0, 5));
  CAPTURE(seed);
  const Random random(seed);
  REQUIRE(bench->load());
  std::map<std::uint64_t, Slot> expected;
  for (std::uint64_t n = 0; n < 40; ++n) {
    Batch batch;
    const std::uint64_t id = random.index("id", 0, n, 12);
    if (random.uniform("erase", 0, n) < 0.3) {
      batch.erase.emplace_back(id);
      expected.erase(id);
    } else {
      const auto state = static_cast<SlotState>(random.index("state", 0, n, 6));
      batch.put.push_back(stored_slot(id, state));
      expected[id] = batch.put.back();
    }
    bench.begin(std::move(batch));
    if (n % 7 == 0) bench.run();
    if (n % 11 == 0) {
      bench.run();
      bench.restart();
      REQUIRE(bench->load());
    }
  }
  bench.run();
  std::vector<Slot> slots;
  for (const auto& [id, slot] : expected) slots.push_back(slot);
  CHECK(bench->load()->slots == slots);
}

TEST_CASE("every store keeps the slots of a group that nobody configures any more", "[provider]") {
  StoreBench bench(each_kind());
  REQUIRE(bench->load());
  Slot slot = stored_slot(0, SlotState::kRunning);
  slot.group = "gone";
  REQUIRE(bench.commit({.put = {slot}, .erase = {}}));
  bench.restart();
  CHECK(bench->load()->slots.at(0).group == "gone");
}
