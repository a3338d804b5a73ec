#include "sim/load/decimal.h"

#include "tests/catch.h"

using namespace casim::sim;

TEST_CASE("decimals are read exactly", "[load]") {
  struct Row {
    const char* text;
    std::int64_t unit;
    std::int64_t value;
  };

  const auto row =
      GENERATE(values<Row>({{"0", 1, 0},
                            {"12", 1, 12},
                            {"012", 1000, 12000},
                            {"12.000", 1, 12},
                            {"0.1", 1'000'000'000, 100'000'000},
                            {"427061.123456789", 1'000'000'000, 427061123456789},
                            {"0.5", 1024 * 1024, 524288},
                            {"0.25", 4, 1},
                            {"9223372036.854775807", 1'000'000'000, 9223372036854775807},
                            {"9223372036854775807", 1, 9223372036854775807}}));
  CAPTURE(row.text);
  const auto parsed = parse_decimal(row.text, row.unit);
  REQUIRE(parsed.has_value());
  CHECK(*parsed == row.value);
}

TEST_CASE("what is no decimal, or does not fit, is refused with the reason", "[load]") {
  struct Row {
    const char* text;
    std::int64_t unit;
    DecimalError error;
  };

  const auto row =
      GENERATE(values<Row>({{"", 1, DecimalError::kNotANumber},
                            {".", 1, DecimalError::kNotANumber},
                            {"5.", 1, DecimalError::kNotANumber},
                            {".5", 1, DecimalError::kNotANumber},
                            {"+5", 1, DecimalError::kNotANumber},
                            {"1e3", 1, DecimalError::kNotANumber},
                            {"1 ", 1, DecimalError::kNotANumber},
                            {"1,5", 1, DecimalError::kNotANumber},
                            {"nan", 1, DecimalError::kNotANumber},
                            {"--5", 1, DecimalError::kNotANumber},
                            {"1.2.3", 1, DecimalError::kNotANumber},
                            {"-5", 1, DecimalError::kNegative},
                            {"0.5", 1, DecimalError::kTooFine},
                            {"0.3", 1024, DecimalError::kTooFine},
                            {"0.0000000000000000000000000000001", 1, DecimalError::kTooFine},
                            {"9223372036854775808", 1, DecimalError::kTooLarge},
                            {"9223372036.854775808", 1'000'000'000, DecimalError::kTooLarge},
                            {"99999999999999999999999999", 1, DecimalError::kTooLarge}}));
  CAPTURE(row.text);
  const auto parsed = parse_decimal(row.text, row.unit);
  REQUIRE_FALSE(parsed.has_value());
  CHECK(parsed.error() == row.error);
}
