#include "sim/autoscaler/scaledown/drain.h"

#include "sim/kernel/kernel.h"
#include "tests/autoscaler/support.h"
#include "tests/catch.h"

using namespace casim;
using namespace casim::sim;
using namespace std::chrono_literals;

namespace {

// Refuses evictions up to `evicts_from`; an evicted pod is gone at `gone_from`.
class StubbornWriter : public ClusterWriter {
 public:
  explicit StubbornWriter(Clock& clock) : clock_(clock) {}

  Awaitable<Result<void>> evict(PodId, Duration grace) override {
    ++evictions;
    last_grace = grace;
    if (clock_.now() < evicts_from) co_return failure(ErrorCode::kResourceExhausted, "budget");
    co_return Result<void>();
  }

  Awaitable<Result<Pod>> get_pod(PodId id) override {
    ++polls;
    if (clock_.now() >= gone_from) co_return failure(ErrorCode::kNotFound, "gone");
    Pod pod;
    pod.id = id;
    pod.node_name = "n";
    co_return pod;
  }

  Awaitable<Result<void>> write_event() override { co_return Result<void>(); }

  Awaitable<Result<void>> write_status(StatusWrite) override { co_return Result<void>(); }

  Awaitable<Result<NodePtr>> update_node(NodeUpdate) override { co_return NodePtr(); }

  Awaitable<Result<NodePtr>> get_node(std::string) override { co_return NodePtr(); }

  TimePoint evicts_from{};
  TimePoint gone_from{};
  int evictions = 0;
  int polls = 0;
  Duration last_grace{};

 private:
  Clock& clock_;
};

struct Drained {
  bool ok = false;
  Duration at{};
};

struct DrainFixture {
  Drained drain() {
    std::vector<PodPtr> pods{make_pod(1, make_spec("w", 100))};
    spawn(kernel.executor(), drain_into(std::move(pods)));
    kernel.run(kTimeNever, 100'000);
    return result;
  }

  Awaitable<void> drain_into(std::vector<PodPtr> pods) {
    const Result<void> done = co_await evictor.drain(LoopId(), "n", std::move(pods));
    result = {done.has_value(), kernel.now() - kTimeZero};
  }

  Kernel kernel{WallTime(std::chrono::seconds(1'700'000'000))};
  Clock& clock = kernel.clock(Phase::kAutoscaler);
  StubbornWriter writer{clock};
  TaskScope scope{kernel.executor()};
  AutoscalerOptions options;
  OrderPolicy order = OrderPolicy::by_name();
  EventRecorder events{options, writer, clock, scope};
  Evictor evictor{options, writer, clock, order, events};
  Drained result;
};

constexpr Duration kRetry = 10s;
constexpr Duration kPoll = 5s;
constexpr Duration kHeadroom = 30s;

}  // namespace

TEST_CASE("a pod that cannot be evicted is tried every 10 s, and fails the drain after 2 minutes",
          "[autoscaler]") {
  DrainFixture f;
  f.writer.evicts_from = kTimeNever;
  const Drained drained = f.drain();
  CHECK_FALSE(drained.ok);
  CHECK(drained.at == f.options.max_pod_eviction_time);
  CHECK(f.writer.evictions == f.options.max_pod_eviction_time / kRetry);
  CHECK(f.writer.polls == 0);
}

TEST_CASE("an eviction that is granted in time is seen at the next poll", "[autoscaler]") {
  DrainFixture f;
  f.writer.evicts_from = kTimeZero + 31s;  // the fifth try, at 40 s
  f.writer.gone_from = kTimeZero + 52s;    // the fourth poll, at 55 s
  const Drained drained = f.drain();
  CHECK(drained.ok);
  CHECK(f.writer.evictions == 5);
  CHECK(drained.at == 4 * kRetry + 3 * kPoll);
}

TEST_CASE("a pod that never ends fails the drain after the longest grace period and 30 s",
          "[autoscaler]") {
  DrainFixture f;
  f.options.max_graceful_termination_sec = 60;
  f.writer.gone_from = kTimeNever;
  const Drained drained = f.drain();
  CHECK_FALSE(drained.ok);
  CHECK(drained.at == 60s + kHeadroom);
}

TEST_CASE("the grace period of a pod is cut to the longest", "[autoscaler]") {
  DrainFixture f;
  f.options.max_graceful_termination_sec = 20;
  CHECK(f.drain().ok);
  CHECK(f.writer.last_grace == 20s);
}

TEST_CASE("a drain whose caller is cancelled tries no eviction any more", "[autoscaler]") {
  DrainFixture f;
  f.writer.evicts_from = kTimeZero + 15s;  // the second try would be granted
  std::vector<PodPtr> pods{make_pod(1, make_spec("w", 100)), make_pod(2, make_spec("w", 100))};
  TaskScope caller(f.kernel.executor());
  caller.spawn(f.drain_into(std::move(pods)));
  f.kernel.run(kTimeZero + 5s, 100'000);
  CHECK(f.writer.evictions == 2);
  caller.cancel();
  f.kernel.run(kTimeNever, 100'000);
  CHECK(caller.empty());
  CHECK(f.writer.evictions == 2);
}
