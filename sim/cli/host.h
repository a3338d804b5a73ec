// The one place of the simulator that looks at the real world: clock, host, terminal and build, for
// progress and meta.json. Nothing of it reaches a result.
#pragma once

#include <string>

namespace casim::sim {

double monotonic_seconds();  // to measure with; the zero means nothing
std::string utc_now();       // "2026-01-05T08:00:00Z"
std::string host_name();     // empty where it is unknown
const char* build_commit();  // with "-dirty" behind it, or "unknown" outside of git
const char* build_kind();    // "RelWithDebInfo, GNU 12.2.0"
bool is_terminal(int fd);

// What the machine has, and what of it is free; 0: it does not say.
struct HostMemory {
  double total = 0;  // bytes
  double available = 0;
};

HostMemory host_memory();

int terminal_width(int fd);  // columns, 80 where it is unknown

}  // namespace casim::sim
