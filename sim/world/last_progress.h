// Whether a run gets on: when something last happened to a pod, and the loop that began last.
#pragma once

#include <variant>

#include "sim/events/facts.h"

namespace casim::sim {

class LastProgress : public FactSink {
 public:
  void on_fact(TimePoint at, const Fact& fact) override {
    if (const auto* started = std::get_if<LoopStarted>(&fact)) loop_ = started->loop;
    const bool is_progress = std::holds_alternative<PodCreated>(fact) ||
                             std::holds_alternative<PodRunning>(fact) ||
                             std::holds_alternative<PodEnded>(fact);
    if (is_progress) last_ = at;
  }

  TimePoint last() const { return last_; }

  LoopId loop() const { return loop_; }

 private:
  TimePoint last_{};
  LoopId loop_;
};

}  // namespace casim::sim
