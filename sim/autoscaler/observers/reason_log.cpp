#include "sim/autoscaler/observers/reason_log.h"

namespace casim::sim {

void ReasonLog::note(LoopId by, const std::string& subject, Reason reason) {
  Entry& entry = entries_[subject];
  entry.noted = reason;
  entry.by = by;
}

void ReasonLog::keep(LoopId by, const std::string& subject) { entries_[subject].by = by; }

void ReasonLog::end_loop(LoopId by, const Report& report) {
  for (auto entry = entries_.begin(); entry != entries_.end();) {
    Entry& e = entry->second;
    if (e.by != by) {
      entry = entries_.erase(entry);
      continue;
    }
    if (e.noted != e.reported) report(entry->first, e.noted);
    e.reported = e.noted;
    ++entry;
  }
}

}  // namespace casim::sim
