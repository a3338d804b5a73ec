// Parameters of the EC2 model. Every number names its source (section of ec2.md) or says that it
// is assumed; the tags F and A are that page's: a fit of ours, an assumption of ours.
#pragma once

#include <filesystem>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "src/core/distribution.h"
#include "src/core/time.h"
#include "src/ec2/action.h"
#include "src/ec2/catalogue.h"
#include "src/ec2/types.h"

namespace casim::sim {

// Time from the arrival of a request to its answer (5.1; medians cited there, tails F).
struct Ec2Latencies {
  Distribution run_instances_ok = Distribution::lognormal(1.5, 0.35);
  Duration run_per_instance = std::chrono::milliseconds(2);  // A
  Distribution run_instances_err = Distribution::lognormal(0.6, 0.35);
  Distribution describe_instances = Distribution::lognormal(0.15, 0.5);
  Duration describe_per_instance = std::chrono::microseconds(200);  // A
  Distribution create_fleet = Distribution::lognormal(2.0, 0.35);
  Distribution mutate_other = Distribution::lognormal(0.35, 0.5);     // A: all that change else
  Distribution throttled_reply = Distribution::lognormal(0.05, 0.5);  // A
  double slow_mode = 1;                                               // multiplies all of them
};

// Refilled by `refill` at each whole second, surplus discarded. Real numbers: EC2 has refill rates
// below one per second.
struct BucketConfig {
  double capacity = 0;
  double refill = 0;
};

// One bucket per action, and for some actions a second one that is charged by instances. The
// numbers are those of section 3 (THR).
struct ThrottleConfig {
  bool unlimited = false;
  BucketConfig run_requests{5, 2};
  BucketConfig run_resources{1000, 2};
  BucketConfig terminate_requests{100, 5};
  BucketConfig terminate_resources{1000, 20};
  BucketConfig start_requests{5, 2};
  BucketConfig start_resources{1000, 2};
  BucketConfig stop_resources{1000, 20};
  BucketConfig create_tags{100, 10};
  BucketConfig mutate{50, 5};         // other actions that change something: StopInstances, ...
  BucketConfig describe{100, 20};     // of each that changes nothing
  BucketConfig describe_all{50, 10};  // neither filter, nor page, nor ids, of some
  double limit_factor = 1;            // times all of them: what AWS raised the limits by
};

// How often EC2 takes Spot instances back; the risk of one instance (5.6).
enum class SpotInterruptions : std::uint8_t {
  kNone,
  kCalm,     // 5 % a month
  kBusy,     // 20 % a month
  kHostile,  // 10 % an hour
};

std::vector<std::pair<SpotInterruptions, std::string_view>> enum_names(SpotInterruptions);

// From the notice to the shut-down, and within which the notices of one event come (5.6).
inline constexpr Duration kSpotNotice = std::chrono::minutes(2);
inline constexpr Duration kSpotSpread = std::chrono::minutes(3);

struct SpotConfig {
  SpotInterruptions interruptions = SpotInterruptions::kCalm;
  std::optional<double> interruptions_per_hour;  // of an instance, instead of the preset's
  Duration spread = kSpotSpread;
  // Of the price on demand; assumed: prices differ by pool and day, most lie between 0.2 and 0.6.
  double price_share = 0.4;
};

double hazard_per_hour(const SpotConfig& config);

// A limit on live instances of a pool. An empty type or zone stands for each; the first entry that
// matches counts.
struct PoolCapacity {
  std::string type;
  std::string zone;
  ec2::Lifecycle lifecycle = ec2::Lifecycle::kOnDemand;
  int instances = 0;
};

// A type of a scenario's own, or what differs from EC2's type of that name.
struct InstanceTypeConfig {
  std::optional<std::string> architecture;
  std::optional<int> vcpus;
  std::optional<Bytes> memory;
  std::optional<int> gpus;
  std::optional<std::string> gpu_model;
  std::optional<int> max_pods;  // that its network interfaces allow
  std::optional<double> usd_per_hour;
  std::optional<std::vector<std::string>> zones;  // that offer it, all in one Region
};

// Pools that come and go: each type and zone is in supply or out of it, a two-state Markov process
// whose sojourns have these means. Part of the spells without supply hit all zones of a type at
// once. An empty list of types or zones stands for all; the first entry that matches counts.
// Defaults: 5.4 (A), general types.
struct PoolShortages {
  std::vector<std::string> instance_types;
  std::vector<std::string> zones;
  std::optional<ec2::Lifecycle> lifecycle;  // none: both, each for itself
  Duration mean_up = std::chrono::hours(72);
  Duration mean_down = std::chrono::minutes(20);
  double refused_while_up = 0.001;  // share of launches
  double refused_while_down = 1;
  double all_zones = 0.05;  // share of the spells that a pool sees which hit all zones
};

// How much EC2 has.
struct CapacityConfig {
  std::vector<PoolCapacity> pools;       // none: never too few machines
  std::vector<PoolShortages> shortages;  // none: always in supply
};

// How late EC2 shows what happened. Source: 5.5 (A), which also has the share and times.
struct ConsistencyConfig {
  double hidden = 0.02;  // share of new instances that other calls do not find for a while
  Distribution hidden_for = Distribution::lognormal(1.0, 0.8);
  Distribution describe_lag = Distribution::lognormal(0.5, 0.6);  // of each change of a state
};

// What goes wrong now and then without any fault. Source: 5.5 (A); the time is assumed, as long as
// botocore waits for a reply (4.1).
struct BackgroundConfig {
  double launch_failures = 0.002;   // of accepted instances: pending -> terminated
  double internal_errors = 0.0005;  // of calls
  double timeouts = 0.0002;         // of calls: no reply
  double timeouts_with_effect = 0.5;
  // Until the connection of such a call ends by itself: the idle timeout of the way.
  Duration timeout = std::chrono::seconds(60);
};

// Everything that the model is told: what exists, how long it takes, how much of it there is.
struct Ec2Config {
  // Zones that exist. Empty: whatever is asked for.
  std::vector<std::string> zones;
  // Where a request without a zone lands when `zones` is empty, else their first (A).
  std::string default_zone = "us-east-1a";
  std::map<std::string, InstanceTypeConfig> instance_types;
  std::optional<std::filesystem::path> instance_types_file;  // as the AWS CLI prints them
  // With the two above in it, once a scenario is loaded.
  std::shared_ptr<const ec2::Catalogue> catalogue = ec2::default_catalogue();
  Ec2Latencies latency;
  ThrottleConfig throttle;
  Distribution pending_to_running = Distribution::lognormal(4.5, 0.5, 2);  // 5.2 (F)
  Distribution terminating = Distribution::lognormal(30, 0.5);             // 5.5 (A)
  Distribution stopping = Distribution::lognormal(25, 0.5);                // 5.5 (A)
  Distribution status_checks = Distribution::lognormal(150, 0.3);          // running -> ok; 5.5
  Duration terminated_visible = std::chrono::hours(1);                     // 1.4 (BC)
  Duration idempotency_ttl = std::chrono::hours(24);  // from termination; 1.4 (IDM)
  // Running vCPU per family bucket (standard, g, p, ...), on demand and Spot apart; 5.5 (A).
  int vcpu_quota = 1152;
  std::map<std::string, int> vcpu_quota_of_family;  // overrides the number above
  CapacityConfig capacity;
  std::optional<ConsistencyConfig> consistency;  // none: everything shows at once
  std::optional<BackgroundConfig> background;    // none: nothing goes wrong by itself
  SpotConfig spot;
  // What the caller's policy does not allow: UnauthorizedOperation.
  std::vector<ec2::Action> denied_actions;
  int default_page_size = 1000;  // of a request with a token but no MaxResults; 7 (A)
};

// The vCPU quota that a type counts against: "standard" (A C D H I M R T Z), else the family's
// letters, "g" for vt too (AWS: EC2 on-demand instance quotas).
std::string quota_family(const std::string& instance_type);

}  // namespace casim::sim
