#include "oracle/node_life/node_life_given.h"

#include <fmt/format.h>

#include <stdexcept>
#include <utility>

#include "oracle/judge/strict_json.h"
#include "oracle/judge/taint_effect.h"
#include "sim/cluster/node_condition.h"

namespace casim::oracle {

using namespace casim::sim;

namespace {

constexpr std::pair<const char*, const char*> kTaintKeys[] = {
    {"unreachable", "node.kubernetes.io/unreachable"},
    {"not-ready", "node.kubernetes.io/not-ready"},
    {"out-of-service", "node.kubernetes.io/out-of-service"},
    {"shutdown", "node.cloudprovider.kubernetes.io/shutdown"},
};

TimePoint time_of(double seconds) { return kTimeZero + from_seconds(seconds); }

ReadyStatus status_of(const std::string& name) {
  if (name == "True") return ReadyStatus::kTrue;
  if (name == "False") return ReadyStatus::kFalse;
  if (name == "Unknown") return ReadyStatus::kUnknown;
  if (name == "none") return ReadyStatus::kMissing;
  throw std::runtime_error("unknown status " + name);
}

std::vector<Toleration> tolerations_of(const Json& given) {
  std::vector<Toleration> out;
  for (const auto& [key, seconds] : given.items()) {
    const Taint taint = taint_of(key);
    Toleration one{taint.key, Toleration::Operator::kExists, "", taint.effect};
    if (!seconds.is_null()) one.toleration_seconds = seconds.get<std::int64_t>();
    out.push_back(std::move(one));
  }
  return out;
}

PodSpecPtr given_spec_of(const Json& entry) {
  PodSpec spec;
  spec.name_prefix = entry.at("name");
  spec.requests.pods = 1;
  spec.grace = from_seconds(entry.value("grace_s", 30.0));
  if (entry.contains("owner")) {
    const std::string owner = entry.at("owner");
    const std::size_t slash = owner.find('/');
    const auto kind = parse_owner_kind(owner.substr(0, slash));
    if (slash == std::string::npos || !kind) throw std::runtime_error("unknown owner " + owner);
    spec.owner = *kind;
    spec.owner_uid = spec.workload = owner;
  }
  if (entry.contains("tolerations")) {
    spec.tolerations = tolerations_of(entry.at("tolerations"));
  } else {
    add_default_tolerations(spec);
  }
  return std::make_shared<const PodSpec>(std::move(spec));
}

Node object_of(const Json& entry, const std::string& name) {
  Node node;
  node.name = name;
  node.provider_id = "case:///" + name;
  node.allocatable.pods = node.capacity.pods = 1000;
  if (entry.contains("zone")) {
    node.labels["topology.kubernetes.io/region"] = "region";
    node.labels["topology.kubernetes.io/zone"] = entry.at("zone");
  }
  if (entry.value("exclude_disruption", false)) {
    node.labels["node.kubernetes.io/exclude-disruption"] = "true";
  }
  for (const Json& taint : entry.value("taints", Json::array())) {
    node.taints.push_back(taint_of(taint));
  }
  const ReadyStatus status = status_of(entry.value("ready", "True"));
  node.ready = status == ReadyStatus::kTrue;
  node.ready_unknown = status == ReadyStatus::kUnknown;
  node.has_ready_condition = status != ReadyStatus::kMissing;
  return node;
}

// The kubelet of an entry's i-th node: its lease and its status posts.
void set_beats(const Json& entry, std::size_t i, std::optional<TimePoint> added, GivenNode& out) {
  const Json renew = entry.value("renew_s", Json::array({0, 10}));
  Duration first = from_seconds(renew.at(0));
  const Duration period = from_seconds(renew.at(1));
  first += static_cast<Duration::rep>(i) * from_seconds(entry.value("step_s", 0.0));
  if (period > Duration{}) first %= period;
  const TimePoint begins = added.value_or(kTimeZero + first);
  const Duration before = added ? Duration{} : 1'000 * period;
  out.status_period = from_seconds(entry.value("status_s", 300.0));
  out.lease = {begins - before, period};
  out.status = {begins, out.status_period};
  if (entry.contains("last_sign_s")) {
    const TimePoint last = time_of(entry.at("last_sign_s"));
    out.is_alive = false;
    out.lease = {last, period, last};
    out.status = {last, out.status_period, last};
  }
  if (!out.node.has_ready_condition) out.status.period = Duration{};
}

bool has_count(const Json& entries, const std::string& name) {
  for (const Json& entry : entries) {
    if (entry.at("name") == name) return entry.contains("count");
  }
  return false;
}

}  // namespace

Taint taint_of(const std::string& text) {
  const std::size_t colon = text.rfind(':');
  if (colon == std::string::npos) throw std::runtime_error("a taint without effect: " + text);
  std::string key = text.substr(0, colon);
  for (const auto& [brief, full] : kTaintKeys) {
    if (key == brief) key = full;
  }
  return {std::move(key), "", effect_of(text.substr(colon + 1))};
}

std::string text_of(const Taint& taint) {
  for (const auto& [brief, full] : kTaintKeys) {
    if (taint.key == full) return brief;
  }
  return taint.key;
}

std::vector<std::string> names_of(const Json& entry) {
  const std::string name = entry.at("name");
  if (!entry.contains("count")) return {name};
  std::vector<std::string> names;
  for (int i = 0; i < entry.at("count").get<int>(); ++i) {
    names.push_back(fmt::format("{}-{:04}", name, i));
  }
  return names;
}

NodeLifeFlags flags_of(const Json& given) {
  NodeLifeFlags out;
  const Json flags = given.value("flags", Json::object());
  check_keys(flags,
             {"node-monitor-period", "node-monitor-grace-period", "node-startup-grace-period",
              "node-eviction-rate", "secondary-node-eviction-rate", "unhealthy-zone-threshold",
              "large-cluster-size-threshold", "terminated-pod-gc-threshold"});
  const auto seconds = [&flags](const char* flag, Duration& value) {
    if (flags.contains(flag)) value = from_seconds(flags.at(flag));
  };
  NodeLifecycleConfig& nodes = out.node_lifecycle;
  seconds("node-monitor-period", nodes.node_monitor_period);
  seconds("node-monitor-grace-period", nodes.node_monitor_grace_period);
  seconds("node-startup-grace-period", nodes.node_startup_grace_period);
  EvictionRates& rates = nodes.rates;
  rates.node_eviction_rate = flags.value("node-eviction-rate", rates.node_eviction_rate);
  rates.secondary_node_eviction_rate =
      flags.value("secondary-node-eviction-rate", rates.secondary_node_eviction_rate);
  rates.unhealthy_zone_threshold =
      flags.value("unhealthy-zone-threshold", rates.unhealthy_zone_threshold);
  rates.large_cluster_size_threshold =
      flags.value("large-cluster-size-threshold", rates.large_cluster_size_threshold);
  out.pod_gc.terminated_pod_gc_threshold =
      flags.value("terminated-pod-gc-threshold", out.pod_gc.terminated_pod_gc_threshold);
  if (given.value("ccm", false)) {
    out.cloud.emplace().start = time_of(given.value("ccm_start_s", 0.0));
  }
  return out;
}

GivenNode node_of(const Json& entry, std::size_t i, const std::string& name,
                  std::optional<TimePoint> added) {
  check_keys(entry, {"name", "count", "zone", "renew_s", "step_s", "status_s", "ready", "taints",
                     "last_sign_s", "exclude_disruption"});
  GivenNode out;
  out.node = object_of(entry, name);
  set_beats(entry, i, added, out);
  if (added) set_taint(out.node, kNotReadyTaint, TaintEffect::kNoSchedule, true);
  return out;
}

std::vector<GivenPod> pods_of(const Json& entry, const Json& nodes) {
  check_keys(entry, {"name", "on", "owner", "tolerations", "grace_s", "stop_s", "phase",
                     "deleted_at_s", "created_at_s"});
  const std::string name = entry.at("name");
  const std::string on = entry.at("on");
  GivenPod pod;
  pod.entry = name;
  pod.spec = given_spec_of(entry);
  pod.phase = entry.value("phase", "Running");
  pod.stop = from_seconds(entry.value("stop_s", 2.0));
  pod.created_at = time_of(entry.value("created_at_s", 0.0));
  if (entry.contains("deleted_at_s")) pod.deleted_at = time_of(entry.at("deleted_at_s"));
  if (!has_count(nodes, on)) {
    pod.name = name;
    pod.node = on;
    return {pod};
  }
  std::vector<GivenPod> pods;
  for (const Json& node : nodes) {
    if (node.at("name") != on) continue;
    for (const std::string& one : names_of(node)) {
      pod.name = name + one.substr(on.size());
      pod.node = one;
      pods.push_back(pod);
    }
  }
  return pods;
}

}  // namespace casim::oracle
