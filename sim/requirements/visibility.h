// How late EC2 has shown what it had launched, as far as a caller has asked: each list that should
// have held a machine and did not is a lag that was seen. What nobody asked for, nobody has missed.
#pragma once

#include <map>
#include <string>
#include <vector>

#include "src/core/time.h"
#include "src/ec2/attempt.h"
#include "src/ec2/requests.h"

namespace casim::sim {

class Visibility {
 public:
  void on_launched(TimePoint at, const ec2::Instance& instance);
  void on_running(TimePoint at, const std::string& instance);
  void on_terminated(const std::string& instance);
  // What was asked then is answered now.
  void on_listed(TimePoint asked, const ec2::DescribeInstancesRequest& request,
                 const ec2::DescribeInstancesReply& reply);
  void on_refused(TimePoint asked, const ec2::DescribeInstancesRequest& request,
                  const ec2::AttemptError& error);

  // Of a machine: from its launch to the last question that was answered without it; 0: it was
  // never missed.
  Duration missed(const std::string& instance) const;

  // Of all that were missed, by instance.
  const std::map<std::string, Duration>& all_missed() const { return missed_; }

  // The longest time that a machine ran and was still shown as pending.
  Duration stalest() const { return stalest_; }

 private:
  struct Unshown {
    TimePoint launched;
    std::vector<ec2::Tag> tags;
  };

  void note_shown(TimePoint asked, const ec2::Instance& instance);
  void note_missing(TimePoint asked, const ec2::DescribeInstancesRequest& request);

  std::map<std::string, Unshown> unshown_;  // that no list has had yet
  std::map<std::string, Duration> missed_;
  std::map<std::string, TimePoint> running_;  // not shown so yet: since when
  std::map<std::string, TimePoint> pages_;    // by the token of the next one: when the list began
  Duration stalest_{};
};

}  // namespace casim::sim
