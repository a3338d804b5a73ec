#include "sim/autoscaler/observers/reason_log.h"

#include <algorithm>

namespace casim::sim {

void ReasonLog::end_loop(LoopId by, const Report& report) {
  std::vector<std::uint32_t> changed;
  std::erase_if(noted_, [&](std::uint32_t subject) {
    Entry& entry = entries_[subject];
    if (entry.by != by) {
      entry = Entry();
      return true;
    }
    if (entry.noted != entry.reported) changed.push_back(subject);
    return false;
  });
  std::sort(changed.begin(), changed.end(), [this](std::uint32_t a, std::uint32_t b) {
    return subjects_.name(a) < subjects_.name(b);
  });
  for (const std::uint32_t subject : changed) {
    Entry& entry = entries_[subject];
    report(subjects_.name(subject), entry.noted);
    entry.reported = entry.noted;
  }
}

}  // namespace casim::sim
