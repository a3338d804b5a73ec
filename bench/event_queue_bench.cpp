// The hold model: take the earliest event, schedule another at its time plus an increment. Ours,
// with handlers, cancellation check and call, against bare heaps of 24-byte events without either.
// Increments are drawn beforehand. "ties": a mean of 20 ticks, so that most times are shared.

#include <benchmark/benchmark.h>

#include <cmath>
#include <cstdint>
#include <queue>
#include <vector>

#include "sim/kernel/event_queue.h"
#include "src/core/random.h"

namespace casim::sim {
namespace {

constexpr std::size_t kIncrements = 1 << 18;

std::vector<std::int64_t> draw_increments(double mean) {
  const Random random(1);
  std::vector<std::int64_t> increments(kIncrements);
  for (std::size_t i = 0; i < kIncrements; ++i) {
    increments[i] = std::llround(-mean * std::log(random.uniform("increment", 0, i)));
  }
  return increments;
}

double mean_of(const benchmark::State& state) { return state.range(1) != 0 ? 20.0 : 1e9; }

struct BareEvent {
  std::int64_t time;
  std::uint64_t sequence;
  std::uint64_t payload;

  bool operator<(const BareEvent& other) const {
    if (time != other.time) return time > other.time;
    return sequence > other.sequence;
  }
};

static_assert(sizeof(BareEvent) == 24);

void bare_heap(benchmark::State& state) {
  const auto increments = draw_increments(mean_of(state));
  const auto pending = static_cast<std::uint64_t>(state.range(0));
  std::priority_queue<BareEvent> heap;
  std::uint64_t n = 0;
  std::uint64_t sum = 0;
  for (; n < pending; ++n) heap.push({increments[n % kIncrements], n, n});
  const auto step = [&] {
    const BareEvent event = heap.top();
    heap.pop();
    sum += event.payload;
    heap.push({event.time + increments[n % kIncrements], n, event.payload});
    ++n;
  };
  for (std::uint64_t i = 0; i < pending; ++i) step();
  for (auto _ : state) step();
  benchmark::DoNotOptimize(sum);
  state.SetItemsProcessed(state.iterations());
}

struct Hold {
  EventQueue queue;
  std::vector<std::int64_t> increments;
  TimePoint now = kTimeZero;
  std::uint64_t n = 0;
  std::uint64_t sum = 0;

  void schedule(std::uint64_t payload) {
    const Duration increment(increments[n++ % kIncrements]);
    queue.push(now + increment, Phase::kWorld, [this, payload] {
      sum += payload;
      schedule(payload);
    });
  }

  // As the run loop does it: look, then take.
  void step() {
    now = queue.next_time();
    queue.pop()();
  }
};

void event_queue(benchmark::State& state) {
  Hold hold;
  hold.increments = draw_increments(mean_of(state));
  const auto pending = static_cast<std::uint64_t>(state.range(0));
  for (std::uint64_t i = 0; i < pending; ++i) hold.schedule(i);
  for (std::uint64_t i = 0; i < pending; ++i) hold.step();
  for (auto _ : state) hold.step();
  benchmark::DoNotOptimize(hold.sum);
  state.SetItemsProcessed(state.iterations());
}

// A timer that is set and cancelled for each event, as deadlines of calls are.
void event_queue_with_cancel(benchmark::State& state) {
  Hold hold;
  hold.increments = draw_increments(mean_of(state));
  const auto pending = static_cast<std::uint64_t>(state.range(0));
  for (std::uint64_t i = 0; i < pending; ++i) hold.schedule(i);
  for (std::uint64_t i = 0; i < pending; ++i) hold.step();
  for (auto _ : state) {
    const EventHandle timer =
        hold.queue.push(hold.now + std::chrono::seconds(5), Phase::kWorld, [] {});
    hold.step();
    hold.queue.cancel(timer);
  }
  benchmark::DoNotOptimize(hold.sum);
  state.SetItemsProcessed(state.iterations());
}

// A fixed number of events: finding one by trial would fill the queue anew for each trial.
void sizes(benchmark::internal::Benchmark* bench, std::int64_t most) {
  bench->ArgNames({"pending", "ties"})->Iterations(1 << 18);
  for (const std::int64_t ties : {0, 1}) {
    for (const std::int64_t pending : {1'000, 100'000, 1'000'000}) {
      if (pending <= most) bench->Args({pending, ties});
    }
  }
}

void all_sizes(benchmark::internal::Benchmark* bench) { sizes(bench, 1'000'000); }

void small_sizes(benchmark::internal::Benchmark* bench) { sizes(bench, 100'000); }

BENCHMARK(bare_heap)->Apply(all_sizes);
BENCHMARK(event_queue)->Apply(all_sizes);
BENCHMARK(event_queue_with_cancel)->Apply(small_sizes);

}  // namespace
}  // namespace casim::sim
