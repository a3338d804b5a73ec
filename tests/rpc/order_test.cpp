#include "src/core/random.h"
#include "tests/catch.h"
#include "tests/rpc/random_clients.h"

namespace casim::sim {

using namespace std::chrono_literals;

namespace {

struct Run {
  std::vector<std::string> lines;
  std::uint64_t server_hash = 0;  // of what the server saw: time, call, event, status
  std::uint64_t wire = 0;
  std::uint64_t memo = 0;
};

void add_faults(RpcConditions& conditions) {
  conditions.add(kTimeZero + 1s, kTimeZero + 1200ms, {.code = ErrorCode::kUnavailable});
  RpcCondition lost{.method = RpcMethod::kIncreaseSize, .code = ErrorCode::kUnknown};
  lost.applied = true;
  conditions.add(kTimeZero + 2s, kTimeZero + 2300ms, lost);
  conditions.add(kTimeZero + 3s, kTimeZero + 3500ms, {.group = "a", .latency = 9ms});
}

Run run(RpcMode mode, std::uint64_t seed, int clients, int steps) {
  provider::Config groups;
  groups.cluster = "test";
  groups.groups = {provider::small_group("a", 200), provider::small_group("b-c", 300)};
  RpcWorld world(
      {.mode = mode},
      {.commit_latency = Distribution::from_quantiles(0.003, 0.015), .acknowledge_latency = {}},
      groups);
  add_faults(world.conditions);
  world.machines.launch_latency = 20ms;
  RandomClients random(world, seed);
  random.start(clients, steps);
  REQUIRE(world.kernel.run(kTimeZero + 120s, 5'000'000) == Kernel::Stop::kUntil);
  REQUIRE(world.tasks.empty());
  Run result;
  result.lines = std::move(random.lines);
  for (const CallLog::Line& line : world.log.lines) {
    const auto at = static_cast<std::uint64_t>(line.at.time_since_epoch().count());
    std::uint64_t hash = hash_combine(result.server_hash, at);
    hash = hash_combine(hash, line.id.value());
    hash = hash_bytes(line.event, hash);
    hash = hash_combine(hash, static_cast<std::uint64_t>(line.method));
    result.server_hash = hash_combine(hash, static_cast<std::uint64_t>(line.code + 1));
  }
  for (const RpcCount& count : world.rpc.counts().by_method) {
    result.wire += count.wire;
    result.memo += count.memo;
  }
  return result;
}

}  // namespace

TEST_CASE("thousands of calls with deadlines, cancels and errors come in the same order twice",
          "[rpc]") {
  const Run first = run(RpcMode::kWire, 1, 12, 400);
  const Run second = run(RpcMode::kWire, 1, 12, 400);
  CHECK(first.lines.size() > 4'000);
  CHECK(first.server_hash == second.server_hash);
  CHECK(first.lines == second.lines);
}

TEST_CASE("wire and memo give the same answers at the same times", "[rpc]") {
  const auto seed = GENERATE(range(1, 9));
  const int clients = seed % 3 == 0 ? 1 : seed % 3 == 1 ? 4 : 10;
  CAPTURE(seed, clients);
  const Run wire = run(RpcMode::kWire, static_cast<std::uint64_t>(seed), clients, 300);
  const Run memo = run(RpcMode::kMemo, static_cast<std::uint64_t>(seed), clients, 300);
  REQUIRE(wire.lines.size() == memo.lines.size());
  for (std::size_t i = 0; i < wire.lines.size(); ++i) REQUIRE(wire.lines[i] == memo.lines[i]);
  CHECK(wire.memo == 0);
  CHECK(memo.memo > memo.wire / 4);
  CHECK(wire.wire == memo.wire + memo.memo);
}

}  // namespace casim::sim
