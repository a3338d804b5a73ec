// Exponential backoff of node groups after failed scale-ups. Source: autoscaler-algorithm.md 1.4,
// externalgrpc.md 4.8.
#pragma once

#include <map>
#include <string>

#include "src/core/time.h"

namespace casim::sim {

// Why a scale-up failed. Upstream's cloudprovider.InstanceErrorInfo.
struct InstanceErrorInfo {
  std::string code;  // of the provider, "timeout", or the type of an AutoscalerError
  std::string message;
  int error_class = 99;  // 1 out of resources, 99 other
};

// Upstream's exponentialBackoff, keyed by group id.
class Backoff {
 public:
  // The first duration, the longest one, and how long after its last failure a group is forgotten.
  Backoff(Duration initial, Duration max, Duration reset);

  // The group failed at `now`; returns until when it is backed off.
  TimePoint fail(const std::string& group, InstanceErrorInfo error, TimePoint now);
  // Null: not backed off at `now`.
  const InstanceErrorInfo* error_of(const std::string& group, TimePoint now) const;

  // Groups whose last failure is longer ago than the reset time begin anew.
  void forget_stale(TimePoint now);

 private:
  struct Entry {
    Duration duration{};
    TimePoint until{};
    TimePoint last_failure{};
    InstanceErrorInfo error;
  };

  Duration initial_;
  Duration max_;
  Duration reset_;
  std::map<std::string, Entry> entries_;
};

}  // namespace casim::sim
