// Objects of one kind in the API of the management cluster: as they are, and as the caches of
// controllers show them, which lag behind every write. Listeners hear of a change when the caches
// show it. Writes by whoever holds an old version are refused by the caller (version()).
// Source: provisioning-paths.md 0 (w), 1.5 xp.watch_delay, 2.5 capi.watch_delay.
#pragma once

#include <algorithm>
#include <cassert>
#include <cstdint>
#include <deque>
#include <functional>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "sim/kernel/kernel.h"
#include "src/core/distribution.h"
#include "src/core/random.h"

namespace casim::sim {

template <class T>
class ObjectStore {
 public:
  // Small and dense, in order of creation; never given twice.
  using Key = std::uint32_t;
  // Null before: it was created; null after: it is gone.
  using Listener = std::function<void(Key, const T* before, const T* after)>;

  struct View {
    const T* object = nullptr;  // null: not there
    std::uint64_t version = 0;
  };

  // `kind` names the draws of the lag. Kernel and randomness outlive the store, and no event runs
  // after it.
  ObjectStore(Kernel& kernel, const Random& random, std::string kind, Distribution lag)
      : kernel_(kernel), random_(random), kind_(std::move(kind)), lag_(std::move(lag)) {}

  ObjectStore(const ObjectStore&) = delete;
  ObjectStore& operator=(const ObjectStore&) = delete;

  void subscribe(Listener listener) { listeners_.push_back(std::move(listener)); }

  // Until watch(), what is written is seen at once and told to nobody: a cache that is filled
  // before its controllers work.
  void fill() { is_filled_ = false; }

  // Tells of all that is there.
  void watch() {
    is_filled_ = true;
    for (Key key = 0; key < next_key(); ++key) {
      if (const T* object = seen(key).object) tell(key, nullptr, object);
    }
  }

  Key create(T object) {
    const Key key = next_key();
    rows_.emplace_back();
    put(key, std::make_shared<const T>(std::move(object)));
    return key;
  }

  // Requires: it is there.
  void write(Key key, T object) {
    assert(newest(key) != nullptr);
    put(key, std::make_shared<const T>(std::move(object)));
  }

  // Edits a copy of the newest. False: it is gone.
  template <class Edit>
  bool modify(Key key, Edit edit) {
    const T* object = newest(key);
    if (object == nullptr) return false;
    auto next = std::make_shared<T>(*object);
    edit(*next);
    put(key, std::move(next));
    return true;
  }

  void erase(Key key) {
    if (newest(key) != nullptr) put(key, nullptr);
  }

  // Null: it is gone.
  const T* newest(Key key) const { return rows_.at(key).newest.get(); }

  std::uint64_t version(Key key) const { return rows_.at(key).version; }

  // As the caches show it now.
  View seen(Key key) const {
    const Row& row = rows_.at(key);
    return row.seen ? View{row.seen.get(), row.seen_version} : View{};
  }

  std::uint64_t seen_version(Key key) const { return rows_.at(key).seen_version; }

  // What the next one gets.
  Key next_key() const { return static_cast<Key>(rows_.size()); }

 private:
  // One version of an object, which the server, its watchers and the caches share; null: it is
  // gone.
  using Version = std::shared_ptr<const T>;

  struct Change {
    std::uint64_t version;
    Version object;
  };

  struct Row {
    Version newest;
    std::uint64_t version = 0;
    Version seen;
    std::uint64_t seen_version = 0;
    std::deque<Change> on_the_way;
    TimePoint last_arrival{};  // changes arrive in order
  };

  void put(Key key, Version object) {
    Row& row = rows_[key];
    row.newest = object;
    ++row.version;
    if (!is_filled_) {
      row.seen = std::move(object);
      row.seen_version = row.version;
      return;
    }
    const double u = random_.uniform(kind_, key, row.version);
    row.last_arrival = std::max(row.last_arrival, kernel_.now() + lag_.duration(u));
    row.on_the_way.push_back({row.version, std::move(object)});
    kernel_.at(row.last_arrival, Phase::kWorld, [this, key] { arrive(key); });
  }

  void arrive(Key key) {
    Row& row = rows_[key];
    const Version before = std::exchange(row.seen, row.on_the_way.front().object);
    row.seen_version = row.on_the_way.front().version;
    row.on_the_way.pop_front();
    const Version after = row.seen;  // a listener may create others
    tell(key, before.get(), after.get());
  }

  void tell(Key key, const T* before, const T* after) {
    for (const Listener& listener : listeners_) listener(key, before, after);
  }

  Kernel& kernel_;
  const Random& random_;
  std::string kind_;
  Distribution lag_;
  std::vector<Row> rows_;  // by key
  bool is_filled_ = true;
  std::vector<Listener> listeners_;
};

}  // namespace casim::sim
