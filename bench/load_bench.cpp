// Pods that arrive, per second of work: their instants alone, and with all that is drawn for one.
#include <benchmark/benchmark.h>

#include "sim/load/arrival_series.h"
#include "sim/load/rate_shapes.h"

namespace casim::sim {
namespace {

RatePtr day(double peak) {
  return cycle({.peak = peak,
                .day = cosine_day(0.3, 43'200),
                .weekdays = std::vector<double>(7, 1.0),
                .start = WallTime{}});
}

void instants(benchmark::State& state, const RatePtr& rate, double end) {
  std::int64_t pods = 0;
  for (auto _ : state) {
    const auto stream = poisson_arrivals(rate, end, Random(1), 7);
    while (const auto arriving = stream->next()) {
      benchmark::DoNotOptimize(arriving);
      ++pods;
    }
  }
  state.SetItemsProcessed(pods);
}

void constant_instants(benchmark::State& state) { instants(state, constant_rate(100), 100); }

void daily_instants(benchmark::State& state) { instants(state, day(0.2), 86'400); }

void regular_instants(benchmark::State& state) {
  std::int64_t pods = 0;
  for (auto _ : state) {
    const auto stream = regular_arrivals(day(0.2), 86'400);
    while (const auto arriving = stream->next()) {
      benchmark::DoNotOptimize(arriving);
      ++pods;
    }
  }
  state.SetItemsProcessed(pods);
}

void whole_jobs(benchmark::State& state) {
  ArrivalSpec spec;
  spec.name = "jobs";
  spec.rate = day(0.2);
  spec.end = 86'400;
  spec.run_for = Distribution::from_quantiles(240, 3600);
  spec.cpu = Distribution::from_quantiles(500, 8000);
  const ArrivalSeries series(spec);
  std::int64_t pods = 0;
  for (auto _ : state) {
    const auto stream = series.arrivals();
    while (const auto arriving = stream->next()) {
      benchmark::DoNotOptimize(series.spec(arriving->index));
      benchmark::DoNotOptimize(series.run_for(arriving->index));
      ++pods;
    }
  }
  state.SetItemsProcessed(pods);
}

BENCHMARK(constant_instants);
BENCHMARK(daily_instants);
BENCHMARK(regular_instants);
BENCHMARK(whole_jobs);

}  // namespace
}  // namespace casim::sim
