// The one place of the simulator that looks at the real world: clock, host, terminal and build, for
// progress and meta.json. Nothing of it reaches a result.
#pragma once

#include <string>

namespace casim::sim {

double monotonic_seconds();
std::string utc_now();  // "2026-01-05T08:00:00Z"
std::string host_name();
const char* build_commit();
const char* build_kind();
bool is_terminal(int fd);
int terminal_width(int fd);  // 80 where it is unknown

}  // namespace casim::sim
