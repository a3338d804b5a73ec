// Orders that come shortly after one another and go to EC2 in one call. Karpenter's batcher has
// such windows (ec2.md 3).
#pragma once

#include <optional>

#include "src/core/asio.h"
#include "src/core/clock.h"
#include "src/core/time.h"

namespace casim::provider {

// It ends so long after the last order, and at most so long after the first.
struct BatchWindow {
  Duration idle{};  // 0: at once
  Duration longest{};

  bool operator==(const BatchWindow&) const = default;
};

// One window after the other.
class Gathering {
 public:
  // The window outlives it.
  explicit Gathering(const BatchWindow& window) : window_(window) {}

  bool is_open() const { return first_.has_value(); }

  // An order has come; the first one opens the window.
  void note(TimePoint now);
  // Until it has ended, and is closed. Requires: open, and nobody waits.
  Awaitable<void> end(Clock& clock);

 private:
  TimePoint due() const;

  const BatchWindow& window_;
  std::optional<TimePoint> first_;
  TimePoint last_{};
};

}  // namespace casim::provider
