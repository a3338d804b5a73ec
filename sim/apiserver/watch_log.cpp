#include "sim/apiserver/watch_log.h"

#include <algorithm>
#include <utility>

namespace casim::sim {

WatchLog::~WatchLog() {
  for (const auto& reader : readers_) {
    if (reader->is_armed) kernel_.cancel(reader->armed);
  }
}

void WatchLog::append(WatchEvent event) {
  if (readers_.empty()) return;
  entries_.push_back({kernel_.now(), std::move(event)});
  for (const auto& reader : readers_) {
    if (!reader->is_armed && !reader->is_delivering) arm(*reader);
  }
}

void WatchLog::add(Watcher& watcher, WatchOptions options) {
  readers_.push_back(std::make_unique<Reader>(Reader{&watcher, options, end()}));
}

void WatchLog::remove(Watcher& watcher) {
  const auto at = std::find_if(readers_.begin(), readers_.end(),
                               [&](const auto& reader) { return reader->watcher == &watcher; });
  if (at == readers_.end()) return;
  Reader& reader = **at;
  reader.watcher = nullptr;
  if (reader.is_armed) kernel_.cancel(reader.armed);
  reader.is_armed = false;
  if (reader.is_delivering) return;  // deliver() takes it out when it is done with it
  readers_.erase(at);
  trim();
}

// Requires: there is something that the reader has not seen.
void WatchLog::arm(Reader& reader) {
  const TimePoint due = entries_[reader.next - first_].applied + reader.options.delay;
  reader.is_armed = true;
  reader.armed = kernel_.at(due, reader.options.phase, [this, &reader] { deliver(reader); });
}

void WatchLog::deliver(Reader& reader) {
  reader.is_armed = false;
  reader.is_delivering = true;
  // What the watcher writes in answer comes in an event of its own, behind the others of now.
  const std::uint64_t last = end();
  while (reader.watcher && reader.next < last) {
    const Entry& entry = entries_[reader.next - first_];
    if (entry.applied + reader.options.delay > kernel_.now()) break;
    reader.watcher->on_watch(entry.event);
    ++reader.next;  // not before: the entry must not be trimmed while it is read
  }
  reader.is_delivering = false;
  if (!reader.watcher) {
    std::erase_if(readers_, [&](const auto& one) { return one.get() == &reader; });
  } else if (reader.next < end()) {
    arm(reader);
  }
  trim();
}

void WatchLog::trim() {
  std::uint64_t seen = end();
  for (const auto& reader : readers_) seen = std::min(seen, reader->next);
  for (; first_ < seen; ++first_) entries_.pop_front();
}

}  // namespace casim::sim
