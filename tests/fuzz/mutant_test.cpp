// A short run of scenario_mutant_fuzz, the same everywhere.
#include <map>
#include <string>

#include "src/core/random.h"
#include "tests/catch.h"
#include "tests/fuzz/mutant.h"
#include "tests/fuzz/trial.h"

namespace casim::fuzz {
namespace {

std::string bytes_of(std::uint64_t mutant) {
  const Random random(9);
  std::string bytes;
  for (std::uint64_t n = 0; n < 64; ++n) {
    bytes += static_cast<char>(random.index("mutant", mutant, n, 256));
  }
  return bytes;
}

TEST_CASE("a changed scenario is refused with a reason or runs", "[fuzz]") {
  const std::vector<Json> bases = base_scenarios();
  std::map<Verdict, int> count;
  for (std::uint64_t i = 0; i < 1500; ++i) {
    const std::string bytes = bytes_of(i);
    Choices choices(bytes);
    const std::string text = mutant(bases, choices);
    INFO(text);
    const Trial trial = try_running(text, 500);
    ++count[trial.verdict];
    if (trial.verdict == Verdict::kRefused) {
      REQUIRE_FALSE(trial.problems.empty());
    }
  }
  CAPTURE(count[Verdict::kRefused], count[Verdict::kTooLarge], count[Verdict::kGood]);
  // A run in which nearly all are refused would prove little.
  CHECK(count[Verdict::kGood] > 100);
  CHECK(count[Verdict::kRefused] > 100);
}

}  // namespace
}  // namespace casim::fuzz
