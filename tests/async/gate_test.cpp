#include "src/async/gate.h"

#include "tests/async/tasks.h"
#include "tests/catch.h"

namespace casim {
namespace {

Awaitable<void> pass(Tasks& t, Gate gate, std::string name) {
  const Tombstone tombstone{t, name};
  co_await gate.wait();
  t.note(name + " passes");
}

TEST_CASE("a gate that opens lets all pass in order of waiting, never inline", "[async]") {
  Tasks t;
  Gate gate(t.kernel.executor());
  spawn(t.kernel.executor(), pass(t, gate, "a"));
  spawn(t.kernel.executor(), pass(t, gate, "b"));
  t.kernel.settle();
  CHECK(t.log.empty());
  gate.open();
  CHECK(t.log.empty());
  t.kernel.settle();
  CHECK(t.log == Log{"0 a passes", "0 a is gone", "0 b passes", "0 b is gone"});
}

TEST_CASE("an open gate stays open", "[async]") {
  Tasks t;
  Gate gate(t.kernel.executor());
  gate.open();
  gate.open();
  spawn(t.kernel.executor(), pass(t, gate, "late"));
  t.kernel.settle();
  CHECK(t.log == Log{"0 late passes", "0 late is gone"});
}

TEST_CASE("who is cancelled at a gate leaves at once, and the others still pass", "[async]") {
  Tasks t;
  Gate gate(t.kernel.executor());
  TaskScope scope(t.kernel.executor());
  scope.spawn(pass(t, gate, "a"));
  spawn(t.kernel.executor(), pass(t, gate, "b"));
  t.kernel.settle();
  scope.cancel();
  t.kernel.settle();
  CHECK(t.log == Log{"0 a is gone"});
  gate.open();
  t.kernel.settle();
  CHECK(t.log == Log{"0 a is gone", "0 b passes", "0 b is gone"});
}

}  // namespace
}  // namespace casim
