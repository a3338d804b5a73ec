// A summary in which every value has something to say, for tests of those who write it.
#pragma once

#include "tests/scenario/small_scenario.h"

namespace casim::sim {

// A burst that needs new nodes, pods that fit nowhere, a crash of the provider and a lost machine,
// cut off in the middle; what a small world does not do in this time is made up.
inline Summary eventful_run() {
  using namespace std::chrono_literals;
  Scenario s = small_scenario(40);
  BurstWorkload giant = std::get<BurstWorkload>(s.workloads[0].body);
  giant.count = 7;
  giant.pod.resources.requests.cpu = MilliCpu(64'000);
  s.workloads.push_back({"giant", giant});
  s.faults.resize(2);
  s.faults[0].body = ProviderCrashFault{.at = 95s, .down_for = 30s};
  s.faults[1].body = MachineVanishesFault{.at = 300s, .group = "g"};
  Summary summary = run_whole(s).summary;
  summary.scenario = "eventful";
  summary.partial = true;
  summary.stopped_by = "interrupt";
  summary.notes = {"a number that is assumed"};
  summary.latency.unserved = 3;
  summary.latency.scale_up.total.count += 3;
  summary.leaked = 1;
  summary.machines.never_ready = 2;
  summary.machines.never_ready_ran = 1800s;
  summary.groups["g"].skipped["in backoff after failed scale-up"] = 300s;
  summary.activity.slot_failures = {{"InsufficientInstanceCapacity", 2}, {"NeverJoined", 1}};
  Ec2Retries& retries = summary.activity.ec2_retries["RunInstances"];
  retries.retries = 4;
  retries.calls_again = 1;
  retries.backoff = 12'300ms;
  return summary;
}

}  // namespace casim::sim
