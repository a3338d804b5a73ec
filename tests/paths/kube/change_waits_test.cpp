#include "sim/paths/kube/change_waits.h"

#include "tests/async/tasks.h"
#include "tests/catch.h"

using namespace casim;
using namespace casim::sim;
using namespace std::chrono_literals;

namespace {

constexpr std::uint32_t kObject = 7;

Awaitable<void> await_change(Tasks& t, ChangeWaits& waits, std::string name, Duration longest) {
  const Tombstone tombstone{t, name};
  co_await waits.wait(kObject, t.clock, longest);
  t.note(name + " goes on");
}

}  // namespace

TEST_CASE("a change wakes all that wait for it in their order, and no timer stays", "[paths]") {
  Tasks t;
  ChangeWaits waits;
  spawn(t.kernel.executor(), await_change(t, waits, "a", 10s));
  spawn(t.kernel.executor(), await_change(t, waits, "b", 20s));
  t.kernel.after(3s, Phase::kWorld, [&] { waits.note(kObject + 1); });
  t.kernel.after(4s, Phase::kWorld, [&] { waits.note(kObject); });
  CHECK(t.run() == Kernel::Stop::kDry);
  CHECK(t.log == Log{"4 a goes on", "4 a is gone", "4 b goes on", "4 b is gone"});
  CHECK(t.kernel.now() == kTimeZero + 4s);
}

TEST_CASE("without a change each goes on at its time, and a later change wakes nobody", "[paths]") {
  Tasks t;
  ChangeWaits waits;
  spawn(t.kernel.executor(), await_change(t, waits, "a", 10s));
  spawn(t.kernel.executor(), await_change(t, waits, "b", 20s));
  t.kernel.after(15s, Phase::kWorld, [&] { waits.note(kObject); });
  CHECK(t.run() == Kernel::Stop::kDry);
  CHECK(t.log == Log{"10 a goes on", "10 a is gone", "15 b goes on", "15 b is gone"});
}

TEST_CASE("who is cancelled while it waits leaves at once, and the others still wait", "[paths]") {
  Tasks t;
  ChangeWaits waits;
  TaskScope scope(t.kernel.executor());
  scope.spawn(await_change(t, waits, "a", 10s));
  spawn(t.kernel.executor(), await_change(t, waits, "b", 20s));
  t.kernel.settle();
  scope.cancel();
  t.kernel.settle();
  CHECK(t.log == Log{"0 a is gone"});
  waits.note(kObject);
  CHECK(t.run() == Kernel::Stop::kDry);
  CHECK(t.log == Log{"0 a is gone", "0 b goes on", "0 b is gone"});
  CHECK(t.kernel.now() == kTimeZero);
}
