// What of a run a user asks about, as it is written: pod/web-3, node/general-0, group/general,
// loop/8m30s, slowest.
#pragma once

#include <expected>
#include <string>
#include <string_view>

#include "src/core/time.h"

namespace casim::sim {

enum class SubjectKind { kPod, kNode, kGroup, kLoop, kSlowest };

struct Subject {
  SubjectKind kind = SubjectKind::kPod;
  std::string name;  // behind the slash
  TimePoint at{};    // of kLoop
};

// `start`: of the scenario. The time of a loop is a duration since then (480, 8m), or a calendar
// time. The error says what is allowed.
std::expected<Subject, std::string> parse_subject(std::string_view text, WallTime start);

}  // namespace casim::sim
