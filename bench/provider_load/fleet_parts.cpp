#include <cstdio>
#include <thread>

#include <fmt/format.h>
#include <boost/asio/io_context.hpp>

#include "bench/provider_load/deaf_client.h"
#include "bench/provider_load/fleet.h"
#include "bench/provider_load/parts.h"
#include "bench/provider_load/rounds.h"
#include "src/live/system_clock.h"

namespace casim::bench {
namespace {

void say(const std::string& line) { std::fputs((line + "\n").c_str(), stderr); }

double ms_of(Duration d) { return to_seconds(d) * 1e3; }

std::string latency_of(const LoopOutcome& outcome) {
  return fmt::format("p50 {:.2f} ms, p99 {:.2f} ms, longest {:.1f} ms, {} calls",
                     ms_of(outcome.quantile(0.5)), ms_of(outcome.quantile(0.99)),
                     ms_of(outcome.quantile(1)), outcome.latencies.size());
}

// With one group of so many.
struct FleetSeen {
  double start_s = 0;  // from the process's start to its first answer
  double owner_ms = 0;
  double mb = 0;       // after the first list of EC2 was compared
  double of_echo = 0;  // latency of NodeGroupNodes against the same reply of the echo server
};

FleetSeen look_at(Clock& clock, int machines, Duration length, int rounds) {
  FleetSeen seen;
  Fleet fleet(1, machines);
  const TimePoint begun = clock.now();
  const auto provider = fleet.start();
  ClosedLoop nodes(clock, address_of(*provider), {Fleet::nodes_of(0)});
  nodes.ask(Fleet::target_of(0));
  seen.start_s = to_seconds(clock.now() - begun);
  const double mb_at_start = resident_mb(*provider);

  ClosedLoop owners(clock, address_of(*provider),
                    {fleet.owner_of(0), fleet.owner_of(machines / 2)});
  const LoopOutcome busy = owners.run(1, length);
  live::eventually([&] { return fleet.has_listed(); });
  owners.run(1, length);  // the last page is compared meanwhile
  const LoopOutcome calm = owners.run(1, length);
  seen.owner_ms = ms_of(calm.quantile(0.5));
  seen.mb = resident_mb(*provider);

  const std::size_t bytes = nodes.ask(Fleet::nodes_of(0)).size();
  const auto echo = fleet.start_echo(nodes, {Fleet::nodes_of(0)});
  ClosedLoop of_echo(clock, address_of(*echo), {Fleet::nodes_of(0)});
  const Comparison lists = compare(nodes, of_echo, 1, rounds, length);
  seen.of_echo = lists.provider.p50_us / lists.echo.p50_us;

  say(
      fmt::format("{} machines: first answer after {:.2f} s; {:.0f} MB then, {:.0f} MB once EC2's "
                  "list was compared, {:.0f} MB after {} bytes of NodeGroupNodes (grpc-go takes "
                  "4194304)",
                  machines, seen.start_s, mb_at_start, seen.mb, resident_mb(*provider), bytes));
  say("NodeGroupForNode while EC2 is listed: " + latency_of(busy));
  say("NodeGroupForNode in calm:             " + latency_of(calm));
  tell("all nodes", lists);
  return seen;
}

// The nine that read.
class Readers {
 public:
  Readers(Clock& clock, const std::string& address, const CallBytes& call, Duration length) {
    for (int i = 0; i < 9; ++i) {
      threads_.emplace_back(
          [&clock, address, call, length] { ClosedLoop(clock, address, {call}).run(1, length); });
    }
  }

  ~Readers() {
    for (std::thread& thread : threads_) thread.join();
  }

 private:
  std::vector<std::thread> threads_;
};

}  // namespace

void measure_fleet(bool is_quick) {
  asio::io_context io{1};
  SystemClock clock(io.get_executor());
  const Duration length = std::chrono::milliseconds(is_quick ? 20 : 2000);
  const int rounds = is_quick ? 1 : 5;
  const FleetSeen small = look_at(clock, is_quick ? 100 : 10'000, length, rounds);
  const FleetSeen large = look_at(clock, is_quick ? 1'000 : 100'000, length, rounds);
  const std::string rows = fmt::format(
      "fleet/start {:.2f} {:.0f}\nfleet/owner {:.2f}\nfleet/nodes {:.2f}\n",
      large.start_s / small.start_s, large.mb, large.owner_ms / small.owner_ms, large.of_echo);
  std::fputs(rows.c_str(), stdout);
}

void measure_readers(bool is_quick) {
  asio::io_context io{1};
  SystemClock clock(io.get_executor());
  Fleet fleet(1, is_quick ? 1'000 : 100'000);
  const auto provider = fleet.start();
  const CallBytes call = Fleet::nodes_of(0);
  live::eventually([&] { return fleet.has_listed(); });
  ClosedLoop(clock, address_of(*provider), {call}).ask(call);
  say(fmt::format("before: {:.0f} MB", resident_mb(*provider)));

  const Duration second = std::chrono::milliseconds(is_quick ? 10 : 1000);
  const TimePoint begun = clock.now();
  const Readers readers(clock, address_of(*provider), call, 30 * second);
  DeafClient deaf(provider->port());
  int asked = 0;
  double at_10_s = 0;
  double largest = 0;
  // Ten times a second, whatever has become of the earlier ones.
  for (TimePoint next = begun; clock.now() < begun + 30 * second; live::pause_a_moment()) {
    if (clock.now() >= next && deaf.ask(call)) ++asked;
    if (clock.now() >= next) next += second / 10;
    const double mb = resident_mb(*provider);
    largest = std::max(largest, mb);
    if (at_10_s == 0 && clock.now() >= begun + 10 * second) at_10_s = largest;
  }
  say(
      fmt::format("{} requests of the client that does not read; largest within 10 s {:.0f} MB, "
                  "within 30 s {:.0f} MB, in the end {:.0f} MB",
                  asked, at_10_s, largest, resident_mb(*provider)));
  std::fputs(fmt::format("readers/growth {:.2f} {:.0f}\n", largest / at_10_s, largest).c_str(),
             stdout);
}

}  // namespace casim::bench
