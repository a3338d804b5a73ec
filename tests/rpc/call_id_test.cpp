#include "sim/rpc/call_id.h"

#include "tests/catch.h"

namespace casim::sim {

TEST_CASE("a call id tells its loop", "[rpc]") {
  CHECK(loop_of(make_call_id(LoopId(7), 3)) == LoopId(7));
  CHECK(loop_of(make_call_id(LoopId(0), 0)) == LoopId(0));
  CHECK(make_call_id(LoopId(7), 3) != make_call_id(LoopId(7), 4));
  CHECK(make_call_id(LoopId(7), 3) != make_call_id(LoopId(8), 3));
}

TEST_CASE("a call outside a loop has an id and no loop", "[rpc]") {
  CHECK(make_call_id(LoopId(), 5).is_valid());
  CHECK_FALSE(loop_of(make_call_id(LoopId(), 5)).is_valid());
  CHECK_FALSE(loop_of(CallId()).is_valid());
}

}  // namespace casim::sim
