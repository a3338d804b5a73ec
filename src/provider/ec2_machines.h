// Machines made of EC2 instances. One RunInstances call per slot, because a client token belongs to
// a slot: whatever is replayed, a token never makes two instances. A slot's pools are its zones,
// the preferred one first, and in each zone the group's types in order; a pool without capacity or
// quota hands over to the next one. The token of a call is that of the slot and the pool, so a
// replay finds the instance where it is.
#pragma once

#include <string>
#include <vector>

#include "src/async/semaphore.h"
#include "src/backoff/preset.h"
#include "src/core/clock.h"
#include "src/core/random.h"
#include "src/ec2/api.h"
#include "src/provider/ec2_client.h"
#include "src/provider/ports.h"
#include "src/provider/relaunch.h"

namespace casim::provider {

// Keys of the tags of every instance of ours.
inline constexpr const char* kClusterTag = "casim:cluster";
inline constexpr const char* kGroupTag = "casim:group";
inline constexpr const char* kSlotTag = "casim:slot";
inline constexpr const char* kTokenTag = "casim:token";

// What an instance of a slot is found by, and by whom: the cluster's reads ask for its own tag
// only.
std::vector<ec2::Tag> machine_tags(const std::string& cluster, const std::string& group,
                                   SlotId slot, const std::string& token);

// How instances are asked for, and how many at a time.
struct Ec2MachinesOptions {
  std::string image_id = "ami-casim";
  ec2::Lifecycle lifecycle = ec2::Lifecycle::kOnDemand;
  int launches_in_flight = 10;  // slots being launched, their waits for a retry included
  int page_size = 1000;         // ec2.md 7
  int terminate_chunk = 100;    // ids in one call
  backoff::RetrySettings retry = backoff::settings_of(backoff::Preset::kSdkStandard2026);
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

  Awaitable<void> launch_one(const GroupConfig& group, LaunchItem item, LaunchSink& sink);
  Awaitable<LaunchAnswer> try_pools(const GroupConfig& group, LaunchItem item);
  ec2::RunInstancesRequest request_for(const GroupConfig& group, const LaunchItem& item,
                                       const std::string& zone, const std::string& type) const;
  Awaitable<Launched> run_instances(ec2::RunInstancesRequest request, std::uint64_t slot);
  Awaitable<ec2::Attempt<void>> terminate(std::vector<std::string> ids);
  std::string cluster_;
  Ports ports_;
  Ec2MachinesOptions options_;
  Ec2Client client_;
  Semaphore launches_;
};

}  // namespace casim::provider
