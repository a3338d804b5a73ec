// When a fault is there: what a user may write of it, and one time that it comes.
#pragma once

#include <cstdint>
#include <optional>
#include <string_view>

#include "src/config/visitor.h"
#include "src/core/time.h"

namespace casim::sim {

// From its first instant to, and without, its last. The key names the draws of this spell.
struct Spell {
  TimePoint from{};
  TimePoint to{};
  std::uint64_t key = 0;
};

// A fixed begin and length; absent where the user wrote none.
struct FaultTimes {
  std::optional<Duration> at = {};
  std::optional<Duration> length = {};
};

// What a kind calls the two. One that happens at an instant has no length, and no name for it.
struct TimeNames {
  std::string_view begin;
  std::string_view length;
};

inline constexpr TimeNames kAtAndFor{.begin = "at", .length = "for"};

// Never rather than past the end of the timeline.
TimePoint later(TimePoint t, Duration d);

// As the members "at" and "for"; `help` is of the length.
void describe_times(config::Visitor& v, FaultTimes& times, std::string_view help);

}  // namespace casim::sim
