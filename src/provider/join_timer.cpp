#include "src/provider/join_timer.h"

#include <algorithm>

namespace casim::provider {
namespace {

// The first Refresh at or after the timeout begins the first whole interval, the third ends the
// second one.
constexpr int kRefreshesToFire = 3;

}  // namespace

void JoinTimer::start(const SlotTable& table, TimePoint now) {
  for (const SlotId id : table.creating()) waits_.try_emplace(id, Wait{.since = now});
}

std::vector<SlotId> JoinTimer::on_refresh(const SlotTable& table, TimePoint now) {
  std::erase_if(waits_, [&table](const auto& w) { return !table.creating().contains(w.first); });
  // assumed: an autoscaler that is silent for half of the timeout is not running. No fixed bound,
  // since its scan interval is not known here.
  const bool was_running = last_refresh_ && now - *last_refresh_ <= timeout_ / 2;
  std::vector<SlotId> overdue;
  for (const SlotId id : table.creating()) {
    Wait& wait = waits_.try_emplace(id, Wait{.since = table.find(id)->accepted}).first->second;
    if (was_running) {
      wait.waited += std::min(now - *last_refresh_, now - wait.since);
    } else {
      wait.refreshes_after = 0;  // the interval was not whole
    }
    if (wait.waited < timeout_) continue;
    if (++wait.refreshes_after >= kRefreshesToFire) overdue.push_back(id);
  }
  last_refresh_ = now;
  return overdue;
}

}  // namespace casim::provider
