// The account's instances and their states: pending -> running; stopping -> stopped -> pending;
// shutting-down -> terminated; visible for an hour after that, then forgotten. Knows no API, no
// throttling, no latency of calls. Each draw is named by (pool, n-th accepted launch). Source:
// ec2.md 1.5, 5.2, 5.5.
#pragma once

#include <cstdint>
#include <deque>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <unordered_map>
#include <utility>
#include <vector>

#include "sim/ec2/billing.h"
#include "sim/ec2/conditions.h"
#include "sim/ec2/config.h"
#include "sim/ec2/instance_listener.h"
#include "sim/ec2/network.h"
#include "sim/ec2/pools.h"
#include "sim/ec2/reservations.h"
#include "sim/ec2/state_history.h"
#include "sim/events/facts.h"
#include "sim/kernel/kernel.h"
#include "src/core/random.h"
#include "src/ec2/instance_list.h"
#include "src/ec2/types.h"

namespace casim::sim {

// An instance with what the model knows of it beside its shape.
struct FleetInstance {
  const ec2::Instance& shape() const { return *shape_; }

  // Lists hold on to the shape that they were given, which stays as it is.
  ec2::InstancePtr share() const { return shape_; }

  ec2::Instance& change() {
    if (shape_.use_count() > 1) shape_ = std::make_shared<ec2::Instance>(*shape_);
    return *shape_;
  }

  InstancePool* pool = nullptr;
  std::uint64_t launch = 0;     // number in its pool
  bool accepted = false;        // before, nobody can see it
  bool is_protected = false;    // DisableApiTermination
  bool is_interrupted = false;  // its notice is there
  LaunchReservationPtr reservation;
  EventHandle next;                      // of its state
  std::uint64_t starts = 0;              // after stops
  TimePoint running_since = kTimeNever;  // now; never: it does not run
  bool has_place = true;                 // in its pool and quota
  TimePoint shown_from{};                // before, only its launch can name it
  StateHistory history;
  std::uint64_t changes = 0;  // of its state, so far

 private:
  std::shared_ptr<ec2::Instance> shape_ = std::make_shared<ec2::Instance>();
};

// All instances, each walking through its states by events of its own.
class Fleet {
 public:
  // By number: in order of launch.
  using Instances = std::map<std::uint64_t, FleetInstance>;

  // All outlive it.
  Fleet(Kernel& kernel, const Random& random, FactSink& facts, const Ec2Config& config,
        const Ec2Conditions& conditions, Network& network, LaunchReservations& reservations);

  void subscribe(InstanceListener& listener);  // outlives the fleet's use

  // Sets machines of the pool aside for a call that is still under way. Requires: there is room.
  LaunchReservationPtr reserve(InstancePool& pool, int count,
                               const ec2::RunInstancesRequest& request);
  void accept(const LaunchReservation& reservation);  // the call is answered: they are pending
  void accept_running(const LaunchReservation& reservation);  // initial state; tells no listener
  // To shutting-down, unless it is there or past it. Answers what EC2 would say.
  ec2::StateChange terminate(std::uint64_t number);
  // Running to stopping. Requires: it runs.
  ec2::StateChange stop(std::uint64_t number);
  // Stopped to pending. Requires: it is stopped, and the room for it was taken.
  ec2::StateChange start_again(std::uint64_t number);
  void set_tags(std::uint64_t number, std::vector<ec2::Tag> tags);
  void vanish(std::uint64_t number, std::string reason);  // terminated at once, without a word
  // Takes a Spot instance back: its notice comes after that time, and the shut-down so long after
  // it. Nothing happens to one that ends before, or has its notice already.
  void interrupt(std::uint64_t number, Duration after, Duration notice);

  // Also of one that is not accepted yet.
  const std::string& id_of(std::uint64_t number) const { return instances_.at(number).shape().id; }

  // Accepted and not forgotten; nullptr otherwise.
  const FleetInstance* find(std::uint64_t number);
  const std::uint64_t* number_of(const std::string& instance_id);
  const Instances& all();  // also those not accepted

  // Whether calls other than its launch know of it by now.
  bool is_shown(const FleetInstance& instance) const;
  // The shape as the describe actions show it; `older` keeps one that is late.
  const ec2::Instance& shown(const FleetInstance& instance,
                             std::optional<ec2::Instance>& older) const;
  // When its status checks have passed. Requires: it runs.
  TimePoint passes_checks_at(const FleetInstance& instance) const;
  // That of instances which run included, up to now; it falls when one of Spot is taken back within
  // its first hour.
  Bill bill_so_far() const;

 private:
  ec2::Instance shape_of(const ec2::RunInstancesRequest& request, const FleetInstance& instance,
                         std::uint64_t number);
  FleetInstance& show(std::uint64_t number);
  void launch(std::uint64_t number);     // pending -> running, or the launch fails
  void run_again(std::uint64_t number);  // pending -> running, after a stop
  // Whether it must stay pending for a while; then that is called after it.
  bool waits(FleetInstance& instance, std::uint64_t number, void (Fleet::*then)(std::uint64_t));
  void run(FleetInstance& instance);
  void rest(std::uint64_t number);      // stopping -> stopped
  void leave(FleetInstance& instance);  // its state, for another that is set next
  LaunchQuestion question_of(const FleetInstance& instance) const;
  std::string failure_of(const FleetInstance& instance) const;  // empty: it runs
  void give_notice(std::uint64_t number, Duration notice);
  void shut_down(FleetInstance& instance, std::uint64_t number, std::string reason);
  void finish(std::uint64_t number, std::string reason);
  void forget_old();
  double draw(std::string_view purpose, const FleetInstance& instance) const;
  // Of its n-th time.
  double draw_nth(std::string_view purpose, const FleetInstance& instance, std::uint64_t n) const;

  Kernel& kernel_;
  const Random& random_;
  FactSink& facts_;
  const Ec2Config& config_;
  const Ec2Conditions& conditions_;
  Network& network_;
  LaunchReservations& reservations_;
  std::vector<InstanceListener*> listeners_;
  Instances instances_;
  std::unordered_map<std::string, std::uint64_t> numbers_;  // looked up, never walked
  std::uint64_t next_number_ = 1;
  Bill bill_;
  std::deque<std::pair<TimePoint, std::uint64_t>> forgetting_;  // by time
};

}  // namespace casim::sim
