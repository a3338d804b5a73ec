// How many calls the EC2 API must sustain: the busiest second and the busiest minute of each
// action.
#pragma once

#include <array>
#include <cstdint>
#include <map>
#include <string>

#include "sim/events/facts.h"
#include "sim/metrics/summary_values.h"

namespace casim::sim {

// Calls that were answered, with an error or without, in whole seconds of the run.
struct BusiestTimes {
  std::int64_t second = 0;  // calls
  TimePoint second_at{};    // its begin
  std::int64_t minute = 0;  // calls in 60 seconds one after the other
  TimePoint minute_from{};  // their begin
};

class CallRates {
 public:
  void on_fact(TimePoint at, const Fact& fact);

  std::map<std::string, BusiestTimes> totals() const;  // by action

 private:
  struct Action {
    std::array<std::int64_t, 60> last{};  // calls by second, of the last minute
    std::int64_t now = -1;                // the second that is counted; none before the first call
    std::int64_t in_minute = 0;
    BusiestTimes busiest;

    void move_to(std::int64_t second);
    void count(std::int64_t second);
  };

  std::map<std::string, Action> actions_;
};

// ec2.rates.{action}.*
void list_values(SummaryValues& out, const std::map<std::string, BusiestTimes>& totals);

}  // namespace casim::sim
