// Why things are as they are, reported once: a reason is news when it differs from that of the loop
// before. Quiet loops report nothing.
#pragma once

#include <cstdint>
#include <functional>
#include <string>
#include <string_view>
#include <vector>

#include "sim/cluster/node_numbers.h"
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
  void note(LoopId by, const std::string& subject, Reason reason) {
    entry_of(by, subjects_.of(subject)).noted = reason;
  }

  void note(LoopId by, const Node& subject, Reason reason) {
    entry_of(by, subjects_.of(subject)).noted = reason;
  }

  // The reason is as it was.
  void keep(LoopId by, const std::string& subject) { entry_of(by, subjects_.of(subject)); }

  void keep(LoopId by, const Node& subject) { entry_of(by, subjects_.of(subject)); }

  // Reports the changes of this loop, by subject, and forgets subjects that it said nothing about.
  void end_loop(LoopId by, const Report& report);

 private:
  struct Entry {
    Reason reported;
    Reason noted;
    LoopId by;
    bool is_listed = false;  // in noted_
  };

  Entry& entry_of(LoopId by, std::uint32_t subject) {
    if (subject >= entries_.size()) entries_.resize(subject + 1);
    Entry& entry = entries_[subject];
    entry.by = by;
    if (!entry.is_listed) noted_.push_back(subject);
    entry.is_listed = true;
    return entry;
  }

  NodeNumbers subjects_;
  std::vector<Entry> entries_;        // by number of the subject
  std::vector<std::uint32_t> noted_;  // of which something is known
};

}  // namespace casim::sim
