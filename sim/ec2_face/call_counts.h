// What came of the calls so far, by action and outcome, and of what else nobody asks.
#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <variant>

#include "sim/events/facts.h"

namespace casim::sim {

class CallCounts final : public FactSink {
 public:
  using OfAction = std::map<std::string, std::uint64_t>;  // by error code; "ok": none

  void on_fact(TimePoint /*at*/, const Fact& fact) override {
    if (const auto* call = std::get_if<Ec2CallAnswered>(&fact)) {
      ++counts_[call->action][call->code.empty() ? "ok" : call->code];
    }
  }

  const std::map<std::string, OfAction>& by_action() const { return counts_; }

 private:
  std::map<std::string, OfAction> counts_;
};

}  // namespace casim::sim
