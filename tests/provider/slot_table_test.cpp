#include "src/provider/slot_table.h"

#include "tests/catch.h"

using namespace casim;
using namespace casim::provider;

namespace {

Slot running(std::uint64_t id) {
  const std::string number = std::to_string(id);
  Slot slot;
  slot.id = SlotId(id);
  slot.group = "a";
  slot.state = SlotState::kRunning;
  slot.token = "t" + number;
  slot.instance_id = "i-" + number;
  slot.provider_id = "aws:///us-east-1a/i-" + number;
  return slot;
}

}  // namespace

TEST_CASE("a ledger that does not add up says what is wrong", "[provider]") {
  struct Row {
    void (*breaks)(StoredState&);
    const char* says;
  };

  const auto row = GENERATE(values<Row>({
      {[](StoredState&) {}, ""},
      {[](StoredState& s) { s.slots[1].token = "t0"; }, "slot 0 of group a shares its token t0"},
      {[](StoredState& s) { s.slots[1].provider_id = s.slots[0].provider_id; },
       "slot 0 of group a shares its provider id aws:///us-east-1a/i-0"},
      {[](StoredState& s) { s.slots[1].instance_id = "i-0"; }, "machine i-0 has two slots"},
      {[](StoredState& s) { s.slots[1].instance_id.clear(); },
       "slot 1 of group a counts as a machine and has none"},
      {[](StoredState& s) { s.slots[1].state = SlotState::kFailed; },
       "slot 1 of group a has failed without a reason"},
      {[](StoredState& s) { s.next_slot = SlotId(1); },
       "slot 1 of group a has a number that is still to be given"},
  }));
  CAPTURE(row.says);
  StoredState state;
  state.slots = {running(0), running(1)};
  state.next_slot = SlotId(2);
  row.breaks(state);
  SlotTable table;
  table.load(std::move(state));
  const std::string broken = table.broken_invariant().value_or("");
  CAPTURE(broken);
  CHECK(broken.starts_with(row.says));
  CHECK(broken.empty() == std::string_view(row.says).empty());
}
