// The scenario that the search for faults begins with.
#include "sim/scenario/fault_search.h"

namespace casim::sim {
namespace {

BurstWorkload burst(int count, Duration at, Duration run_for, std::int64_t cpu_m) {
  BurstWorkload burst;
  burst.count = count;
  burst.at = at;
  burst.over = std::chrono::seconds(20);
  burst.run_for = run_for;
  burst.pod.resources.requests.cpu = MilliCpu(cpu_m);
  burst.pod.resources.requests.memory = Bytes(std::int64_t{1} << 30);
  return burst;
}

}  // namespace

Scenario search_scenario() {
  using namespace std::chrono_literals;
  Scenario s;
  s.description = "which faults, at which times, break something?";
  s.start = WallTime(std::chrono::seconds(1'767'600'000));
  s.duration = 2h;
  NodeGroupConfig a;
  a.name = "a";
  a.min = 1;
  a.max = 10;
  a.initial = 2;
  a.instance_types = {"m6i.2xlarge"};
  a.zones = {"us-east-1a", "us-east-1b"};
  NodeGroupConfig b = a;
  b.name = "b";
  b.min = 0;
  b.initial = 0;
  b.lifecycle = ec2::Lifecycle::kSpot;
  b.instance_types = {"m6i.xlarge", "m5.xlarge"};
  s.node_groups = {a, b};
  s.workloads = {{"early", burst(15, 10s, 5min, 1500)},
                 {"later", burst(10, 12min, 4min, 2500)},
                 {"last", burst(12, 26min, 6min, 1500)}};
  s.autoscaler.flags = {{"scale-down-unneeded-time", config::Value("2m")},
                        {"scale-down-unready-time", config::Value("3m")},
                        {"scale-down-delay-after-add", config::Value("1m")},
                        {"initial-node-group-backoff-duration", config::Value("1m")},
                        {"max-node-group-backoff-duration", config::Value("5m")},
                        {"max-node-provision-time", config::Value("6m")},
                        {"balance-similar-node-groups", config::Value("true")}};
  s.provider.join_timeout = 4min;
  return s;
}

}  // namespace casim::sim
