#include "sim/scenario/describe.h"

namespace casim::sim {

using config::above;
using config::at_least;
using config::at_least_one;
using config::at_most;
using config::not_blank;
using config::unique;

void describe(config::Visitor& v, Ec2Latencies& l) {
  v.field("run_instances_ok", l.run_instances_ok, "RunInstances that succeeds");
  v.field("run_per_instance", l.run_per_instance, "in addition, for each instance",
          at_most(std::chrono::hours(1)));
  v.field("run_instances_err", l.run_instances_err, "RunInstances that is refused");
  v.field("describe_instances", l.describe_instances, "DescribeInstances");
  v.field("describe_per_instance", l.describe_per_instance, "in addition, for each instance",
          at_most(std::chrono::hours(1)));
  v.field("mutate_other", l.mutate_other, "TerminateInstances and the like");
  v.field("throttled_reply", l.throttled_reply, "an answer of RequestLimitExceeded");
  v.field("slow_mode", l.slow_mode, "multiplies all of them", above(0.0));
}

void describe(config::Visitor& v, BucketConfig& b) {
  v.field("capacity", b.capacity, "tokens when full", at_least(0));
  v.field("refill", b.refill, "tokens added at each whole second", at_least(0));
}

void describe(config::Visitor& v, ThrottleConfig& t) {
  v.field("unlimited", t.unlimited, "no throttling at all");
  v.field("run_requests", t.run_requests, "RunInstances, per call");
  v.field("run_resources", t.run_resources, "RunInstances, per instance");
  v.field("terminate_requests", t.terminate_requests, "TerminateInstances, per call");
  v.field("terminate_resources", t.terminate_resources, "TerminateInstances, per instance");
  v.field("describe", t.describe, "DescribeInstances with a filter, page or ids");
  v.field("describe_all", t.describe_all, "DescribeInstances of everything");
  v.field("limit_factor", t.limit_factor,
          "times all buckets: what AWS raised the account's limits by (3 at most per request)",
          at_least(1.0), at_most(1e6));
}

void describe(config::Visitor& v, InstanceTypeConfig& t) {
  v.field("architecture", t.architecture, "of its processor; a new type: amd64",
          config::one_of({"amd64", "arm64"}));
  v.field("vcpus", t.vcpus, "processors", at_least(1), at_most(10'000));
  v.field("memory", t.memory, "as EC2 says it", above(Bytes()));
  v.field("gpus", t.gpus, "GPUs that the guest sees", at_least(0), at_most(1000));
  v.field("gpu_model", t.gpu_model, "model of the GPUs", not_blank());
  v.field("max_pods", t.max_pods, "pods that its network interfaces allow; a new type: 110",
          at_least(1), at_most(10'000));
  v.field("usd_per_hour", t.usd_per_hour, "price on demand", at_least(0.0), at_most(1e6));
  v.field("zones", t.zones, "zones that offer it, all in one Region; a new type: every zone",
          at_least_one(), unique());
}

void describe(config::Visitor& v, PoolCapacity& p) {
  v.field("instance_type", p.type, "EC2 type; empty: each type, for itself");
  v.field("zone", p.zone, "zone; empty: each zone, for itself");
  v.field("lifecycle", p.lifecycle, "on-demand and spot machines are pools of their own");
  v.required("instances", p.instances, "live instances that this pool can hold", at_least(0));
}

void describe(config::Visitor& v, PoolShortages& s) {
  v.field("instance_types", s.instance_types, "EC2 types; empty: each, for itself", unique(),
          not_blank());
  v.field("zones", s.zones, "zones; empty: each, for itself", unique(), not_blank());
  v.field("lifecycle", s.lifecycle, "machines bought so; absent: both, each for itself");
  v.field("mean_up", s.mean_up, "mean time in supply", above(Duration{}));
  v.field("mean_down", s.mean_down, "mean time out of supply", above(Duration{}));
  v.field("refused_while_up", s.refused_while_up, "share of launches refused in supply",
          config::probability());
  v.field("refused_while_down", s.refused_while_down, "share of launches refused out of supply",
          config::probability());
  v.field("all_zones", s.all_zones, "share of a pool's spells that hit all zones of the type",
          config::probability());
}

void describe(config::Visitor& v, CapacityConfig& c) {
  v.field("pools", c.pools, "sizes of pools (type and zone); the first that matches counts");
  v.field("shortages", c.shortages, "pools that come and go; the first that matches counts");
}

void describe(config::Visitor& v, SpotConfig& s) {
  v.field("interruptions", s.interruptions,
          "how often Spot instances are taken back, each pool at times of its own: of an instance "
          "calm 5 % a month, busy 20 % a month, hostile 10 % an hour");
  v.field("interruptions_per_hour", s.interruptions_per_hour,
          "mean number of them in an hour of one instance, instead", at_least(0.0),
          at_most(1000.0));
  v.field("spread", s.spread, "time within which the notices of one event come",
          at_least(Duration{}));
  v.field("price_share", s.price_share, "price of Spot, as a share of that on demand", above(0.0),
          at_most(1.0));
}

void describe(config::Visitor& v, ConsistencyConfig& c) {
  v.field("hidden", c.hidden, "share of new instances that other calls do not find for a while",
          config::probability());
  v.field("hidden_for", c.hidden_for, "how long, from the answer of RunInstances");
  v.field("describe_lag", c.describe_lag, "how late each change of a state shows");
}

void describe(config::Visitor& v, BackgroundConfig& b) {
  v.field("launch_failures", b.launch_failures,
          "share of instances that end instead of running, after RunInstances accepted them",
          config::probability());
  v.field("internal_errors", b.internal_errors, "share of calls answered with InternalError",
          config::probability());
  v.field("timeouts", b.timeouts, "share of calls that are never answered", config::probability());
  v.field("timeouts_with_effect", b.timeouts_with_effect,
          "share of these that had their effect all the same", config::probability());
  v.field("timeout", b.timeout,
          "until the connection of such a call ends by itself, also for a client without a read "
          "timeout: the idle timeout of the way, assumed",
          above(Duration{}));
}

void describe(config::Visitor& v, Ec2Config& e) {
  v.field("zones", e.zones, "availability zones that exist; empty: whatever is asked for");
  v.field("instance_types", e.instance_types,
          "types by name: what differs from EC2's, or types of your own");
  v.field("instance_types_file", e.instance_types_file,
          "JSON of aws ec2 describe-instance-types: further types, or newer ones");
  v.field("latency", e.latency, "time of each API call");
  v.field("throttle", e.throttle, "token buckets of the API");
  v.field("pending_to_running", e.pending_to_running, "from acceptance to running");
  v.field("terminating", e.terminating, "from shutting-down to terminated");
  v.field("vcpu_quota", e.vcpu_quota, "running vCPU per family of types", at_least(0));
  v.field("vcpu_quota_of_family", e.vcpu_quota_of_family, "overrides, by family: standard, g, p",
          at_least(0));
  v.field("capacity", e.capacity, "how many machines EC2 has; absent: always enough");
  v.field("denied_actions", e.denied_actions,
          "what the caller's policy does not allow: UnauthorizedOperation", unique());
  v.field("consistency", e.consistency,
          "how late EC2 shows what happened; absent: at once; {}: times that are assumed");
  v.field("background", e.background,
          "what goes wrong now and then without a fault; absent: nothing; {}: rates that are "
          "assumed");
}

}  // namespace casim::sim
