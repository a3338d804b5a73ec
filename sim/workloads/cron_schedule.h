// When a CronJob is due: the schedules that its controller takes, those of robfig/cron v3's
// ParseStandard. Five fields (minute, hour, day of month, month, day of week) with numbers, names,
// ranges, lists and steps; the names @yearly, @annually, @monthly, @weekly, @daily, @midnight and
// @hourly; "@every 90s". In UTC. Source: algorithm 6.2.
#pragma once

#include <cstdint>
#include <expected>
#include <optional>
#include <string>
#include <string_view>

#include "src/core/time.h"

namespace casim::sim {

class CronSchedule {
 public:
  // The error says which field is wrong and what is allowed.
  static std::expected<CronSchedule, std::string> parse(std::string_view text);

  // The first due time after `t`, a whole second; nothing: none within five years, as for
  // February 30th.
  std::optional<WallTime> next(WallTime t) const;

 private:
  // Bit n: the value n is due. Fields that begin with * or ? leave the choice of the day to the
  // other one of day of month and day of week; else either of them may match.
  struct Fields {
    std::uint64_t minutes = 0;
    std::uint64_t hours = 0;
    std::uint64_t days = 0;
    std::uint64_t months = 0;
    std::uint64_t weekdays = 0;
    bool has_any_day = false;
    bool has_any_weekday = false;
  };

  bool is_due_on(std::chrono::sys_days day) const;

  Fields fields_;
  Duration every_{};  // positive: instead of the fields
};

}  // namespace casim::sim
