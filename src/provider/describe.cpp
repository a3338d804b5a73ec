#include "src/provider/describe.h"

namespace casim::backoff {

void describe(config::Visitor& v, RetryConfig& r) {
  using config::above;
  using config::at_least;
  v.field("preset", r.preset, "the SDK whose retries they are; the other members change it");
  v.field("max_attempts", r.max_attempts, "of one call, the first included", at_least(1));
  v.field("backoff", r.kind,
          "how a delay grows: min(max, base 2^i), with jitter but for none; full_below_max: none "
          "at the maximum");
  v.field("base", r.base, "first delay after a transient error", above(Duration{}));
  v.field("throttle_base", r.throttle_base, "first delay after throttling", above(Duration{}));
  v.field("max_backoff", r.max_backoff, "greatest delay", above(Duration{}));
  v.field("quota", r.quota, "retry tokens of the client; 0: retries are free", at_least(0));
  v.field("classify", r.classify, "what tells errors apart");
  v.field("retry_429", r.retry_429, "HTTP 429 is throttling whatever its code");
  v.field("retry_non_xml_5xx", r.retry_non_xml_5xx, "a 5xx with some text as body is tried again");
  v.field("clock_correction", r.clock_correction,
          "refusals that make the client sign with EC2's time, and try again: fault clock_skew");
  v.field("server_hints", r.server_hints,
          "what the server says of the time to wait lengthens a delay, by 5s at most");
  v.field("adaptive", r.adaptive, "the client limits its own rate once it was throttled");
  v.field("attempt_timeout", r.attempt_timeout, "an attempt without reply for so long has failed",
          above(Duration{}));
  v.field("total_timeout", r.total_timeout, "no attempt begins so long after the first",
          above(Duration{}));
}

}  // namespace casim::backoff

namespace casim::provider {

void describe(config::Visitor& v, RelaunchPolicy& r) {
  using config::above;
  v.field("backoff", r.kind, "how the delay between two calls grows");
  v.field("base", r.base, "first delay", above(Duration{}));
  v.field("max_backoff", r.max_backoff, "greatest delay", above(Duration{}));
  v.field("transient_for", r.transient_for,
          "for so long a launch that meets transient errors is made again, then the slot fails; a "
          "throttled one always is",
          config::at_least(Duration{}));
}

void describe(config::Visitor& v, BatchWindow& w) {
  v.field("idle", w.idle, "it ends so long after the last order; 0s: there is none",
          config::at_least(Duration{}), config::at_most(std::chrono::minutes(1)));
  v.field("longest", w.longest, "and so long after the first one at the latest",
          config::at_least(Duration{}), config::at_most(std::chrono::minutes(1)));
  v.check("longest", w.longest >= w.idle, "is below idle");
}

void describe(config::Visitor& v, Taint& t) {
  v.required("key", t.key, "taint key", config::not_blank());
  v.field("value", t.value, "taint value");
  v.required("effect", t.effect, "what it does to pods that do not tolerate it",
             config::one_of({"NoSchedule", "PreferNoSchedule", "NoExecute"}));
}

void describe(config::Visitor& v, GroupOptions& o) {
  using config::at_least;
  v.field("scale_down_utilization_threshold", o.scale_down_utilization_threshold,
          "above it a node is needed", config::probability());
  v.field("scale_down_gpu_utilization_threshold", o.scale_down_gpu_utilization_threshold,
          "the same for nodes with GPUs", config::probability());
  v.field("scale_down_unneeded_time", o.scale_down_unneeded_time,
          "how long a Ready node must be unneeded before it goes", at_least(Duration{}));
  v.field("scale_down_unready_time", o.scale_down_unready_time,
          "how long a node that is not Ready must be unneeded", at_least(Duration{}));
  v.field("max_node_provision_time", o.max_node_provision_time,
          "after it an instance without node counts as lost", at_least(Duration{}));
  v.field("zero_or_max_node_scaling", o.zero_or_max_node_scaling,
          "the group has no node or all of them");
  v.field("ignore_daemonsets_utilization", o.ignore_daemonsets_utilization,
          "DaemonSet pods do not count in a node's utilisation");
}

}  // namespace casim::provider
