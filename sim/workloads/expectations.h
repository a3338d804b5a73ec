// How many pods a controller has asked for or deleted and not seen so yet. It makes and deletes
// none until all have been seen, or 5 min have passed.
// Source: [k8s:pkg/controller/controller_utils.go] ControllerExpectations.
#pragma once

#include <cstdint>

#include "src/core/time.h"

namespace casim::sim {

class Expectations {
 public:
  void expect_creations(TimePoint now, std::uint64_t count) { expect(now, count, 0); }

  void expect_deletions(TimePoint now, std::uint64_t count) { expect(now, 0, count); }

  void expect(TimePoint now, std::uint64_t creations, std::uint64_t deletions) {
    creations_ = static_cast<std::int64_t>(creations);
    deletions_ = static_cast<std::int64_t>(deletions);
    since_ = now;
  }

  // Seen, or not to be waited for: the write was refused.
  void creation_observed() { --creations_; }

  void deletion_observed() { --deletions_; }

  bool are_met(TimePoint now) const {
    constexpr Duration kTimeout = std::chrono::minutes(5);
    return (creations_ <= 0 && deletions_ <= 0) || now - since_ > kTimeout;
  }

 private:
  std::int64_t creations_ = 0;
  std::int64_t deletions_ = 0;
  TimePoint since_{};
};

}  // namespace casim::sim
