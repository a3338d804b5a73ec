// Why things are as they are, reported once: a reason is news when it differs from that of the loop
// before. Quiet loops report nothing.
#pragma once

#include <functional>
#include <map>
#include <string>
#include <string_view>

#include "src/core/id.h"

namespace casim::sim {

// Subjects are groups, or nodes, by name. One note a loop and subject counts.
class ReasonLog {
 public:
  struct Reason {
    std::string_view name;  // empty: none. Outlives the log, as literals do
    std::string_view detail;

    bool operator==(const Reason&) const = default;
  };

  using Report = std::function<void(const std::string& subject, const Reason&)>;

  // The last note of a loop about a subject counts.
  void note(LoopId by, const std::string& subject, Reason reason);
  // The reason is as it was.
  void keep(LoopId by, const std::string& subject);
  // Reports the changes of this loop, by subject, and forgets subjects that it said nothing about.
  void end_loop(LoopId by, const Report& report);

 private:
  struct Entry {
    Reason reported;
    Reason noted;
    LoopId by;
  };

  std::map<std::string, Entry> entries_;
};

}  // namespace casim::sim
