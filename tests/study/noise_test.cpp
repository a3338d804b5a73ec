#include "tests/catch.h"
#include "tests/study/paired_sets.h"

namespace casim::sim {

TEST_CASE("noise alone is called worse in few of a hundred comparisons", "[study]") {
  int wrong = 0;
  constexpr int kComparisons = 200;
  for (int i = 0; i < kComparisons; ++i) {
    wrong += worse(with_change(0, 100 + static_cast<std::uint64_t>(i)).compared()).empty() ? 0 : 1;
  }
  // One side of a two-sided 5 %, so 5 of 200 are expected; 14 or more come once in a thousand
  // times.
  CHECK(wrong <= 13);
  CHECK(wrong >= 1);
}

}  // namespace casim::sim
