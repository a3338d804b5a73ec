// Which process leads, as client-go has it: the leader renews a lease at each retry period, and
// exits when it could not for the renew deadline. Whoever waits for the lease looks at it, and
// takes it when it has looked the same for a whole lease duration of the waiter's own time. Source:
// algorithm 1.1, [client-go: tools/leaderelection/leaderelection.go].
//   - Renewals and looks fail while the API server has no leases (api_outages.h).
//   - A standby is always there, and its looks began long ago. It is another replica: the former
//     leader, started anew, does not compete.
//   - Requests take no time here. A try at the very instant of the deadline may win (a coin).
// No event stands for a renewal or a look: only outages are followed up.
#pragma once

#include <cstdint>
#include <functional>
#include <string>
#include <string_view>

#include "sim/apiserver/api_outages.h"
#include "sim/events/facts.h"
#include "sim/kernel/kernel.h"
#include "src/core/random.h"
#include "src/core/time.h"

namespace casim::sim {

// The autoscaler's process, as facts name it.
inline constexpr std::string_view kClusterAutoscaler = "cluster-autoscaler";

// Flags of the process. Defaults are those of kube-scheduler, the controller managers and
// cluster-autoscaler.
struct LeaseTimes {
  Duration lease_duration = std::chrono::seconds(15);
  Duration renew_deadline = std::chrono::seconds(10);  // above 1.2 retry periods
  Duration retry_period = std::chrono::seconds(2);
};

class LeaderElection {
 public:
  struct Ports {  // all outlive it
    Kernel& kernel;
    const ApiOutages& outages;
    const Random& random;
    FactSink& facts;
  };

  // What a leader does when it exits, and the next one when it begins. No leader is there between.
  struct Callbacks {
    std::function<void()> on_lost = {};
    std::function<void()> on_elected = {};
  };

  // Of the processes of that name; draws are named by it and the number of the leader. The first
  // leader was elected at some time before the run.
  LeaderElection(std::string name, LeaseTimes times, Ports ports, Callbacks callbacks);

  // To be told of each outage.
  void on_outage(const ApiOutages::Outage& outage);
  // The leader has died just now. A standby takes over, and on_elected is called.
  void on_death();
  // The leader's own process is back, and holds the lease without a break.
  void on_return();

  bool has_leader() const { return has_leader_; }

 private:
  bool survives(TimePoint first_failure);
  void lose(TimePoint renewed);
  void await_successor(TimePoint renewed);
  // When a standby takes over, from now on, unless an outage comes. `renewed`: the leader's last.
  TimePoint succession(TimePoint renewed) const;
  double draw(std::string_view purpose, std::uint64_t n) const;
  Duration pause(double luck) const;
  Duration first_look(std::uint64_t n) const;
  TimePoint last_renewal(TimePoint up_to) const;

  std::string name_;
  std::uint64_t key_;
  LeaseTimes times_;
  Ports ports_;
  Callbacks callbacks_;
  std::uint64_t term_ = 0;  // leaders before this one
  TimePoint elected_{};     // renewals count from it
  bool has_leader_ = true;
};

}  // namespace casim::sim
