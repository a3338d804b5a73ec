#include <set>

#include "tests/catch.h"
#include "tests/rpc/rpc_world.h"

namespace casim::sim {

using namespace std::chrono_literals;

namespace {

// From 10 s to 20 s.
struct FaultyWorld : RpcWorld {
  explicit FaultyWorld(RpcCondition fault) : RpcWorld(constant_latency(RpcMode::kMemo)) {
    conditions.add(kTimeZero + 10s, kTimeZero + 20s, std::move(fault));
  }
};

ErrorCode code_of(const auto& answer) { return answer ? ErrorCode{} : answer.error().code; }

}  // namespace

TEST_CASE("a fault answers what matches it, and only while it lasts", "[rpc]") {
  RpcCondition fault;
  fault.method = RpcMethod::kTargetSize;
  fault.group = "a";
  fault.code = ErrorCode::kResourceExhausted;
  FaultyWorld world(fault);
  CHECK(world.call(world.rpc.target_size(world.loop(1), "a")));
  world.advance(11s);
  CHECK(code_of(world.call(world.rpc.target_size(world.loop(2), "a"))) ==
        ErrorCode::kResourceExhausted);
  CHECK(world.call(world.rpc.target_size(world.loop(2), "b-c")));
  CHECK(world.call(world.rpc.nodes(world.loop(2), "a")));
  world.advance(10s);
  CHECK(world.call(world.rpc.target_size(world.loop(3), "a")));
}

TEST_CASE("a fault keeps the call from the server unless it says applied", "[rpc]") {
  const bool applied = GENERATE(false, true);
  RpcCondition fault;
  fault.code = ErrorCode::kUnavailable;
  fault.applied = applied;
  FaultyWorld world(fault);
  world.advance(11s);
  const TimePoint start = world.kernel.now();
  CHECK(code_of(world.call(world.rpc.increase_size(world.loop(1), "a", 2))) ==
        ErrorCode::kUnavailable);
  CHECK(world.kernel.now() - start == (applied ? 6ms : 1ms));
  world.advance(10s);
  CHECK(world.call(world.rpc.target_size(world.loop(2), "a")) == (applied ? 2 : 0));
}

TEST_CASE("a dropped answer leaves the caller to its deadline", "[rpc]") {
  const bool applied = GENERATE(false, true);
  RpcCondition fault;
  fault.drop = true;
  fault.applied = applied;
  FaultyWorld world(fault);
  world.advance(11s);
  const TimePoint start = world.kernel.now();
  CHECK(code_of(world.call(world.rpc.increase_size(world.until(5s), "a", 2))) ==
        ErrorCode::kDeadlineExceeded);
  CHECK(world.kernel.now() - start == 5s);
  world.advance(10s);
  CHECK(world.call(world.rpc.target_size(world.loop(2), "a")) == (applied ? 2 : 0));
}

TEST_CASE("a slow spell changes the latency and nothing else", "[rpc]") {
  RpcCondition fault;
  fault.latency = 700ms;
  FaultyWorld world(fault);
  CHECK(world.call(world.rpc.target_size(world.loop(1), "a")) == 0);
  world.advance(11s);
  const TimePoint start = world.kernel.now();
  CHECK(world.call(world.rpc.target_size(world.loop(1), "a")) == 0);
  CHECK(world.kernel.now() - start == 700ms);
}

TEST_CASE("a delay comes on top of the latency, drawn for each call", "[rpc]") {
  RpcCondition fault;
  fault.delay = Distribution(Uniform{.min = 1, .max = 2});
  fault.seed = 5;
  FaultyWorld world(fault);
  world.advance(11s);
  std::set<Duration> times;
  for (int i = 0; i < 5; ++i) {
    const TimePoint start = world.kernel.now();
    CHECK(world.call(world.rpc.target_size(world.loop(1), "a")) == 0);
    const Duration took = world.kernel.now() - start;
    CHECK(took >= 1s + 1ms);
    CHECK(took <= 2s + 1ms);
    times.insert(took);
  }
  CHECK(times.size() == 5);
}

TEST_CASE("a share of calls is hit, the same whether reads travel or not", "[rpc]") {
  RpcCondition fault;
  fault.code = ErrorCode::kUnavailable;
  fault.share = 0.3;
  fault.seed = 7;
  const auto failures_of = [&fault](RpcMode mode) {
    RpcWorld world(constant_latency(mode));
    world.conditions.add(kTimeZero, kTimeZero + 1h, fault);
    std::vector<int> failed;
    for (int i = 0; i < 400; ++i) {
      if (!world.call(world.rpc.target_size(world.loop(1), "a"))) failed.push_back(i);
    }
    return failed;
  };
  const auto on_wire = failures_of(RpcMode::kWire);
  CHECK(std::abs(static_cast<int>(on_wire.size()) - 120) < 28);  // three standard deviations
  CHECK(failures_of(RpcMode::kMemo) == on_wire);
}

TEST_CASE("a silent connection stays so until the caller makes a new one", "[rpc]") {
  RpcCondition fault;
  fault.drop = true;
  fault.outlasts_connection = true;
  FaultyWorld world(fault);
  const auto works = [&world] {
    return world.call(world.rpc.target_size(world.until(5s), "a")).has_value();
  };
  CHECK(works());
  world.advance(11s);
  CHECK_FALSE(works());
  world.advance(1h);
  CHECK_FALSE(works());
  world.conditions.on_connected(world.kernel.now());
  CHECK(works());
}

TEST_CASE("wrong answers are about sizes and instances, and the provider knows nothing of them",
          "[rpc]") {
  const WrongAnswer wrong =
      GENERATE(WrongAnswer(WrongTarget{.offset = 2}), WrongAnswer(WrongTarget{.offset = -9}),
               WrongAnswer(MissingInstance{.count = 2}), WrongAnswer(UnknownInstance{.count = 2}));
  RpcCondition fault;
  fault.group = "a";
  fault.wrong = wrong;
  FaultyWorld world(fault);
  REQUIRE(world.call(world.rpc.increase_size(world.loop(1), "a", 3)));
  REQUIRE(world.call(world.rpc.increase_size(world.loop(1), "b-c", 1)));
  world.advance(9s);  // whatever becomes of the machines
  const auto truth = world.call(world.rpc.nodes(world.loop(2), "a"));
  REQUIRE(truth);
  REQUIRE(truth->size() == 3);
  world.advance(2s);
  const auto size = world.call(world.rpc.target_size(world.loop(3), "a"));
  const auto told = world.call(world.rpc.nodes(world.loop(3), "a"));
  REQUIRE(told);
  if (std::holds_alternative<WrongTarget>(wrong)) {
    CHECK(size == std::max(0, 3 + std::get<WrongTarget>(wrong).offset));
    CHECK(*told == *truth);
  } else if (std::holds_alternative<MissingInstance>(wrong)) {
    CHECK(size == 3);
    REQUIRE(told->size() == 1);
    CHECK(told->at(0) == truth->at(2));
  } else {
    CHECK(size == 3);
    REQUIRE(told->size() == 5);
    for (std::size_t i = 0; i < 3; ++i) CHECK(told->at(i) == truth->at(i));
    CHECK(told->at(3).state == RpcInstanceState::kRunning);
    CHECK(told->at(3).id != told->at(4).id);
    CHECK(world.call(world.rpc.nodes(world.loop(4), "a")) == told);  // the same ones again
  }
  CHECK(world.call(world.rpc.target_size(world.loop(3), "b-c")) == 1);
  world.advance(10s);
  CHECK(world.call(world.rpc.target_size(world.loop(5), "a")) == 3);
  CHECK(world.call(world.rpc.nodes(world.loop(5), "a")) == truth);
}

TEST_CASE("a stale answer is what was true that long ago, or the oldest that is known", "[rpc]") {
  const RpcMode mode = GENERATE(RpcMode::kWire, RpcMode::kMemo);
  RpcWorld world(constant_latency(mode));
  RpcCondition fault;
  fault.wrong = StaleAnswer{.age = 60s};
  world.conditions.keep_answers(60s);
  world.conditions.add(kTimeZero + 100s, kTimeZero + 200s, fault);
  const auto grow_at = [&world](Duration t, int delta) {
    world.advance(kTimeZero + t - world.kernel.now());
    REQUIRE(world.call(world.rpc.increase_size(world.loop(1), "a", delta)));
  };
  const auto size_at = [&world](Duration t) {
    world.advance(kTimeZero + t - world.kernel.now());
    const auto size = world.call(world.rpc.target_size(world.loop(2), "a"));
    REQUIRE(size);
    REQUIRE(world.call(world.rpc.nodes(world.loop(2), "a"))->size() ==
            static_cast<std::size_t>(*size));
    return *size;
  };
  CHECK(size_at(10s) == 0);
  grow_at(30s, 1);
  CHECK(size_at(35s) == 1);
  CHECK(size_at(60s) == 1);
  grow_at(80s, 2);
  CHECK(size_at(99s) == 3);
  CHECK(size_at(101s) == 1);  // of 41 s
  CHECK(size_at(150s) == 1);  // of 90 s, but the change was heard of at 99 s
  CHECK(size_at(170s) == 3);
  CHECK(size_at(201s) == 3);
}

}  // namespace casim::sim
