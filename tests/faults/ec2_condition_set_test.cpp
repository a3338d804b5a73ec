#include "sim/faults/ec2_condition_set.h"
#include "tests/catch.h"

namespace casim::sim {

using namespace std::chrono_literals;

namespace {

// Always answers the same.
class Fixed final : public Ec2Conditions {
 public:
  explicit Fixed(CallConditions call, bool has_capacity = true)
      : call_(std::move(call)), has_capacity_(has_capacity) {}

  CallConditions on_call(const Ec2Arrival&) const override { return call_; }

  bool has_capacity(const CapacityQuestion&) const override { return has_capacity_; }

 private:
  CallConditions call_;
  bool has_capacity_;
};

CallConditions throttled() {
  CallConditions conditions;
  conditions.throttled = true;
  return conditions;
}

CallConditions slowed(double factor, bool reply_lost) {
  CallConditions conditions;
  conditions.latency_factor = factor;
  conditions.reply_lost = reply_lost;
  return conditions;
}

CallConditions refused(ec2::ErrorCode code) {
  CallConditions conditions;
  conditions.refusal = Ec2Refusal{ec2::error_reply(code, "m"), {}};
  return conditions;
}

struct TimedSet {
  void add(Duration from, Duration to, CallConditions call, bool has_capacity = true) {
    set.add(kTimeZero + from, kTimeZero + to,
            std::make_unique<Fixed>(std::move(call), has_capacity));
  }

  CallConditions call_at(Duration t) const {
    return set.on_call({.action = ec2::Action::kRunInstances, .n = 0, .at = kTimeZero + t});
  }

  bool has_capacity_at(Duration t) const {
    CapacityQuestion question;
    question.at = kTimeZero + t;
    return set.has_capacity(question);
  }

  Ec2ConditionSet set;
};

}  // namespace

TEST_CASE("a condition of EC2 holds from its first instant to, and without, its last", "[faults]") {
  TimedSet set;
  set.add(10s, 20s, throttled(), false);
  for (const Duration t : {9999ms, 20000ms}) {
    CAPTURE(t);
    CHECK_FALSE(set.call_at(t).throttled);
    CHECK(set.has_capacity_at(t));
  }
  for (const Duration t : {10000ms, 19999ms}) {
    CAPTURE(t);
    CHECK(set.call_at(t).throttled);
    CHECK_FALSE(set.has_capacity_at(t));
  }
}

TEST_CASE("conditions of EC2 that hold together are put together", "[faults]") {
  TimedSet set;
  set.add(10s, 40s, slowed(5, false));
  set.add(20s, 30s, refused(ec2::ErrorCode::kServiceUnavailable));
  set.add(20s, 40s, slowed(2, true));
  set.add(20s, 40s, refused(ec2::ErrorCode::kInternalError));

  CHECK(set.call_at(15s).latency_factor == 5);
  CHECK_FALSE(set.call_at(15s).refusal);
  CHECK_FALSE(set.call_at(15s).reply_lost);

  const CallConditions both = set.call_at(25s);
  CHECK(both.latency_factor == 10);
  CHECK(both.reply_lost);
  CHECK_FALSE(both.throttled);
  REQUIRE(both.refusal);
  CHECK(both.refusal->error.code == ec2::ErrorCode::kServiceUnavailable);

  REQUIRE(set.call_at(35s).refusal);
  CHECK(set.call_at(35s).refusal->error.code == ec2::ErrorCode::kInternalError);
}

}  // namespace casim::sim
