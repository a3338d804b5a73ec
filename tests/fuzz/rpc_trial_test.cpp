// A short run of rpc_surface_fuzz, the same everywhere.
#include <cstdint>
#include <set>
#include <string>

#include "src/core/random.h"
#include "tests/catch.h"
#include "tests/fuzz/rpc_trial.h"

namespace casim::fuzz {
namespace {

std::string bytes_of(std::uint64_t input) {
  const Random random(11);
  std::string bytes;
  for (std::uint64_t n = 0; n < 160; ++n) {
    bytes += static_cast<char>(random.index("calls", input, n, 256));
  }
  return bytes;
}

}  // namespace

TEST_CASE("any request has a status, and one that failed has changed nothing", "[fuzz]") {
  RpcTally tally;
  for (std::uint64_t i = 0; i < 2000; ++i) try_calls(bytes_of(i), tally);
  std::set<std::string> succeeded;
  int failed = 0;
  for (const auto& [key, count] : tally.answers) {
    if (key.second == 0) {
      succeeded.insert(key.first);
    } else {
      failed += count;
    }
  }
  // A run that reached little would prove little.
  CHECK(succeeded.size() == 15);
  CHECK(failed > 100);
  CHECK(tally.refused > 100);
}

}  // namespace casim::fuzz
