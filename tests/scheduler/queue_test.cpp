#include "sim/scheduler/queue.h"

#include "tests/catch.h"
#include "tests/scheduler/builders.h"

namespace casim::sim {
namespace {

using std::chrono::milliseconds;
using std::chrono::seconds;

constexpr QueueConfig kConfig{seconds(1), seconds(10), true, std::chrono::minutes(5)};

struct QueueWorld {
  explicit QueueWorld(QueueConfig config = kConfig, WallTime start = WallTime{})
      : kernel(start), queue(kernel, config) {}

  QueueHandle add(std::uint32_t id, std::int32_t priority = 0) {
    PodSpec spec;
    spec.priority = priority;
    QueuedPod pod;
    pod.id = PodId(id);
    pod.spec = share(std::move(spec));
    return queue.add(std::move(pod), false);
  }

  void go_to(std::int64_t ms) {
    const TimePoint then{milliseconds(ms)};
    kernel.at(then, Phase::kWorld, [] {});  // a dry kernel does not move
    kernel.run(then, 10);
  }

  bool wake_all() {
    return queue.move([](const QueuedPod&) { return true; });
  }

  Kernel kernel;
  SchedulingQueue queue;
};

}  // namespace

TEST_CASE("higher priority first, then who came first", "[scheduler]") {
  QueueWorld world;
  const QueueHandle a = world.add(1);
  const QueueHandle b = world.add(2, 5);
  world.go_to(10);
  const QueueHandle c = world.add(3, 5);
  const QueueHandle d = world.add(4);
  for (const QueueHandle expected : {b, c, a, d}) CHECK(world.queue.pop() == expected);
  CHECK_FALSE(world.queue.pop().is_valid());
}

TEST_CASE("without backoff a pod is ready as soon as something helps", "[scheduler]") {
  QueueWorld world({seconds(0), seconds(10), false, std::chrono::minutes(5)});
  const QueueHandle a = world.add(1);
  for (int attempt = 0; attempt < 40; ++attempt) {
    REQUIRE(world.queue.pop() == a);
    world.queue.put_unschedulable(a, kCpu);
    CHECK_FALSE(world.queue.pop().is_valid());
    CHECK(world.wake_all());
  }
  REQUIRE(world.queue.pop() == a);
  world.queue.put_error(a);
  CHECK(world.queue.pop() == a);
}

TEST_CASE("equals are tried least recently tried first", "[scheduler]") {
  QueueWorld world;
  const QueueHandle a = world.add(1);
  const QueueHandle b = world.add(2);
  CHECK(world.queue.pop() == a);
  CHECK(world.queue.pop() == b);
  world.queue.put_unschedulable(b, kCpu);
  world.queue.put_unschedulable(a, kCpu);
  world.go_to(5000);
  CHECK(world.wake_all());
  CHECK(world.queue.pop() == b);
  CHECK(world.queue.pop() == a);
}

TEST_CASE("backoff doubles from 1 s to 10 s and ends with its second", "[scheduler]") {
  QueueWorld world(QueueConfig{seconds(1), seconds(10), false, std::chrono::minutes(5)});
  const QueueHandle pod = world.add(1);
  std::int64_t now_ms = 450;
  for (const int backoff_s : {1, 2, 4, 8, 10, 10}) {
    world.go_to(now_ms);
    CHECK(world.queue.pop() == pod);
    world.queue.put_unschedulable(pod, kCpu);
    world.wake_all();
    CHECK_FALSE(world.queue.pop().is_valid());
    // At t.450 + backoff the second is not over yet.
    const std::int64_t due_ms = (now_ms / 1000 + backoff_s + 1) * 1000;
    CHECK(world.queue.next_flush() == TimePoint(milliseconds(due_ms)));
    world.go_to(due_ms - 1);
    CHECK_FALSE(world.queue.flush());
    world.go_to(due_ms);
    CHECK(world.queue.flush());
    now_ms = due_ms + 450;
  }
}

TEST_CASE("seconds are those of the wall clock", "[scheduler]") {
  QueueWorld world(kConfig, WallTime(milliseconds(300)));
  const QueueHandle pod = world.add(1);
  CHECK(world.queue.pop() == pod);
  world.queue.put_error(pod);
  CHECK(world.queue.next_flush() == TimePoint(milliseconds(1700)));
}

TEST_CASE("an idle scheduler takes a pod out of backoff, earliest end first", "[scheduler]") {
  QueueWorld world;
  const QueueHandle often = world.add(1, 9);
  for (int i = 0; i < 3; ++i) {
    CHECK(world.queue.pop() == often);
    world.queue.put_unschedulable(often, kCpu);
    world.wake_all();
  }
  CHECK(world.queue.pop() == often);
  world.queue.put_unschedulable(often, kCpu);  // backs off until 8 s
  const QueueHandle once = world.add(2);
  CHECK(world.queue.pop() == once);
  world.queue.put_unschedulable(once, kCpu);  // until 1 s
  world.wake_all();
  CHECK(world.queue.pop() == once);
  CHECK(world.queue.pop() == often);
}

TEST_CASE("errors have a count and a queue of their own", "[scheduler]") {
  QueueWorld world;
  const QueueHandle pod = world.add(1);
  CHECK(world.queue.pop() == pod);
  world.queue.put_error(pod);
  CHECK_FALSE(world.wake_all());  // no event helps
  CHECK_FALSE(world.queue.pop().is_valid());
  world.go_to(2000);
  CHECK(world.queue.flush());
  CHECK(world.queue.pop() == pod);
  world.queue.put_unschedulable(pod, kCpu);
  CHECK(world.queue[pod].errors == 0);
  CHECK(world.queue[pod].failures == 1);
}

TEST_CASE("the sweep takes pods whose last attempt is more than 5 min ago", "[scheduler]") {
  QueueWorld world;
  const QueueHandle pod = world.add(1);
  CHECK(world.queue.pop() == pod);
  world.queue.put_unschedulable(pod, kCpu);
  world.go_to(300'000);
  CHECK_FALSE(world.queue.sweep());
  world.go_to(300'001);
  CHECK(world.queue.sweep());
  CHECK(world.queue.pop() == pod);
}

TEST_CASE("a pod that is gone leaves every queue, and its handle serves another", "[scheduler]") {
  QueueWorld world;
  const QueueHandle active = world.add(1);
  world.queue.remove(active);
  CHECK_FALSE(world.queue.pop().is_valid());
  const QueueHandle waiting = world.add(2);
  const QueueHandle other = world.add(3);
  CHECK(world.queue.pop() == waiting);
  CHECK(world.queue.pop() == other);
  world.queue.put_unschedulable(waiting, kCpu);
  world.queue.put_unschedulable(other, kCpu);
  world.queue.remove(waiting);
  world.wake_all();
  const QueueHandle again = world.add(4);
  CHECK(again == waiting);
  CHECK(world.queue.pop() == again);  // active before backoff
  CHECK(world.queue.pop() == other);
  CHECK_FALSE(world.queue.pop().is_valid());
}

TEST_CASE("a gated pod stays out until its gate opens", "[scheduler]") {
  QueueWorld world;
  QueuedPod pod;
  pod.id = PodId(1);
  pod.spec = share(PodSpec{});
  const QueueHandle gated = world.queue.add(std::move(pod), true);
  CHECK_FALSE(world.queue.pop().is_valid());
  world.queue.ungate(gated);
  CHECK(world.queue.pop() == gated);
}

}  // namespace casim::sim
