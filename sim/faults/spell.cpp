#include "sim/faults/spell.h"

#include "src/config/config.h"

namespace casim::sim {

TimePoint later(TimePoint t, Duration d) { return kTimeNever - t > d ? t + d : kTimeNever; }

void describe_times(config::Visitor& v, FaultTimes& t, std::string_view help) {
  v.field("at", t.at, "first instant", config::at_least(Duration{}));
  v.field("for", t.length, help, config::above(Duration{}));
}

}  // namespace casim::sim
