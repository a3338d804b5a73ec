#include "bench/provider_load/rounds.h"

#include <algorithm>
#include <cstdio>

#include <fmt/format.h>

namespace casim::bench {
namespace {

Speed speed_of(const LoopOutcome& outcome) {
  return {.calls_per_s = outcome.calls_per_s,
          .p50_us = to_seconds(outcome.quantile(0.5)) * 1e6,
          .p99_us = to_seconds(outcome.quantile(0.99)) * 1e6};
}

double median_of(std::vector<Speed> speeds, double Speed::* member) {
  std::ranges::sort(speeds, {}, member);
  return speeds[speeds.size() / 2].*member;
}

Speed median_of(const std::vector<Speed>& speeds) {
  return {.calls_per_s = median_of(speeds, &Speed::calls_per_s),
          .p50_us = median_of(speeds, &Speed::p50_us),
          .p99_us = median_of(speeds, &Speed::p99_us)};
}

}  // namespace

Comparison compare(ClosedLoop& provider, ClosedLoop& echo, int in_flight, int rounds,
                   Duration length) {
  for (ClosedLoop* warm : {&provider, &echo}) warm->run(in_flight, length / 5);
  std::vector<Speed> ours;
  std::vector<Speed> theirs;
  for (int round = 0; round < rounds; ++round) {
    const bool is_first = round % 2 == 0;
    if (is_first) ours.push_back(speed_of(provider.run(in_flight, length)));
    theirs.push_back(speed_of(echo.run(in_flight, length)));
    if (!is_first) ours.push_back(speed_of(provider.run(in_flight, length)));
  }
  return {.provider = median_of(ours), .echo = median_of(theirs)};
}

void tell(const std::string& what, const Comparison& seen) {
  const auto row = [](const Speed& speed) {
    return fmt::format("{:9.0f} calls/s, p50 {:7.0f} us, p99 {:7.0f} us", speed.calls_per_s,
                       speed.p50_us, speed.p99_us);
  };
  const std::string text = fmt::format(
      "{:12} provider {}\n{:12} echo     {}\n{:12} provider/echo: calls/s {:.2f}, p99 {:.2f}\n",
      what, row(seen.provider), "", row(seen.echo), "",
      seen.provider.calls_per_s / seen.echo.calls_per_s, seen.provider.p99_us / seen.echo.p99_us);
  std::fputs(text.c_str(), stderr);
}

}  // namespace casim::bench
