// What disturbed a run, and when: the faults of its scenario, and processes that were not there.
#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <vector>

#include "sim/events/facts.h"

namespace casim::sim {

struct RunMark {
  TimePoint from{};
  TimePoint to{};         // == from: an instant; kTimeNever: it lasts
  std::string what;       // a kind of fault ("ec2_outage"), or a process ("provider")
  bool is_fault = false;  // of the scenario; else a process that was down
};

class RunMarks : public FactSink {
 public:
  static constexpr std::size_t kMost = 1000;

  void on_fact(TimePoint at, const Fact& fact) override;

  const std::vector<RunMark>& marks() const { return marks_; }

  std::int64_t left_out() const { return left_out_; }  // there were more than kMost

 private:
  void begin(TimePoint at, const std::string& process);
  void end(TimePoint at, const std::string& process);
  bool add(RunMark mark);

  std::vector<RunMark> marks_;
  std::map<std::string, std::size_t> down_;  // processes, each with its place in marks_
  std::int64_t left_out_ = 0;
};

}  // namespace casim::sim
