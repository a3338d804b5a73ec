// crash_pairs [PAIRS] [FIRST SEED]: kills the provider twice in each of so many lives, and says
// which of them lost, leaked or doubled anything. A seed alone: crash_pairs 1 SEED.

#include <charconv>
#include <cstdint>
#include <iostream>
#include <optional>
#include <string_view>

#include <boost/asio/io_context.hpp>

#include "src/live/system_clock.h"
#include "tests/provider/crash_life.h"

using namespace casim;
using namespace casim::provider;

namespace {

std::optional<std::uint64_t> number_in(std::string_view text) {
  std::uint64_t number = 0;
  const auto read = std::from_chars(text.data(), text.data() + text.size(), number);
  if (read.ec != std::errc() || read.ptr != text.data() + text.size()) return std::nullopt;
  return number;
}

}  // namespace

int main(int argc, char** argv) {
  const auto pairs = argc > 1 ? number_in(argv[1]) : 20'000;
  const auto first = argc > 2 ? number_in(argv[2]) : 0;
  if (!pairs || *pairs == 0 || !first || argc > 3) {
    std::cerr << "crash_pairs [PAIRS] [FIRST SEED]: numbers, at least one pair\n";
    return 2;
  }
  asio::io_context io;
  const SystemClock clock(io.get_executor());
  std::uint64_t failed = 0;
  std::uint64_t kills = 0;
  for (std::uint64_t seed = *first; seed < *first + *pairs; ++seed) {
    const CrashCase crash = drawn_pair(seed);
    const CrashReport report = run_crash_case(crash);
    kills += report.killed_at.size();
    if (report.fault.empty()) continue;
    ++failed;
    std::cout << "seed " << seed << " (" << to_string(crash) << "): " << report.fault << "\n";
  }
  const double took = to_seconds(clock.now() - kTimeZero);
  std::cout << *pairs << " pairs from seed " << *first << ", " << kills << " kills, " << failed
            << " failed; " << took << " s, " << static_cast<double>(*pairs) / took << " pairs/s\n";
  return failed == 0 ? 0 : 1;
}
