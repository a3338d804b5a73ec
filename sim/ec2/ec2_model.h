// EC2 behind the production port: latency, throttling, quota, capacity, idempotency, states.
//
// A call is charged to its buckets and decided when it arrives, and takes effect at the instant of
// its answer, whether or not the caller still waits: a caller that was cancelled in between finds
// its machines by replaying the token. DescribeInstances sees the state of its own answer, less
// the time that the returned instances cost. Every latency is at least 1 us.
// Draws are named by what they belong to: the n-th accepted launch of a pool, the n-th call about
// an instance or a token. Source: ec2.md 1.4, 1.5, 2, 3, 5.
// Not modelled yet: fault schedules, describe lag, eventual consistency of new ids, Spot
// interruption, Stop and Start, tags after launch, termination protection.
#pragma once

#include <cstdint>
#include <map>
#include <memory>
#include <string>
#include <unordered_map>
#include <utility>
#include <vector>

#include "sim/ec2/conditions.h"
#include "sim/ec2/config.h"
#include "sim/ec2/fleet.h"
#include "sim/ec2/instance_listener.h"
#include "sim/ec2/pools.h"
#include "sim/ec2/reservations.h"
#include "sim/ec2/throttle.h"
#include "sim/events/facts.h"
#include "sim/kernel/kernel.h"
#include "src/core/random.h"
#include "src/ec2/api.h"

namespace casim::sim {

// By action and error code; the code is empty for success.
using Ec2CallCounts = std::map<std::pair<std::string, std::string>, std::uint64_t>;

class Ec2Model final : public ec2::Api {
 public:
  // All references outlive the model; the kernel runs no event after the model's end.
  Ec2Model(Kernel& kernel, const Random& random, FactSink& facts, Ec2Config config,
           const Ec2Conditions& conditions = normal_conditions());
  Ec2Model(const Ec2Model&) = delete;
  Ec2Model& operator=(const Ec2Model&) = delete;

  Awaitable<ec2::Attempt<std::vector<ec2::Instance>>> run_instances(
      ec2::RunInstancesRequest request) override;
  Awaitable<ec2::Attempt<ec2::DescribeInstancesReply>> describe_instances(
      ec2::DescribeInstancesRequest request) override;
  Awaitable<ec2::Attempt<std::vector<ec2::StateChange>>> terminate_instances(
      std::vector<std::string> instance_ids) override;

  // Before the first call. Listeners outlive the model's use.
  void subscribe(InstanceListener& listener) { fleet_.subscribe(listener); }

  // Initial state: instances that run already. No call, no throttling, no word to listeners;
  // quota and capacity hold.
  ec2::Attempt<std::vector<ec2::Instance>> add_running(ec2::RunInstancesRequest request);

  // The machine is gone at once, terminated with that reason. False: no such instance is alive.
  bool vanish(const std::string& instance_id, std::string reason = "Server.InternalError");

  // nullptr: never accepted, or forgotten.
  const ec2::Instance* find(const std::string& instance_id);
  std::vector<ec2::Instance> instances();  // all that EC2 would describe now, in order of launch

  const Ec2CallCounts& calls() const { return calls_; }

 private:
  template <class T>
  struct Call;
  using RunCall = Call<std::vector<ec2::Instance>>;
  using DescribeCall = Call<ec2::DescribeInstancesReply>;
  using TerminateCall = Call<std::vector<ec2::StateChange>>;
  struct Launch;  // what a request that passed all checks will get

  // Each schedules the answer; the coroutine only waits for it.
  std::shared_ptr<RunCall> begin_run(ec2::RunInstancesRequest request);
  std::shared_ptr<DescribeCall> begin_describe(ec2::DescribeInstancesRequest request);
  std::shared_ptr<TerminateCall> begin_terminate(std::vector<std::string> instance_ids);

  ec2::Attempt<Launch> decide_run(ec2::RunInstancesRequest& request);
  ec2::Attempt<Launch> replay(const LaunchReservationPtr& reservation, std::uint64_t parameters);
  ec2::Attempt<int> fit(const InstancePool& pool, const ec2::RunInstancesRequest& request) const;
  std::vector<ec2::Instance> shapes_of(const LaunchReservation& reservation);
  void answer_describe(const std::shared_ptr<DescribeCall>& call,
                       const ec2::DescribeInstancesRequest& request);
  ec2::Attempt<std::vector<ec2::StateChange>> terminate(const std::vector<std::string>& ids);

  // The n-th draw of a purpose and key, n counted here.
  Duration draw(const Distribution& latency, std::string_view purpose, std::uint64_t key);
  Duration draw(const Distribution& latency, std::string_view purpose, std::uint64_t key,
                std::uint64_t n) const;
  Duration slowed(Duration latency) const;
  template <class T>
  void reject_throttled(Call<T>& call);
  template <class T>
  void answer_at(const std::shared_ptr<Call<T>>& call, TimePoint when,
                 std::move_only_function<void(Call<T>&)> effect);
  void report(const std::string& action, const std::string& code, TimePoint started);

  Kernel& kernel_;
  const Random& random_;
  FactSink& facts_;
  const Ec2Config config_;
  const Ec2Conditions& conditions_;
  Ec2Throttle throttle_;
  InstancePools pools_;
  LaunchReservations reservations_;
  Fleet fleet_;
  Ec2CallCounts calls_;
  std::unordered_map<std::uint64_t, std::uint64_t> drawn_;  // looked up, never walked
};

}  // namespace casim::sim
