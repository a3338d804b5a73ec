#include "sim/autoscaler/core/loop_driver.h"

#include <functional>
#include <vector>

#include "sim/kernel/kernel.h"
#include "src/async/task_scope.h"
#include "tests/catch.h"

namespace casim::sim {
namespace {

using std::chrono::seconds;

// Loops that take one second unless told otherwise; the numbered ones scale up.
class Loops : public LoopBody {
 public:
  explicit Loops(Clock& clock) : clock_(clock) {}

  Awaitable<void> run_loop() override {
    const TimePoint start = clock_.now();
    starts.push_back(std::chrono::duration_cast<seconds>(start.time_since_epoch()).count());
    if (starts.size() == productive) last_ = start;
    co_await clock_.sleep_for(length);
  }

  TimePoint last_scale_up_time() const override { return last_; }

  TimePoint last_scale_down_delete_time() const override { return TimePoint::min(); }

  std::vector<std::int64_t> starts;
  std::size_t productive = 0;
  Duration length = seconds(1);

 private:
  Clock& clock_;
  TimePoint last_ = TimePoint::min();
};

struct DriverWorld {
  explicit DriverWorld(bool frequent, Duration scan_interval = seconds(10))
      : kernel(WallTime{}),
        clock(kernel.clock(Phase::kAutoscaler)),
        signal(kernel.executor()),
        loops(clock),
        driver({scan_interval, frequent}, loops, signal, clock) {}

  std::vector<std::int64_t> run(int end) {
    spawn(kernel.executor(), driver.run(kTimeZero + seconds(end)));
    kernel.run(kTimeNever, 10000);
    return loops.starts;
  }

  void raise_at(int second) {
    kernel.at(kTimeZero + seconds(second), Phase::kWorld, [this] { signal.raise(); });
  }

  Kernel kernel;
  Clock& clock;
  UnschedulableSignal signal;
  Loops loops;
  LoopDriver driver;
};

using Starts = std::vector<std::int64_t>;

}  // namespace

TEST_CASE("an idle cluster is looked at one interval after each loop's end", "[autoscaler]") {
  const bool frequent = GENERATE(true, false);
  DriverWorld world(frequent);
  CHECK(world.run(40) == Starts{10, 21, 32});
}

TEST_CASE("a productive loop is followed by two at once", "[autoscaler]") {
  DriverWorld world(true);
  world.loops.productive = 2;
  CHECK(world.run(40) == Starts{10, 21, 22, 23, 34});
}

TEST_CASE("the classic mode keeps its interval whatever happens", "[autoscaler]") {
  DriverWorld world(false);
  world.loops.productive = 1;
  world.raise_at(12);
  CHECK(world.run(30) == Starts{10, 21});
}

TEST_CASE("a pod's signal starts a loop, and one raised during a loop the next", "[autoscaler]") {
  DriverWorld world(true);
  world.raise_at(3);
  world.raise_at(15);
  world.kernel.at(kTimeZero + std::chrono::milliseconds(15500), Phase::kWorld,
                  [&world] { world.signal.raise(); });
  CHECK(world.run(30) == Starts{3, 14, 15, 16, 27});
}

TEST_CASE("the loops that follow at once take a signal with them", "[autoscaler]") {
  DriverWorld world(true);
  world.loops.productive = 1;
  world.kernel.at(kTimeZero + std::chrono::milliseconds(10500), Phase::kWorld,
                  [&world] { world.signal.raise(); });
  CHECK(world.run(30) == Starts{10, 11, 12, 23});
}

TEST_CASE("with an interval of 0 or less loops follow each other without a pause", "[autoscaler]") {
  const bool frequent = GENERATE(true, false);
  const Duration interval = GENERATE(Duration{}, Duration(seconds(-1)));
  DriverWorld world(frequent, interval);
  CHECK(world.run(4) == Starts{0, 1, 2, 3, 4});
}

TEST_CASE("loops without a pause come to an end where they take no time", "[autoscaler]") {
  const bool frequent = GENERATE(true, false);
  DriverWorld world(frequent, seconds(-1));
  world.loops.length = Duration{};
  CHECK(world.run(1).size() == 1001);  // a millisecond each
  CHECK(world.kernel.now() >= kTimeZero + seconds(1));
}

}  // namespace casim::sim
