// Exponential backoff of node groups after failed scale-ups. Source: autoscaler-algorithm.md 1.4,
// externalgrpc.md 4.8.
#pragma once

#include <map>
#include <string>

#include "src/core/time.h"

namespace casim::sim {

struct ScaleUpError {
  std::string code;
  std::string message;
  int error_class = 99;  // 1 out of resources, 99 other
};

class Backoff {
 public:
  Backoff(Duration initial, Duration max, Duration reset);

  // The group failed at `now`; returns until when it is backed off.
  TimePoint fail(const std::string& group, ScaleUpError error, TimePoint now);
  // Null: not backed off at `now`.
  const ScaleUpError* error_of(const std::string& group, TimePoint now) const;

  void forget_stale(TimePoint now);

 private:
  struct Entry {
    Duration duration{};
    TimePoint until{};
    TimePoint last_failure{};
    ScaleUpError error;
  };

  Duration initial_;
  Duration max_;
  Duration reset_;
  std::map<std::string, Entry> entries_;
};

}  // namespace casim::sim
