// The Events of one controller. They are written one after the other through the controller's own
// client, so they take tokens from the same bucket as its other writes. Of one object 25 are
// written, then one each 5 min; the rest is dropped, and so is what finds 1,000 waiting.
// Source: [client-go tools/record] EventSourceObjectSpamFilter, maxQueuedEvents; algorithm 6.2.
#pragma once

#include <cstdint>
#include <deque>
#include <list>

#include <boost/unordered/unordered_flat_map.hpp>

#include "sim/apiserver/api_server.h"

namespace casim::sim {

class ControllerEvents {
 public:
  // Both outlive the recorder, and run no event after it.
  ControllerEvents(Kernel& kernel, ApiClient& client) : kernel_(kernel), client_(client) {}

  ControllerEvents(const ControllerEvents&) = delete;
  ControllerEvents& operator=(const ControllerEvents&) = delete;

  // An Event about the object of that uid. Nobody waits for it.
  void record(const std::string& uid);

  std::uint64_t dropped() const { return dropped_; }

 private:
  // The bucket of one object; the 4,096 used last are kept.
  struct Bucket {
    double tokens = 0;
    TimePoint last{};
    std::list<std::uint64_t>::iterator used;
  };

  void write_next();
  bool is_allowed(std::uint64_t object);

  Kernel& kernel_;
  ApiClient& client_;
  std::deque<std::uint64_t> waiting_;  // objects
  bool is_writing_ = false;
  boost::unordered_flat_map<std::uint64_t, Bucket> buckets_;  // by object; looked up, never walked
  std::list<std::uint64_t> by_use_;                           // newest first
  std::uint64_t dropped_ = 0;
};

}  // namespace casim::sim
