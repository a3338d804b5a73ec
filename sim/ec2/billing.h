// What running instances are charged for: each time that one runs, from running to stopping or
// shutting-down, in whole seconds, of which there are at least 60; pending is free, and so is a
// Spot instance that EC2 takes back within its first hour. Source: EC2 User Guide, instance
// lifecycle (usage billing by state) and billing for interrupted Spot Instances, and EC2's price
// page (per second, Linux).
#pragma once

#include <compare>
#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "sim/ec2/config.h"
#include "src/core/money.h"
#include "src/core/time.h"
#include "src/ec2/types.h"

namespace casim::sim {

std::int64_t billed_seconds(Duration ran);

// What has one price.
struct BilledPool {
  std::string type;
  ec2::Lifecycle lifecycle = ec2::Lifecycle::kOnDemand;

  auto operator<=>(const BilledPool&) const = default;
};

// Seconds of the account.
class Bill {
 public:
  void add(const ec2::Instance& instance, Duration ran) {
    seconds_[{instance.type, instance.lifecycle}] += billed_seconds(ran);
  }

  const std::map<BilledPool, std::int64_t>& seconds() const { return seconds_; }

 private:
  std::map<BilledPool, std::int64_t> seconds_;
};

// Of Spot, its share of the price on demand; none: unknown.
std::optional<Price> price_as_bought(const ec2::InstanceType& type, ec2::Lifecycle lifecycle,
                                     const SpotConfig& spot);

// What a pool's instances cost together; none: the type has no known price.
struct PoolCost {
  BilledPool pool;
  std::int64_t seconds = 0;
  std::optional<Money> cost;
};

std::vector<PoolCost> costs_of(const Bill& bill, const Ec2Config& config);

}  // namespace casim::sim
