// The client-side rate limit of the SDKs' adaptive mode: a bucket of tokens, one per attempt, whose
// rate follows what the service bears, by CUBIC. Off until the first throttling. One per client
// object. Seconds on any timeline that begins at a whole second. Source: ec2.md 4.4.
//   - Before the first answer the bucket fills at 1/s, afterwards at the rate, at least 0.5/s.
//   - A wait is as long as the rate of its beginning says. An answer changes the rate, so whoever
//     waits asks again then; the client sees to it.
#pragma once

#include <cstdint>

namespace casim::backoff {

class AdaptiveLimiter {
 public:
  struct State {
    double measured_rate = 0;  // attempts answered per second, smoothed
    double fill_rate = 1;      // tokens per second
    double capacity = 1;
    double tokens = 0;
    bool is_on = false;
  };

  explicit AdaptiveLimiter(double now_s);

  // Takes a token and answers 0, or answers how many seconds to wait before asking again.
  double take(double now_s);
  // Each attempt's answer, of whatever kind; `throttled`: one that said so.
  void on_answer(bool throttled, double now_s);

  const State& state() const { return state_; }

 private:
  void measure(double now_s);
  void refill(double now_s);
  void set_rate(double rate, double now_s);
  double plateau_s() const;

  State state_;
  double refilled_s_;
  double bucket_s_;     // half second in which answers are counted now, by its start
  double counted_ = 0;  // answers in it
  double w_max_ = 0;    // rate at the last throttling
  double throttled_s_;  // when that was; at first, the creation
};

}  // namespace casim::backoff
