// Machines by what they were launched for. Two at a time for one slot are a double: what made the
// path launch again is read off the call that had launched the first.
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "src/core/time.h"
#include "src/ec2/attempt.h"
#include "src/ec2/requests.h"

namespace casim::sim {

// A call of RunInstances, as its caller saw it.
struct LaunchCall {
  TimePoint asked{};
  bool has_token = false;
  std::optional<Duration> waited{};  // none: it waits still
  std::string error;                 // that reached the caller; empty: none did
  bool is_left = false;              // its caller gave it up
  std::int64_t machines = 0;         // that it launched, whether or not the caller knows
};

// A machine that was launched while another of the same slot lived.
struct DoubledMachine {
  std::string instance;
  std::uint64_t call = 0;
  std::string before;  // the instance that lived
  std::uint64_t call_before = 0;
};

class Launches {
 public:
  void on_asked(TimePoint at, std::uint64_t call, const ec2::RunInstancesRequest& request);
  // Answers what is new of the reply.
  std::vector<ec2::Instance> on_decided(std::uint64_t call, const ec2::RunInstancesReply& reply);
  void on_heard(TimePoint at, std::uint64_t call, const ec2::AttemptError* error);
  void on_left(TimePoint at, std::uint64_t call);
  void on_ending(const std::string& instance);  // it shuts down, or is gone

  bool is_live(const std::string& instance) const;

  const std::map<std::uint64_t, LaunchCall>& calls() const { return calls_; }

  const std::vector<DoubledMachine>& doubled() const { return doubled_; }

  std::int64_t machines() const { return static_cast<std::int64_t>(machines_.size()); }

  // Launched for a slot whose machine had ended.
  std::int64_t again() const { return again_; }

  // Calls whose token had been sent before, and those of them that gave the machines of then.
  std::int64_t repeated() const { return repeated_; }

  std::int64_t replayed() const { return replayed_; }

  std::size_t longest_token() const { return longest_token_; }

 private:
  struct Machine {
    std::string slot;
    std::uint64_t call = 0;
    bool is_live = true;
  };

  void add(std::uint64_t call, const ec2::Instance& instance);

  std::map<std::uint64_t, LaunchCall> calls_;
  std::map<std::string, Machine> machines_;                      // by instance
  std::map<std::string, std::vector<std::string>> machines_of_;  // by slot: instances, in order
  std::map<std::string, std::int64_t> tokens_;                   // calls, by client token
  std::vector<DoubledMachine> doubled_;
  std::int64_t again_ = 0;
  std::int64_t repeated_ = 0;
  std::int64_t replayed_ = 0;
  std::size_t longest_token_ = 0;
};

}  // namespace casim::sim
