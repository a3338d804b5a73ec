// The command line of cluster-autoscaler 1.37 (config/flags/flags.go): what is modelled, what has
// no effect here, what would change decisions and is not built.
#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <charconv>
#include <functional>
#include <optional>
#include <utility>

#include "sim/autoscaler/expander.h"
#include "sim/autoscaler/options.h"
#include "src/config/names.h"
#include "src/config/units.h"

namespace casim::sim {
namespace {

using Options = AutoscalerOptions;
// Empty: set. Else what is wrong with the value.
using Setter = std::function<std::string(Options&, const std::string&)>;

std::string parse(const std::string& text, bool& out) {
  // strconv.ParseBool; a flag without value is true.
  constexpr std::array<std::string_view, 7> kTrue = {"", "1", "t", "T", "true", "TRUE", "True"};
  constexpr std::array<std::string_view, 6> kFalse = {"0", "f", "F", "false", "FALSE", "False"};
  out = std::find(kTrue.begin(), kTrue.end(), text) != kTrue.end();
  if (out || std::find(kFalse.begin(), kFalse.end(), text) != kFalse.end()) return "";
  return "expected true or false";
}

template <class N>
std::string parse_number(const std::string& text, N& out) {
  const char* const end = text.data() + text.size();
  const auto [stop, error] = std::from_chars(text.data(), end, out);
  return error == std::errc() && stop == end ? "" : "expected a number";
}

std::string parse(const std::string& text, int& out) { return parse_number(text, out); }

std::string parse(const std::string& text, std::int64_t& out) { return parse_number(text, out); }

std::string parse(const std::string& text, double& out) { return parse_number(text, out); }

std::string parse(const std::string& text, Duration& out) {
  const config::Parsed<Duration> parsed = config::parse_duration(text);
  if (!parsed) return "expected a duration such as 90s: " + parsed.error();
  out = *parsed;
  return "";
}

std::string parse(const std::string& text, std::string& out) {
  out = text;
  return "";
}

std::vector<std::string> split(const std::string& text, char separator) {
  std::vector<std::string> parts;
  std::size_t from = 0;
  while (from <= text.size()) {
    const std::size_t to = std::min(text.find(separator, from), text.size());
    if (to > from) parts.push_back(text.substr(from, to - from));
    from = to + 1;
  }
  return parts;
}

// Repeated, or separated by commas.
std::string parse(const std::string& text, std::vector<std::string>& out) {
  for (std::string& part : split(text, ',')) out.push_back(std::move(part));
  return "";
}

// "min:max"
std::string parse(const std::string& text, ResourceLimit& out) {
  const std::vector<std::string> parts = split(text, ':');
  const bool ok = parts.size() == 2 && parse_number(parts[0], out.min).empty() &&
                  parse_number(parts[1], out.max).empty() && out.min >= 0 && out.max >= out.min;
  return ok ? "" : "expected minimum:maximum";
}

template <class T>
Setter set(T Options::* member) {
  return
      [member](Options& options, const std::string& text) { return parse(text, options.*member); };
}

template <class T>
Setter set(T NodeGroupOptions::* member) {
  return [member](Options& options, const std::string& text) {
    return parse(text, options.group_defaults.*member);
  };
}

std::string set_expander(Options& options, const std::string& text) {
  options.expanders = split(text, ',');
  return problem_of_expanders(options.expanders);
}

// "<gpu type>:<min>:<max>"
std::string set_gpu_total(Options& options, const std::string& text) {
  const std::size_t colon = text.find(':');
  if (colon == std::string::npos) return "expected type:minimum:maximum";
  return parse(text.substr(colon + 1), options.gpu_total[text.substr(0, colon)]);
}

std::string set_scan_interval(Options& options, const std::string& text) {
  const std::string problem = parse(text, options.scan_interval);
  if (!problem.empty()) return problem;
  return options.scan_interval > Duration{} ? "" : "must be positive";
}

struct Flag {
  std::string_view name;
  Setter setter;
};

// One row a flag that is modelled.
const std::vector<Flag>& modelled() {
  using G = NodeGroupOptions;
  static const std::vector<Flag> kFlags = {
      {"scan-interval", set_scan_interval},
      {"frequent-loops-enabled", set(&Options::frequent_loops_enabled)},
      {"scale-up-from-zero", set(&Options::scale_up_from_zero)},
      {"max-node-provision-time", set(&G::max_node_provision_time)},
      {"max-node-startup-time", set(&G::max_node_startup_time)},
      {"ok-total-unready-count", set(&Options::ok_total_unready_count)},
      {"max-total-unready-percentage", set(&Options::max_total_unready_percentage)},
      {"initial-node-group-backoff-duration", set(&Options::initial_node_group_backoff_duration)},
      {"max-node-group-backoff-duration", set(&Options::max_node_group_backoff_duration)},
      {"node-group-backoff-reset-timeout", set(&Options::node_group_backoff_reset_timeout)},
      {"force-delete-unregistered-nodes", set(&Options::force_delete_unregistered_nodes)},
      {"force-delete-failed-nodes", set(&Options::force_delete_failed_nodes)},
      {"node-info-cache-expire-time", set(&Options::node_info_cache_expire_time)},
      {"force-ds", set(&Options::force_ds)},
      {"scale-from-unschedulable", set(&Options::scale_from_unschedulable)},
      {"startup-taint", set(&Options::startup_taints)},
      {"ignore-taint", set(&Options::startup_taints)},
      {"startup-taint-prefix", set(&Options::startup_taint_prefixes)},
      {"status-taint", set(&Options::status_taints)},
      {"expendable-pods-priority-cutoff", set(&Options::expendable_pods_priority_cutoff)},
      {"new-pod-scale-up-delay", set(&Options::new_pod_scale_up_delay)},
      {"bypassed-scheduler-names", set(&Options::bypassed_scheduler_names)},
      {"allowed-scheduler-names", set(&Options::allowed_scheduler_names)},
      {"expander", set_expander},
      {"max-nodes-per-scaleup", set(&Options::max_nodes_per_scaleup)},
      {"max-nodegroup-binpacking-duration", set(&Options::max_nodegroup_binpacking_duration)},
      {"max-binpacking-time", set(&Options::max_binpacking_time)},
      {"max-nodes-total", set(&Options::max_nodes_total)},
      {"cores-total", set(&Options::cores_total)},
      {"memory-total", set(&Options::memory_total_gib)},
      {"gpu-total", set_gpu_total},
      {"balance-similar-node-groups", set(&Options::balance_similar_node_groups)},
      {"balancing-ignore-label", set(&Options::balancing_ignore_labels)},
      {"balancing-label", set(&Options::balancing_labels)},
      {"memory-difference-ratio", set(&Options::memory_difference_ratio)},
      {"max-free-difference-ratio", set(&Options::max_free_difference_ratio)},
      {"max-allocatable-difference-ratio", set(&Options::max_allocatable_difference_ratio)},
      {"parallel-scale-up", set(&Options::parallel_scale_up)},
      {"enforce-node-group-min-size", set(&Options::enforce_node_group_min_size)},
      {"scale-down-enabled", set(&Options::scale_down_enabled)},
      {"scale-down-unready-enabled", set(&Options::scale_down_unready_enabled)},
      {"scale-down-utilization-threshold", set(&G::scale_down_utilization_threshold)},
      {"scale-down-gpu-utilization-threshold", set(&G::scale_down_gpu_utilization_threshold)},
      {"scale-down-unneeded-time", set(&G::scale_down_unneeded_time)},
      {"scale-down-unready-time", set(&G::scale_down_unready_time)},
      {"ignore-daemonsets-utilization", set(&G::ignore_daemonsets_utilization)},
      {"ignore-mirror-pods-utilization", set(&Options::ignore_mirror_pods_utilization)},
      {"unremovable-node-recheck-timeout", set(&Options::unremovable_node_recheck_timeout)},
      {"scale-down-simulation-timeout", set(&Options::scale_down_simulation_timeout)},
      {"scale-down-delay-after-add", set(&Options::scale_down_delay_after_add)},
      {"scale-down-delay-after-delete", set(&Options::scale_down_delay_after_delete)},
      {"scale-down-delay-after-failure", set(&Options::scale_down_delay_after_failure)},
      {"max-scale-down-parallelism", set(&Options::max_scale_down_parallelism)},
      {"max-drain-parallelism", set(&Options::max_drain_parallelism)},
      {"node-delete-delay-after-taint", set(&Options::node_delete_delay_after_taint)},
      {"node-deletion-batcher-interval", set(&Options::node_deletion_batcher_interval)},
      {"max-graceful-termination-sec", set(&Options::max_graceful_termination_sec)},
      {"max-pod-eviction-time", set(&Options::max_pod_eviction_time)},
      {"daemonset-eviction-for-empty-nodes", set(&Options::daemonset_eviction_for_empty_nodes)},
      {"daemonset-eviction-for-occupied-nodes",
       set(&Options::daemonset_eviction_for_occupied_nodes)},
      {"cordon-node-before-terminating", set(&Options::cordon_node_before_terminating)},
      {"max-bulk-soft-taint-count", set(&Options::max_bulk_soft_taint_count)},
      {"max-bulk-soft-taint-time", set(&Options::max_bulk_soft_taint_time)},
      {"skip-nodes-with-system-pods", set(&Options::skip_nodes_with_system_pods)},
      {"skip-nodes-with-local-storage", set(&Options::skip_nodes_with_local_storage)},
      {"skip-nodes-with-custom-controller-pods",
       set(&Options::skip_nodes_with_custom_controller_pods)},
      {"min-replica-count", set(&Options::min_replica_count)},
      {"blocking-system-pod-distruption-timeout",
       set(&Options::blocking_system_pod_disruption_timeout)},
      {"write-status-configmap", set(&Options::write_status_configmap)},
      {"namespace", set(&Options::namespace_name)},
  };
  return kFlags;
}

// Decide something, and are not built: an error unless they are set to what they default to.
constexpr std::array<std::pair<std::string_view, std::string_view>, 20> kNotBuilt = {{
    {"scale-down-delay-type-local", "false"},
    {"node-deletion-candidate-ttl", "0"},
    {"salvo-scale-up", "false"},
    {"fastpath-binpacking-enabled", "false"},
    {"capacity-quotas-enabled", "false"},
    {"async-node-groups", "false"},
    {"enable-proactive-scaleup", "false"},
    {"enable-provisioning-requests", "false"},
    {"enable-graceful-degradation", "false"},
    {"capacity-buffer-controller-enabled", "false"},
    {"capacity-buffer-pod-injection-enabled", "false"},
    {"enable-csi-node-aware-scheduling", "false"},
    {"dynamic-node-delete-delay-after-taint-enabled", "false"},
    {"drain-priority-config", ""},
    {"scheduler-config-file", ""},
    {"node-autoprovisioning-enabled", "false"},
    {"grpc-expander-url", ""},
    {"grpc-expander-cert", ""},
    {"estimator", "binpacking"},
    {"cloud-provider", "externalgrpc"},
}};

// Known, without effect on what is modelled. (kube-client-qps and -burst belong to the API server.)
constexpr std::array<std::string_view, 60> kNoEffect = {
    "address",
    "alsologtostderr",
    "aws-use-static-instance-list",
    "bulk-mig-instances-listing-enabled",
    "capacity-buffer-pod-dry-run-enabled",
    "check-capacity-batch-processing",
    "check-capacity-processor-instance",
    "check-capacity-provisioning-request-batch-timebox",
    "check-capacity-provisioning-request-max-batch-size",
    "cloud-config",
    "cluster-name",
    "cluster-snapshot-parallelism",
    "clusterapi-cloud-config-authoritative",
    "debugging-snapshot-enabled",
    "emit-per-nodegroup-metrics",
    "enable-dynamic-resource-allocation",
    "feature-gates",
    "gce-concurrent-refreshes",
    "gce-mig-instances-min-refresh-wait-time",
    "kube-api-content-type",
    "kube-client-burst",
    "kube-client-qps",
    "kubeconfig",
    "kubernetes",
    "leader-elect",
    "leader-elect-lease-duration",
    "leader-elect-renew-deadline",
    "leader-elect-resource-lock",
    "leader-elect-resource-name",
    "leader-elect-resource-namespace",
    "leader-elect-retry-period",
    "logtostderr",
    "max-failing-time",
    "max-inactivity",
    "max-node-skip-eval-time-tracker-enabled",
    "max-startup-time",
    "node-deletion-delay-timeout",
    "node-group-auto-discovery",
    "node-removal-latency-tracking-enabled",
    "nodes",
    "pending-pods-batching-timeout",
    "pod-injection-limit",
    "predicate-parallelism",
    "profiling",
    "provisioning-request-initial-backoff-time",
    "provisioning-request-max-backoff-cache-size",
    "provisioning-request-max-backoff-time",
    "record-duplicated-events",
    "regional",
    "salvo-scale-up-budget",
    "scale-down-candidates-pool-min-count",
    "scale-down-candidates-pool-ratio",
    "scale-down-non-empty-candidates-count",
    "scaleup-simulation-for-skipped-node-groups-enabled",
    "scheduler-verbosity",
    "skip-headers",
    "status-config-map-name",
    "stderrthreshold",
    "user-agent",
    "v"};

bool contains(const auto& names, std::string_view name) {
  return std::find(names.begin(), names.end(), name) != names.end();
}

// The problem with a flag that is not built; empty if it is set to its default.
std::string not_built(std::string_view name, const std::string& value, bool& known) {
  for (const auto& [flag, fallback] : kNotBuilt) {
    if (flag != name) continue;
    known = true;
    if (value == fallback || (fallback == "0" && (value == "0s" || value == "0"))) return "";
    return "is known but not modelled, and would change decisions";
  }
  return "";
}

std::string unknown_flag(std::string_view name) {
  std::vector<std::string_view> names;
  for (const Flag& flag : modelled()) names.push_back(flag.name);
  for (const auto& [flag, fallback] : kNotBuilt) names.push_back(flag);
  names.insert(names.end(), kNoEffect.begin(), kNoEffect.end());
  const std::optional<std::string> near =
      config::nearest_name(name, std::span<const std::string_view>(names));
  return near ? fmt::format("unknown flag; did you mean \"{}\"?", *near) : "unknown flag";
}

std::string apply(ParsedOptions& parsed, const std::string& name, const std::string& value) {
  const auto& flags = modelled();
  const auto flag =
      std::find_if(flags.begin(), flags.end(), [&](const Flag& f) { return f.name == name; });
  if (flag != flags.end()) return flag->setter(parsed.options, value);
  bool known = false;
  const std::string problem = not_built(name, value, known);
  if (known) return problem;
  if (contains(kNoEffect, name)) {
    parsed.warnings.push_back(fmt::format("flag \"{}\" has no effect here", name));
    return "";
  }
  return unknown_flag(name);
}

}  // namespace

Flags split_arguments(const std::vector<std::string>& arguments) {
  Flags flags;
  for (const std::string& argument : arguments) {
    const std::size_t start = argument.find_first_not_of('-');
    const std::string text = start == std::string::npos ? "" : argument.substr(start);
    const std::size_t equals = text.find('=');
    if (equals == std::string::npos) {
      flags.emplace_back(text, "");
    } else {
      flags.emplace_back(text.substr(0, equals), text.substr(equals + 1));
    }
  }
  return flags;
}

std::expected<ParsedOptions, std::vector<FlagProblem>> parse_flags(const Flags& flags,
                                                                   int version) {
  ParsedOptions parsed;
  parsed.options.version = version;
  parsed.options.frequent_loops_enabled = version >= 35;
  std::vector<FlagProblem> problems;
  for (const auto& [name, value] : flags) {
    std::string problem = apply(parsed, name, value);
    if (!problem.empty()) problems.push_back(FlagProblem{name, std::move(problem)});
  }
  if (!problems.empty()) return std::unexpected(std::move(problems));
  return parsed;
}

}  // namespace casim::sim
