#include <cstdio>
#include <map>

#include <fmt/format.h>
#include <boost/asio/io_context.hpp>

#include "bench/provider_load/fleet.h"
#include "bench/provider_load/parts.h"
#include "bench/provider_load/rounds.h"
#include "src/live/system_clock.h"

namespace casim::bench {
namespace {

constexpr int kGroups = 5;
constexpr int kNodesEach = 20;

void print_rows(const std::string& name, const Comparison& seen) {
  tell(name, seen);
  const std::string rows = fmt::format("{0} {1:.3f}\n{0}/p99 {2:.3f}\n", name,
                                       seen.echo.calls_per_s / seen.provider.calls_per_s,
                                       seen.provider.p99_us / seen.echo.p99_us);
  std::fputs(rows.c_str(), stdout);
}

}  // namespace

void measure_calls(bool is_quick) {
  asio::io_context io{1};
  SystemClock clock(io.get_executor());
  Fleet fleet(kGroups, kNodesEach);
  const auto provider = fleet.start();
  const std::vector<CallBytes> mix = fleet.loop_calls();
  std::vector<CallBytes> owners;
  for (const CallBytes& call : mix) {
    if (call.method == "NodeGroupForNode") owners.push_back(call);
  }
  ClosedLoop asking(clock, address_of(*provider), {});
  const auto echo = fleet.start_echo(asking, mix);
  const int rounds = is_quick ? 1 : 5;
  const Duration length = std::chrono::milliseconds(is_quick ? 20 : 2000);
  const std::map<std::string, std::vector<CallBytes>> loads = {{"node", owners}, {"mix", mix}};
  for (const auto& [name, calls] : loads) {
    ClosedLoop of_provider(clock, address_of(*provider), calls);
    ClosedLoop of_echo(clock, address_of(*echo), calls);
    for (const int in_flight : {1, 8}) {
      print_rows(fmt::format("{}/{}", name, in_flight),
                 compare(of_provider, of_echo, in_flight, rounds, length));
    }
  }
}

}  // namespace casim::bench
