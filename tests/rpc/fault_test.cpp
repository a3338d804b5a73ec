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

}  // namespace casim::sim
