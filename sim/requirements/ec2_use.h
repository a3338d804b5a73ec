// What a run asked of EC2, and what came of it: folded out of its calls and its facts.
#pragma once

#include <array>
#include <cstdint>
#include <map>
#include <optional>
#include <set>
#include <string>

#include "sim/ec2/call_listener.h"
#include "sim/events/facts.h"
#include "sim/metrics/call_rates.h"
#include "sim/requirements/launches.h"
#include "sim/requirements/parameters.h"
#include "sim/requirements/visibility.h"

namespace casim::sim {

// Calls of one action.
struct ActionUse {
  std::int64_t calls = 0;
  std::int64_t succeeded = 0;                  // as their callers heard
  std::map<std::string, std::int64_t> errors;  // heard, by ec2::reason_of
  std::int64_t given_up = 0;                   // their callers waited no more
  std::int64_t crashed = 0;                    // their callers had died
  Duration longest_answer{};                   // of those that succeeded
  std::optional<Duration> soonest_given_up;    // after so long
  std::size_t most_instances = 0;              // in one reply
  ParameterUses parameters;
};

class Ec2Use final : public FactSink, public Ec2CallListener {
 public:
  void on_fact(TimePoint at, const Fact& fact) override;
  void on_asked(TimePoint at, std::uint64_t call, const ec2::AnyRequest& request) override;
  void on_decided(TimePoint at, std::uint64_t call,
                  const ec2::Attempt<ec2::AnyReply>& answer) override;
  void on_heard(TimePoint at, std::uint64_t call, const ec2::AttemptError* error) override;
  void on_left(TimePoint at, std::uint64_t call) override;

  // Nothing that happens from then on counts: the world is taken down.
  void close() { is_closed_ = true; }

  const ActionUse& of(ec2::Action action) const { return actions_[ec2::index_of(action)]; }

  // Requires: it was called.
  BusiestTimes rates_of(ec2::Action action) const;

  const Launches& launches() const { return launches_; }

  const Visibility& visibility() const { return visibility_; }

  // Reasons for which instances ended that had been accepted and never ran.
  const std::map<std::string, std::int64_t>& failed_launches() const { return failed_launches_; }

  // Slots that the provider took for gone while their machine lived.
  std::int64_t lost_sight() const { return lost_sight_; }

  // Slots that Crossplane's provider has given up in the midst of their creation.
  std::int64_t creations_stuck() const { return creations_stuck_; }

 private:
  // Of which something is to come.
  struct Open {
    TimePoint asked;
    ec2::AnyRequest request;
    bool is_decided = false;
    bool is_over = false;  // heard or left
  };

  void note_slot(const Fact& fact);
  void note_launch(TimePoint at, std::uint64_t call, const ec2::RunInstancesReply& reply,
                   ActionUse& use);
  void note_instance(TimePoint at, const Fact& fact);
  void forget_if_done(std::uint64_t call);

  ActionUse& use_of(const Open& open) { return actions_[open.request.index()]; }

  std::array<ActionUse, ec2::kActionCount> actions_;
  std::map<std::uint64_t, Open> open_;
  Launches launches_;
  Visibility visibility_;
  CallRates rates_;
  std::map<SlotId, std::string> machine_of_;
  std::set<std::string> pending_;  // accepted instances that do not run yet
  std::map<std::string, std::int64_t> failed_launches_;
  std::int64_t lost_sight_ = 0;
  std::int64_t creations_stuck_ = 0;
  std::optional<TimePoint> crashed_at_;  // the provider
  bool is_closed_ = false;
};

}  // namespace casim::sim
