// The writes of the world in order, and how far each watcher has read. A watcher sees a write a
// constant delay after it was applied; all writes of one instant come in one kernel event of the
// watcher's phase, in the order in which they were applied. One log for all: a write is stored
// once, and forgotten when the slowest watcher has seen it.
#pragma once

#include <cstdint>
#include <deque>
#include <memory>
#include <vector>

#include "sim/cluster/watch.h"
#include "sim/kernel/kernel.h"
#include "src/core/time.h"

namespace casim::sim {

// How late a watcher sees a write, and in which phase.
struct WatchOptions {
  Duration delay{};
  Phase phase = Phase::kWorld;
};

// The log of one API server.
class WatchLog {
 public:
  explicit WatchLog(Kernel& kernel) : kernel_(kernel) {}

  ~WatchLog();
  WatchLog(const WatchLog&) = delete;
  WatchLog& operator=(const WatchLog&) = delete;

  // Notes a write of this instant.
  void append(WatchEvent event);
  // The watcher sees what is appended from now on; it is removed before it dies.
  void add(Watcher& watcher, WatchOptions options);
  void remove(Watcher& watcher);

 private:
  struct Entry {
    TimePoint applied;
    WatchEvent event;
  };

  struct Reader {
    Watcher* watcher;  // null: removed while its delivery was under way
    WatchOptions options;
    std::uint64_t next;  // number of the first entry it has not seen
    bool is_armed = false;
    EventHandle armed{};
    bool is_delivering = false;
  };

  std::uint64_t end() const { return first_ + entries_.size(); }

  void arm(Reader& reader);
  void deliver(Reader& reader);
  void trim();

  Kernel& kernel_;
  std::deque<Entry> entries_;
  std::uint64_t first_ = 0;                       // number of entries_[0]
  std::vector<std::unique_ptr<Reader>> readers_;  // addresses hold
};

}  // namespace casim::sim
