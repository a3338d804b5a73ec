// Machines made of EC2 instances. Slots that were ordered together for one zone are asked for in
// one RunInstances call, under one client token. Their pools are the zones, the preferred one
// first, and in each zone the group's types in order; what a pool does not give, for lack of
// capacity or quota, the next one is asked for. A replay asks again from the first slot on,
// whatever became of that, so it makes the requests that were made before and finds the instances
// where they are (launch_request.h). Where those are terminated by then, the slots that still want
// a machine ask one by one.
#pragma once

#include <map>
#include <string>
#include <vector>

#include "src/async/semaphore.h"
#include "src/backoff/preset.h"
#include "src/core/clock.h"
#include "src/core/random.h"
#include "src/ec2/api.h"
#include "src/provider/ec2_client.h"
#include "src/provider/launch_request.h"
#include "src/provider/machine_tags.h"
#include "src/provider/ports.h"
#include "src/provider/relaunch.h"
#include "src/provider/shortages.h"

namespace casim::provider {

// How instances are asked for, and how many at a time.
struct Ec2MachinesOptions {
  std::string image_id = "ami-casim";
  std::map<std::string, GroupLaunchTerms> groups = {};  // instead of the image, by id
  int launches_in_flight = 10;                          // calls with their retries and waits
  int page_size = 1000;                                 // ec2.md 7
  int terminate_chunk = 100;                            // ids in one call
  RateLimits rate_limits;
  backoff::RetrySettings retry = backoff::settings_of(backoff::Preset::kSdkStandard2026);
  // A pool without capacity is not asked again for so long (ec2.md 2, KPA).
  Duration ice_cooldown = std::chrono::minutes(3);
  RelaunchPolicy relaunch;  // above the retries, of launches only: the others are asked for again
                            // by the reconciler
};

class Ec2Machines : public Machines {
 public:
  struct Ports {  // all outlive it
    ec2::Api& api;
    Clock& clock;
    const Random& random;  // jitter, by slot and attempt
    Ec2Observer& observer;
    asio::any_io_executor executor;
  };

  // `cluster`: Config::cluster of the provider whose machines they are; not empty. Requires: no
  // call in flight when it is destroyed.
  Ec2Machines(std::string cluster, Ports ports, Ec2MachinesOptions options);

  Awaitable<void> launch(const GroupConfig& group, std::vector<LaunchItem> items,
                         LaunchSink& sink) override;
  Awaitable<Result<std::vector<Machine>>> list() override;
  Awaitable<Result<void>> remove(std::vector<std::string> instance_ids) override;

 private:
  using Launched = ec2::Attempt<ec2::RunInstancesReply>;
  using Found = ec2::Attempt<std::vector<Machine>>;

  Awaitable<void> launch_call(const GroupConfig& group, CallForSlots call, LaunchSink& sink);
  // Asks pool after pool until none waits; else answers why.
  Awaitable<SlotFailure> try_pools(const GroupConfig& group, CallForSlots& call, LaunchSink& sink);
  Awaitable<Launched> launch_in(const GroupConfig& group, CallForSlots& call, const Pool& pool,
                                LaunchSink& sink);
  Awaitable<ec2::Attempt<void>> find_launched(CallForSlots& call, LaunchSink& sink);
  Awaitable<Launched> launch_one(const GroupConfig& group, const CallForSlots& call,
                                 const Pool& pool, LaunchSink& sink);
  // Again and again, as long as that makes sense and anybody wants it.
  Awaitable<Launched> run_instances(ec2::RunInstancesRequest request, const CallForSlots& call,
                                    const LaunchSink& sink);
  Awaitable<Found> find(std::string tag, std::string value);
  Awaitable<ec2::Attempt<void>> terminate(std::vector<std::string> ids);

  std::string cluster_;
  Ports ports_;
  Ec2MachinesOptions options_;
  LaunchTerms terms_;
  Ec2Client client_;
  Shortages shortages_;
  Semaphore launches_;
};

}  // namespace casim::provider
