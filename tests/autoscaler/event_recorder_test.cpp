#include "sim/autoscaler/cluster/event_recorder.h"

#include "sim/kernel/kernel.h"
#include "tests/catch.h"

using namespace casim;
using namespace casim::sim;
using namespace std::chrono_literals;

namespace {

// An API server that takes 200 ms for an event and nothing else.
class SlowWriter : public ClusterWriter {
 public:
  explicit SlowWriter(Clock& clock) : clock_(clock) {}

  Awaitable<Result<void>> write_event() override {
    ++under_way_;
    CHECK(under_way_ == 1);
    co_await clock_.sleep_for(200ms);
    --under_way_;
    ++written;
    co_return Result<void>();
  }

  Awaitable<Result<NodePtr>> update_node(NodeUpdate) override { return refused<NodePtr>(); }

  Awaitable<Result<NodePtr>> get_node(std::string) override { return refused<NodePtr>(); }

  Awaitable<Result<void>> evict(PodId, Duration) override { return refused<void>(); }

  Awaitable<Result<Pod>> get_pod(PodId) override { return refused<Pod>(); }

  Awaitable<Result<void>> write_status(StatusWrite) override { return refused<void>(); }

  int written = 0;

 private:
  template <class T>
  Awaitable<Result<T>> refused() {
    co_return failure(ErrorCode::kUnimplemented, "not asked for");
  }

  Clock& clock_;
  int under_way_ = 0;
};

struct RecorderFixture {
  int written_at(TimePoint when) {
    kernel.at(when, Phase::kWorld, [] {});  // so that the time is reached though all is idle
    kernel.run(when, 100'000);
    return writer.written;
  }

  Kernel kernel{WallTime(std::chrono::seconds(1'700'000'000))};
  Clock& clock = kernel.clock(Phase::kAutoscaler);
  SlowWriter writer{clock};
  TaskScope scope{kernel.executor()};
  AutoscalerOptions options;
  EventRecorder events{options, writer, clock, scope};
};

}  // namespace

TEST_CASE("events are written one after the other", "[autoscaler]") {
  RecorderFixture f;
  for (std::uint32_t i = 0; i < 5; ++i) f.events.about_pod("TriggeredScaleUp", PodId(i));
  CHECK(f.written_at(kTimeZero + 500ms) == 2);
  f.events.about_node("ScaleDown", "n");
  CHECK(f.written_at(kTimeZero + 1200ms) == 6);
}

TEST_CASE("an event is repeated only after five minutes, another reason is another event",
          "[autoscaler]") {
  RecorderFixture f;
  const auto say = [&f] {
    f.events.about_pod("NotTriggerScaleUp", PodId(1));
    f.events.about_pod("TriggeredScaleUp", PodId(1));
  };
  say();
  say();
  CHECK(f.written_at(kTimeZero + 5min) == 2);
  say();  // the first of them was written 5 min ago, the second 200 ms later
  CHECK(f.written_at(kTimeZero + 6min) == 4);
  say();
  CHECK(f.written_at(kTimeZero + 7min) == 4);
}

TEST_CASE("on the status each message is an event, and none without a status", "[autoscaler]") {
  RecorderFixture f;
  f.events.about_status("g from 1 to 2");
  f.events.about_status("g from 2 to 3");
  f.events.about_status("g from 2 to 3");
  CHECK(f.written_at(kTimeZero + 1s) == 2);
  f.options.write_status_configmap = false;
  f.events.about_status("g from 3 to 4");
  CHECK(f.written_at(kTimeZero + 2s) == 2);
}

TEST_CASE("what finds a thousand events waiting is dropped", "[autoscaler]") {
  RecorderFixture f;
  f.events.about_node("ScaleDown", "taken at once");
  f.written_at(kTimeZero + 1ms);
  for (std::uint32_t i = 0; i < 3000; ++i) f.events.about_pod("TriggeredScaleUp", PodId(i));
  CHECK(f.written_at(kTimeZero + 10min) == 1001);
}
