#include "src/core/money.h"

#include "tests/catch.h"

namespace casim {
namespace {

using namespace std::chrono_literals;

struct Row {
  const char* name;
  std::int64_t price_micro_usd_per_hour;
  Duration running;
  std::int64_t micro_usd;
};

TEST_CASE("a span is billed by the second from one minute on", "[core]") {
  const auto row = GENERATE(values<Row>({
      {"an hour", 192'000, 1h, 192'000},
      {"no time is a minute", 192'000, 0s, 3'200},
      {"a second is a minute", 192'000, 1s, 3'200},
      {"a second more than a minute", 192'000, 61s, 3'253},  // 3253.33
      {"a second that began counts", 192'000, 60s + 1ns, 3'253},
      {"half a millionth rounds up", 30, 60s, 1},  // 0.5
      {"less than half rounds down", 29, 60s, 0},  // 0.48
      {"free", 0, 1h, 0},
      {"ten years of the dearest", 1'000'000'000, 87'600h, 87'600'000'000'000},
  }));
  CAPTURE(row.name);
  CHECK(cost_of(Price{row.price_micro_usd_per_hour}, row.running) == Money{row.micro_usd});
}

TEST_CASE("cost never falls with time", "[core]") {
  const Price price{97'531};
  Money before;
  for (Duration d = 0s; d < 2h; d += 777ms) {
    const Money now = cost_of(price, d);
    REQUIRE(now >= before);
    before = now;
  }
}

}  // namespace
}  // namespace casim
