// Calls that EC2 refused, one by one, for the trace of a run: the first kMost of them.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "sim/events/facts.h"

namespace casim::sim {

struct ApiErrorRecord {
  TimePoint at{};
  std::string action;
  std::string code;
};

class ApiErrorLog : public FactSink {
 public:
  static constexpr std::size_t kMost = 10'000;

  void on_fact(TimePoint at, const Fact& fact) override {
    const auto* answered = std::get_if<Ec2CallAnswered>(&fact);
    if (answered == nullptr || answered->code.empty()) return;
    if (errors_.size() == kMost) {
      ++left_out_;
    } else {
      errors_.push_back({at, answered->action, answered->code});
    }
  }

  const std::vector<ApiErrorRecord>& errors() const { return errors_; }  // in order of time

  std::int64_t left_out() const { return left_out_; }  // there were more than kMost

 private:
  std::vector<ApiErrorRecord> errors_;
  std::int64_t left_out_ = 0;
};

}  // namespace casim::sim
