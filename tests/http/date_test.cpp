#include "src/http/date.h"

#include "tests/catch.h"

namespace casim::http {

TEST_CASE("dates of headers are written and read", "[http]") {
  const WallTime time =
      WallTime(std::chrono::sys_days(std::chrono::year(2026) / 11 / 30)) + std::chrono::hours(7);
  CHECK(write_date(time + std::chrono::milliseconds(999)) == "Mon, 30 Nov 2026 07:00:00 GMT");
  CHECK(parse_date("Mon, 30 Nov 2026 07:00:00 GMT") == time);
  for (int days = 0; days < 800; days += 37) {
    const WallTime one = time + std::chrono::days(days) + std::chrono::seconds(days);
    CHECK(parse_date(write_date(one)) == one);
  }
}

TEST_CASE("what is no date of a header is none", "[http]") {
  const auto* text = GENERATE(as<const char*>(), "", "now", "2026-11-30T07:00:00Z",
                              "Mon, 30 Nov 2026 07:00:00 UTC", "Mon, 31 Nov 2026 07:00:00 GMT",
                              "Mon, 30 Foo 2026 07:00:00 GMT", "Mon, 30 Nov 2026 24:00:00 GMT",
                              "Mon, 30 Nov 2026 07:xx:00 GMT", "Mon, 3- Nov 2026 07:00:00 GMT");
  CAPTURE(text);
  CHECK_FALSE(parse_date(text));
}

}  // namespace casim::http
