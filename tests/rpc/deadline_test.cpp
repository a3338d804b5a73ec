#include "sim/rpc/call_id.h"
#include "tests/catch.h"
#include "tests/rpc/rpc_world.h"

namespace casim::sim {

using namespace std::chrono_literals;

TEST_CASE("a read takes the latency, a mutation its commit too", "[rpc]") {
  RpcWorld world;
  const TimePoint start = world.kernel.now();
  REQUIRE(world.call(world.rpc.target_size(world.loop(1), "a")));
  CHECK(world.kernel.now() - start == 1ms);
  REQUIRE(world.call(world.rpc.increase_size(world.loop(1), "a", 1)));
  CHECK(world.kernel.now() - start == 1ms + 5ms + 1ms);
}

TEST_CASE("a deadline ends a parked call on time, the server sees it and finishes", "[rpc]") {
  RpcWorld world(constant_latency(RpcMode::kWire), commit_takes(6s));
  const TimePoint start = world.kernel.now();
  const auto order = world.call(world.rpc.increase_size(world.until(5s), "a", 2));
  REQUIRE_FALSE(order);
  CHECK(order.error().code == ErrorCode::kDeadlineExceeded);
  CHECK(world.kernel.now() - start == 5s);
  world.advance(0s);
  CHECK(world.log.has("cancel", RpcMethod::kIncreaseSize));
  CHECK_FALSE(world.log.has("finish", RpcMethod::kIncreaseSize));

  world.advance(2s);
  CHECK(world.log.has("finish", RpcMethod::kIncreaseSize));
  CHECK(world.log.lines.back().code == 0);  // it had begun, so it was done
  CHECK(world.call(world.rpc.target_size(world.loop(2), "a")) == 2);
}

TEST_CASE("a reply whose latency passes the deadline is lost, and the server has acted", "[rpc]") {
  GrpcRpcConfig config = constant_latency(RpcMode::kWire);
  config.latency = Distribution::constant(3s);
  RpcWorld world(config, commit_takes(1s));
  const TimePoint start = world.kernel.now();
  const auto order = world.call(world.rpc.increase_size(world.until(3500ms), "a", 2));
  REQUIRE_FALSE(order);
  CHECK(order.error().code == ErrorCode::kDeadlineExceeded);
  CHECK(world.kernel.now() - start == 3500ms);
  CHECK_FALSE(world.log.has("cancel", RpcMethod::kIncreaseSize));
  CHECK(world.call(world.rpc.target_size(world.loop(2), "a")) == 2);
}

TEST_CASE("a read whose latency passes the deadline ends there", "[rpc]") {
  GrpcRpcConfig config = constant_latency(GENERATE(RpcMode::kWire, RpcMode::kMemo));
  config.latency = Distribution::constant(3s);
  RpcWorld world(config);
  REQUIRE(world.call(world.rpc.target_size(world.loop(1), "a")));
  const TimePoint start = world.kernel.now();
  const auto size = world.call(world.rpc.target_size(world.until(2s), "a"));
  REQUIRE_FALSE(size);
  CHECK(size.error().code == ErrorCode::kDeadlineExceeded);
  CHECK(world.kernel.now() - start == 2s);
}

TEST_CASE("a call whose deadline has passed never leaves", "[rpc]") {
  RpcWorld world(constant_latency(GENERATE(RpcMode::kWire, RpcMode::kMemo)));
  const auto refresh = world.call(world.rpc.refresh(world.until(0s)));
  REQUIRE_FALSE(refresh);
  CHECK(refresh.error().code == ErrorCode::kDeadlineExceeded);
  CHECK(world.log.lines.empty());
}

TEST_CASE("a waiter that is cancelled cancels its call", "[rpc]") {
  RpcWorld world(constant_latency(RpcMode::kWire), commit_takes(6s));
  const auto order = world.begin(world.rpc.increase_size(world.loop(1), "a", 2));
  world.advance(1s);
  world.tasks.cancel();
  world.advance(0s);
  CHECK_FALSE(*order);
  CHECK(world.tasks.empty());
  CHECK(world.log.has("cancel", RpcMethod::kIncreaseSize));
  world.advance(6s);
  CHECK(world.log.has("finish", RpcMethod::kIncreaseSize));
}

TEST_CASE("a handler that never ends aborts the run with its call", "[rpc]") {
  RpcWorld world;
  world.store.hangs = true;
  const auto order = world.begin(world.rpc.increase_size(world.until(5s), "a", 2));
  world.advance(64s);
  REQUIRE(*order);
  std::string what;
  try {
    world.advance(2s);
  } catch (const StuckHandler& stuck) {
    what = stuck.what();
    CHECK(stuck.call().method == RpcMethod::kIncreaseSize);
    CHECK(loop_of(stuck.call().id) == LoopId(1));
    CHECK(stuck.call().since == kTimeZero);
    CHECK(stuck.call().cancelled == kTimeZero + 5s);
  }
  CHECK_THAT(what, ContainsSubstring("NodeGroupIncreaseSize") && ContainsSubstring("loop 1") &&
                       ContainsSubstring("65.0"));
  CHECK(world.kernel.now() == kTimeZero + 65s);
}

TEST_CASE("a handler that ends late aborts nothing", "[rpc]") {
  RpcWorld world(constant_latency(RpcMode::kWire), commit_takes(30s));
  const auto order = world.begin(world.rpc.increase_size(world.until(5s), "a", 2));
  world.advance(200s);
  CHECK(world.log.has("finish", RpcMethod::kIncreaseSize));
}

TEST_CASE("a crash in mid-call is UNAVAILABLE, and a restart a new epoch", "[rpc]") {
  RpcWorld world(constant_latency(GENERATE(RpcMode::kWire, RpcMode::kMemo)), commit_takes(6s));
  REQUIRE(world.call(world.rpc.target_size(world.loop(1), "a")));
  const auto epoch = world.server.service().server_epoch();
  const auto order = world.begin(world.rpc.increase_size(world.loop(1), "a", 2));
  world.advance(1s);
  world.crash();
  world.advance(1s);
  REQUIRE(*order);
  REQUIRE_FALSE(**order);
  CHECK((*order)->error().code == ErrorCode::kUnavailable);
  const auto down = world.call(world.rpc.target_size(world.loop(1), "a"));
  REQUIRE_FALSE(down);
  CHECK(down.error().code == ErrorCode::kUnavailable);

  world.restart();
  CHECK(world.server.service().server_epoch() == epoch + 1);
  CHECK(world.call(world.rpc.target_size(world.loop(1), "a")) == 0);  // it had not been committed
}

TEST_CASE("a crash in the instant of the call is UNAVAILABLE", "[rpc]") {
  RpcWorld world;
  const auto order = world.begin(world.rpc.increase_size(world.loop(1), "a", 2));
  world.kernel.at(world.kernel.now(), Phase::kWorld, [&world] {
    world.server.service().detach();
    world.provider->cancel();
  });
  world.advance(1s);
  REQUIRE(*order);
  REQUIRE_FALSE(**order);
  CHECK((*order)->error().code == ErrorCode::kUnavailable);
}

}  // namespace casim::sim
