// Hands each fact to several listeners, in the order in which they were added.
#pragma once

#include <vector>

#include "sim/events/facts.h"

namespace casim::sim {

class FactTee : public FactSink {
 public:
  // They outlive the last fact.
  template <class... Sinks>
  void add(Sinks&... sinks) {
    (sinks_.push_back(&sinks), ...);
  }

  void on_fact(TimePoint at, const Fact& fact) override {
    for (FactSink* sink : sinks_) sink->on_fact(at, fact);
  }

 private:
  std::vector<FactSink*> sinks_;
};

}  // namespace casim::sim
