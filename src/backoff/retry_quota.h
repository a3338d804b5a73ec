// The retry tokens of one client object, shared by all of its calls. Source: ec2.md 4.1.
#pragma once

#include "src/backoff/settings.h"

namespace casim::backoff {

class RetryQuota {
 public:
  // `available`: to begin with.
  RetryQuota(const QuotaRule& rule, int available) : rule_(rule), available_(available) {}

  explicit RetryQuota(const QuotaRule& rule) : RetryQuota(rule, rule.capacity) {}

  // False: too few are left, and none is taken.
  bool take(FailureKind kind);
  // A call has succeeded; `last`: the failure that its last retry paid for, kFinal without one.
  void on_success(FailureKind last);

  int available() const { return available_; }

 private:
  QuotaRule rule_;
  int available_;
};

}  // namespace casim::backoff
