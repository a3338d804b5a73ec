// Facts as JSON lines: {"t":12.5,"fact":"PodBound","pod":3,"node":1}. Times in seconds with nine
// decimals, durations likewise; an absent id is null; enumerators are numbers.
#pragma once

#include <ostream>
#include <string>

#include "sim/events/facts.h"

namespace casim::sim {

// One line, without its end.
std::string to_json_line(TimePoint at, const Fact& fact);

class FactLog : public FactSink {
 public:
  explicit FactLog(std::ostream& out) : out_(out) {}

  void on_fact(TimePoint at, const Fact& fact) override { out_ << to_json_line(at, fact) << '\n'; }

 private:
  std::ostream& out_;
};

}  // namespace casim::sim
