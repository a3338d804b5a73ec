#include "src/config/units.h"

#include <limits>

#include "tests/catch.h"

namespace casim::config {
namespace {

using namespace std::chrono_literals;

constexpr Duration kLongest = Duration::max();

TEST_CASE("durations are Go's with days", "[config]") {
  struct Row {
    const char* text;
    Duration expected;
    const char* written;
  };

  const auto row = GENERATE(values<Row>({
      {"90s", 90s, "1m30s"},
      {"1h30m", 90min, "1h30m"},
      {"250ms", 250ms, "250ms"},
      {"1.5s", 1500ms, "1.5s"},
      {"2d", 48h, "48h"},
      {"0", 0s, "0s"},
      {"0s", 0s, "0s"},
      {"-5s", -5s, "-5s"},
      {"+5s", 5s, "5s"},
      {".5s", 500ms, "500ms"},
      {"1.s", 1s, "1s"},
      {"1h1.5s", 1h + 1500ms, "1h1.5s"},
      {"1500us", 1500us, "1.5ms"},
      {"3\u00b5s", 3us, "3us"},
      {"400ns", 400ns, "400ns"},
      {"1001ns", 1001ns, "1.001us"},
      {"0.1234567891s", 123456789ns, "123.456789ms"},  // cut to the nanosecond, as Go does
      {"1h0m5s", 1h + 5s, "1h5s"},
      {"9223372036854775807ns", kLongest, "2562047h47m16.854775807s"},
      {"0.00000000000000000000000000000000000000000001h", 0s, "0s"},
  }));
  CAPTURE(row.text);
  const auto parsed = parse_duration(row.text);
  REQUIRE(parsed.has_value());
  CHECK(*parsed == row.expected);
  CHECK(write_duration(*parsed) == row.written);
  CHECK(parse_duration(row.written) == *parsed);
}

TEST_CASE("a duration that is none says why", "[config]") {
  struct Row {
    const char* text;
    const char* reason;
  };

  const auto row = GENERATE(values<Row>({
      {"", "it is empty"},
      {"-", "a number is missing"},
      {"90", "the unit is missing (ns, us, ms, s, m, h, d)"},
      {"1h30", "the unit is missing (ns, us, ms, s, m, h, d)"},
      {"90x", "unknown unit \"x\" (allowed: ns, us, ms, s, m, h, d)"},
      {"1e3s", "unknown unit \"e\" (allowed: ns, us, ms, s, m, h, d)"},
      {"0.1.2s", "the unit is missing (ns, us, ms, s, m, h, d)"},
      {"1 s", "unknown unit \" s\" (allowed: ns, us, ms, s, m, h, d)"},
      {"s", "a number is missing before \"s\""},
      {".s", "a number is missing before \".s\""},
      {"1h-5m", "unknown unit \"h-\" (allowed: ns, us, ms, s, m, h, d)"},
      {"9223372036854775808ns", "longer than 292 years"},
      {"2562048h", "longer than 292 years"},
      {"2562047h48m", "longer than 292 years"},
      {"99999999999999999999999999999999999999999999h", "longer than 292 years"},
  }));
  CAPTURE(row.text);
  const auto parsed = parse_duration(row.text);
  REQUIRE_FALSE(parsed.has_value());
  CHECK(parsed.error() == row.reason);
}

TEST_CASE("the shortest duration can be written", "[config]") {
  CHECK(write_duration(Duration::min()) == "-2562047h47m16.854775808s");
}

TEST_CASE("quantities are Kubernetes'", "[config]") {
  struct Row {
    const char* text;
    std::int64_t milli_cpu;
    std::int64_t bytes;
  };

  const auto row = GENERATE(values<Row>({
      {"500m", 500, 1},
      {"1.5", 1500, 2},
      {"4", 4000, 4},
      {"+4", 4000, 4},
      {"0", 0, 0},
      {"-0", 0, 0},
      {"100n", 1, 1},  // rounded up
      {"100u", 1, 1},
      {"0.0005", 1, 1},
      {"0.1", 100, 1},
      {"1k", 1'000'000, 1'000},
      {"1M", 1'000'000'000, 1'000'000},
      {"1Ki", 1'024'000, 1'024},
      {"1.5Ki", 1'536'000, 1'536},
      {".5Gi", 536'870'912'000, 536'870'912},
      {"1e3", 1'000'000, 1'000},
      {"1E3", 1'000'000, 1'000},
      {"1.5e+2", 150'000, 150},
      {"1e-3", 1, 1},
      {"1e-999999999999", 1, 1},
      {"0e999999999999", 0, 0},
      {"16Gi", 17'179'869'184'000, 17'179'869'184},
      {"9223372036854775807m", std::numeric_limits<std::int64_t>::max(), 9'223'372'036'854'776},
      {"0.000000000000000000000000000000000000000000000001", 1, 1},
      {"1.0000000000000000000000000000000000000000000000000", 1000, 1},
  }));
  CAPTURE(row.text);
  REQUIRE(parse_cpu(row.text).has_value());
  CHECK(parse_cpu(row.text)->value() == row.milli_cpu);
  REQUIRE(parse_bytes(row.text).has_value());
  CHECK(parse_bytes(row.text)->value() == row.bytes);
}

TEST_CASE("a quantity that is none says why", "[config]") {
  struct Row {
    const char* text;
    const char* reason;
  };

  const char* suffixes = "(allowed: n u m k M G T P E, Ki Mi Gi Ti Pi Ei)";
  const auto row = GENERATE(values<Row>({
      {"", "it is empty"},
      {"Gi", "it does not start with a number"},
      {".", "it does not start with a number"},
      {"--1", "it does not start with a number"},
      {"-1", "it must not be negative"},
      {"-0.1m", "it must not be negative"},
      {"1e", "unknown suffix \"e\" "},
      {"1e+", "the exponent \"e+\" is no number"},
      {"1e3Gi", "the exponent \"e3Gi\" is no number"},
      {"1ki", "unknown suffix \"ki\" "},
      {"1 Gi", "unknown suffix \" Gi\" "},
      {"0.1.2", "unknown suffix \".2\" "},
      {"8Ei", "it is too large"},
      {"9223372036854775808", "it is too large"},
      {"1e19", "it is too large"},
      {"1e999999999999", "it is too large"},
      {"99999999999999999999999999999999999999999999", "it is too large"},
  }));
  CAPTURE(row.text);
  const auto parsed = parse_bytes(row.text);
  REQUIRE_FALSE(parsed.has_value());
  std::string expected = row.reason;
  if (expected.ends_with(' ')) expected += suffixes;
  CHECK(parsed.error() == expected);
}

TEST_CASE("quantities are written in Kubernetes' canonical form and read back", "[config]") {
  for (const std::int64_t n : {0, 1, 500, 1000, 3920, 4000, 1 << 20}) {
    CHECK(parse_cpu(to_string(MilliCpu(n)))->value() == n);
    CHECK(parse_bytes(to_string(Bytes(n)))->value() == n);
  }
}

TEST_CASE("counts of extended resources are whole", "[config]") {
  CHECK(parse_count("8") == 8);
  CHECK(parse_count("1k") == 1000);
  CHECK(parse_count("1.5").error() == "it must be a whole number");
}

TEST_CASE("wall times are ISO 8601 with a zone", "[config]") {
  struct Row {
    const char* text;
    const char* written;
  };

  const auto row = GENERATE(values<Row>({
      {"2026-01-05T00:00:00Z", "2026-01-05T00:00:00Z"},
      {"2026-01-05T01:00:00.5+01:00", "2026-01-05T00:00:00.5Z"},
      {"2026-01-04T19:00:00-05:00", "2026-01-05T00:00:00Z"},
      {"2024-02-29T23:59:59.123456789Z", "2024-02-29T23:59:59.123456789Z"},
      {"1969-12-31T23:59:59.9Z", "1969-12-31T23:59:59.9Z"},
      {"1678-01-01T00:00:00Z", "1678-01-01T00:00:00Z"},
      {"2261-12-31T23:59:59-23:59", "2262-01-01T23:58:59Z"},
  }));
  CAPTURE(row.text);
  const auto parsed = parse_wall_time(row.text);
  REQUIRE(parsed.has_value());
  CHECK(write_wall_time(*parsed) == row.written);
}

TEST_CASE("a wall time that is none says why", "[config]") {
  struct Row {
    const char* text;
    const char* reason;
  };

  const char* shape = "it is not of the form 2026-01-05T00:00:00Z";
  const auto row = GENERATE_COPY(values<Row>({
      {"", shape},
      {"2026-01-05", shape},
      {"2026-1-5T00:00:00Z", shape},
      {"2026-01-05T00:00:00ZZ", shape},
      {"2026-01-05T00:00:00.Z", shape},
      {"2026-01-05T00:00:00.1234567891Z", shape},
      {"2026-01-05T00:00:00+0100", shape},
      {"2026-01-05T00:00:00", "the time zone is missing (Z means UTC)"},
      {"2026-01-05T00:00:00+25:00", "there is no such time zone"},
      {"2026-02-29T00:00:00Z", "there is no such day"},
      {"2026-13-01T00:00:00Z", "there is no such day"},
      {"2026-01-05T24:00:00Z", "there is no such time"},
      {"1677-12-31T00:00:00Z", "the year is not in 1678 to 2261"},
  }));
  CAPTURE(row.text);
  const auto parsed = parse_wall_time(row.text);
  REQUIRE_FALSE(parsed.has_value());
  CHECK(parsed.error() == row.reason);
}

}  // namespace
}  // namespace casim::config
