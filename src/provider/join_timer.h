// How long machines have been waited for. The wait runs from EC2's acceptance, but only while
// Refreshes arrive, because only a running autoscaler can tell us of a join. It ends with the
// second whole Refresh interval after join_timeout without a join: in each whole interval the
// autoscaler asked for the group of every node it knows (externalgrpc.md section 3).
#pragma once

#include <map>
#include <optional>
#include <vector>

#include "src/core/id.h"
#include "src/core/time.h"
#include "src/provider/slot_table.h"

namespace casim::provider {

class JoinTimer {
 public:
  // `timeout`: Config::join_timeout.
  explicit JoinTimer(Duration timeout) : timeout_(timeout) {}

  // Of slots that were loaded: their times are of another run, so they wait anew.
  void start(const SlotTable& table, TimePoint now);
  // Slots whose time is up, by id; told again at the next Refresh unless they left kCreating.
  std::vector<SlotId> on_refresh(const SlotTable& table, TimePoint now);

 private:
  struct Wait {
    TimePoint since;
    Duration waited{};
    int refreshes_after = 0;  // at or after the timeout, in a row
  };

  Duration timeout_;
  std::optional<TimePoint> last_refresh_;
  std::map<SlotId, Wait> waits_;
};

}  // namespace casim::provider
