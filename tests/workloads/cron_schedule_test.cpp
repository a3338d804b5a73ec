#include "sim/workloads/cron_schedule.h"

#include "tests/catch.h"

using namespace casim;
using namespace casim::sim;
using namespace std::chrono_literals;

namespace {

using std::chrono::sys_days;

WallTime on(int month, int day, int hour = 0, int minute = 0, int second = 0) {
  const auto date = std::chrono::year(2026) / month / day;
  return sys_days(date) + std::chrono::hours(hour) + std::chrono::minutes(minute) +
         std::chrono::seconds(second);
}

CronSchedule schedule(const std::string& text) {
  const auto parsed = CronSchedule::parse(text);
  INFO(text);
  INFO((parsed ? std::string() : parsed.error()));
  REQUIRE(parsed);
  return *parsed;
}

}  // namespace

TEST_CASE("the next due time of a schedule", "[cron]") {
  struct Row {
    const char* text;
    WallTime from;
    WallTime next;
  };

  const Row row = GENERATE(values<Row>({
      {"* * * * *", on(1, 5, 10, 0, 0), on(1, 5, 10, 1)},
      {"* * * * *", on(1, 5, 10, 0, 59), on(1, 5, 10, 1)},
      {"*/15 * * * *", on(1, 5, 10, 45), on(1, 5, 11, 0)},
      {"5/20 * * * *", on(1, 5, 10, 26), on(1, 5, 10, 45)},
      {"10-20/5,50 * * * *", on(1, 5, 10, 16), on(1, 5, 10, 20)},
      {"10-20/5,50 * * * *", on(1, 5, 10, 20), on(1, 5, 10, 50)},
      {"0 2 * * *", on(1, 5, 2, 0), on(1, 6, 2, 0)},
      {"30 6-16/4 * * 1-5", on(1, 9, 14, 30), on(1, 12, 6, 30)},  // Friday to Monday
      {"0 0 * * SUN", on(1, 5), on(1, 11)},
      {"0 0 * * Mon-wed", on(1, 7), on(1, 12)},
      {"0 0 1 JAN-MAR/2 *", on(1, 1), on(3, 1)},
      {"0 0 13 * 5", on(1, 5), on(1, 9)},  // the 13th or a Friday
      {"0 0 13 * 5", on(1, 9), on(1, 13)},
      {"0 0 */2 * 1", on(1, 5), on(1, 7)},  // a step is no star: the odd days or a Monday
      {"0 0 ? * 5", on(1, 5), on(1, 9)},
      {"0 0 31 * *", on(1, 31), on(3, 31)},
      {"0 0 29 2 *", on(1, 1), sys_days(std::chrono::year(2028) / 2 / 29)},
      {"@hourly", on(1, 5, 10, 0, 1), on(1, 5, 11)},
      {"@daily", on(1, 5, 10), on(1, 6)},
      {"@midnight", on(1, 5, 10), on(1, 6)},
      {"@weekly", on(1, 5), on(1, 11)},
      {"@monthly", on(1, 5), on(2, 1)},
      {"@yearly", on(1, 5), sys_days(std::chrono::year(2027) / 1 / 1)},
      {"@every 1m30s", on(1, 5, 10, 0, 7), on(1, 5, 10, 1, 37)},
  }));
  CAPTURE(row.text);
  CHECK(schedule(row.text).next(row.from) == row.next);
}

TEST_CASE("a date that never comes is never due", "[cron]") {
  CHECK_FALSE(schedule("0 0 30 2 *").next(on(1, 1)));
}

TEST_CASE("a wrong schedule says which field is wrong and what is allowed", "[cron]") {
  struct Row {
    const char* text;
    const char* says;
  };

  const Row row = GENERATE(values<Row>({
      {"", "0 fields in ''; needed are 5: minute, hour, day of month, month, day of week"},
      {"* * * *", "4 fields in"},
      {"0 * * * * *", "6 fields in"},
      {"60 * * * *", "minute: 60 is too large in '60'; allowed are 0 to 59"},
      {"* 24 * * *", "hour: 24 is too large"},
      {"* * 0 * *", "day of month: 0 is too small in '0'; allowed are 1 to 31"},
      {"* * * 13 *", "month: 13 is too large"},
      {"* * * * 7", "day of week: 7 is too large in '7'; allowed are 0 to 6"},
      {"* * * foo *", "month: 'foo' is neither a number from 1 to 12 or jan to dec"},
      {"5-2 * * * *", "minute: the range ends before it begins in '5-2'"},
      {"1-2-3 * * * *", "minute: too many hyphens"},
      {"1/2/3 * * * *", "minute: too many slashes"},
      {"*/0 * * * *", "minute: a step of 0"},
      {"-1 * * * *", "minute: '' is neither a number"},
      {"@fortnightly", "unknown schedule '@fortnightly'; allowed are @yearly"},
      {"@every", "unknown schedule '@every'"},
      {"@every soon", "@every: 'soon' is not a duration such as 1h30m"},
      {"TZ=Europe/Berlin 0 0 * * *", "all schedules are in UTC"},
  }));
  CAPTURE(row.text);
  const auto parsed = CronSchedule::parse(row.text);
  REQUIRE_FALSE(parsed);
  CHECK_THAT(parsed.error(), Catch::Matchers::Contains(row.says));
}
