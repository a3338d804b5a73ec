// The flags that set an option, and what is wrong with a command line.
#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <charconv>
#include <cmath>
#include <functional>
#include <limits>
#include <optional>
#include <type_traits>
#include <utility>

#include "sim/autoscaler/options/expander_names.h"
#include "sim/autoscaler/options/flag_lists.h"
#include "sim/autoscaler/options/options.h"
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

std::string must_be(std::string_view what, std::string_view text) {
  return fmt::format("must be {}, found {}", what, text);
}

std::string parse(const std::string& text, double& out) {
  const std::string problem = parse_number(text, out);
  if (!problem.empty()) return problem;
  return std::isfinite(out) ? "" : must_be("finite", text);
}

std::string parse(const std::string& text, Duration& out) {
  const config::Parsed<Duration> parsed = config::parse_duration(text);
  if (!parsed) return "expected a duration such as 90s: " + parsed.error();
  out = *parsed;
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

// A flag that is given once for each value; commas are part of the value.
std::string parse(const std::string& text, std::vector<std::string>& out) {
  out.push_back(text);
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
T& member_of(Options& options, T Options::* member) {
  return options.*member;
}

template <class T>
T& member_of(Options& options, T NodeGroupOptions::* member) {
  return options.group_defaults.*member;
}

template <class Owner, class T>
Setter set(T Owner::* member) {
  return [member](Options& options, const std::string& text) {
    return parse(text, member_of(options, member));
  };
}

// Less than nothing has no meaning, where upstream does not give it one.
template <class Owner, class T>
Setter set_at_least_0(T Owner::* member) {
  return [member, setter = set(member)](Options& options, const std::string& text) {
    const std::string problem = setter(options, text);
    if (!problem.empty()) return problem;
    if (member_of(options, member) >= T{}) return std::string();
    return must_be(std::is_same_v<T, Duration> ? "at least 0s" : "at least 0", text);
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
  return parse(text.substr(colon + 1), options.resource_limits[text.substr(0, colon)]);
}

// pflag.StringSlice: repeated, or separated by commas.
Setter set_slice(std::vector<std::string> Options::* member) {
  return [member](Options& options, const std::string& text) {
    for (std::string& part : split(text, ',')) (options.*member).push_back(std::move(part));
    return std::string();
  };
}

std::string set_cores_total(Options& options, const std::string& text) {
  return parse(text, options.resource_limits["cpu"]);
}

std::string set_memory_total(Options& options, const std::string& text) {
  constexpr std::int64_t kGib = std::int64_t{1} << 30;
  ResourceLimit gib;
  const std::string problem = parse(text, gib);
  if (!problem.empty()) return problem;
  if (gib.max > std::numeric_limits<std::int64_t>::max() / kGib) return "too large";
  options.resource_limits["memory"] = ResourceLimit{gib.min * kGib, gib.max * kGib};
  return "";
}

struct Flag {
  std::string_view name;
  Setter setter;
};

// One row a flag that is modelled. Of the durations five mean something below 0: loops without a
// pause, no node may be added, and a process that is never healthy.
const std::vector<Flag>& modelled() {
  using G = NodeGroupOptions;
  static const std::vector<Flag> kFlags = {
      {"scan-interval", set(&Options::scan_interval)},
      {"frequent-loops-enabled", set(&Options::frequent_loops_enabled)},
      {"scale-up-from-zero", set(&Options::scale_up_from_zero)},
      {"max-node-provision-time", set_at_least_0(&G::max_node_provision_time)},
      {"max-node-startup-time", set_at_least_0(&G::max_node_startup_time)},
      {"ok-total-unready-count", set(&Options::ok_total_unready_count)},
      {"max-total-unready-percentage", set(&Options::max_total_unready_percentage)},
      {"initial-node-group-backoff-duration",
       set_at_least_0(&Options::initial_node_group_backoff_duration)},
      {"max-node-group-backoff-duration",
       set_at_least_0(&Options::max_node_group_backoff_duration)},
      {"node-group-backoff-reset-timeout",
       set_at_least_0(&Options::node_group_backoff_reset_timeout)},
      {"force-delete-unregistered-nodes", set(&Options::force_delete_unregistered_nodes)},
      {"node-info-cache-expire-time", set_at_least_0(&Options::node_info_cache_expire_time)},
      {"force-ds", set(&Options::force_ds)},
      {"scale-from-unschedulable", set(&Options::scale_from_unschedulable)},
      {"startup-taint", set(&Options::startup_taints)},
      {"ignore-taint", set(&Options::startup_taints)},
      {"startup-taint-prefix", set(&Options::startup_taint_prefixes)},
      {"status-taint", set(&Options::status_taints)},
      {"expendable-pods-priority-cutoff", set(&Options::expendable_pods_priority_cutoff)},
      {"new-pod-scale-up-delay", set_at_least_0(&Options::new_pod_scale_up_delay)},
      {"bypassed-scheduler-names", set_slice(&Options::bypassed_scheduler_names)},
      {"allowed-scheduler-names", set_slice(&Options::allowed_scheduler_names)},
      {"expander", set_expander},
      {"max-nodes-per-scaleup", set(&Options::max_nodes_per_scaleup)},
      {"max-nodegroup-binpacking-duration", set(&Options::max_nodegroup_binpacking_duration)},
      {"max-binpacking-time", set_at_least_0(&Options::max_binpacking_time)},
      {"max-nodes-total", set(&Options::max_nodes_total)},
      {"cores-total", set_cores_total},
      {"memory-total", set_memory_total},
      {"gpu-total", set_gpu_total},
      {"balance-similar-node-groups", set(&Options::balance_similar_node_groups)},
      {"balancing-ignore-label", set(&Options::balancing_ignore_labels)},
      {"balancing-label", set(&Options::balancing_labels)},
      {"memory-difference-ratio", set(&Options::memory_difference_ratio)},
      {"max-free-difference-ratio", set(&Options::max_free_difference_ratio)},
      {"max-allocatable-difference-ratio", set(&Options::max_allocatable_difference_ratio)},
      {"parallel-scale-up", set(&Options::parallel_scale_up)},
      {"salvo-scale-up", set(&Options::salvo_scale_up)},
      {"salvo-scale-up-budget", set_at_least_0(&Options::salvo_scale_up_budget)},
      {"enforce-node-group-min-size", set(&Options::enforce_node_group_min_size)},
      {"scale-down-enabled", set(&Options::scale_down_enabled)},
      {"scale-down-unready-enabled", set(&Options::scale_down_unready_enabled)},
      {"scale-down-utilization-threshold", set(&G::scale_down_utilization_threshold)},
      {"scale-down-gpu-utilization-threshold", set(&G::scale_down_gpu_utilization_threshold)},
      {"scale-down-unneeded-time", set_at_least_0(&G::scale_down_unneeded_time)},
      {"scale-down-unready-time", set_at_least_0(&G::scale_down_unready_time)},
      {"ignore-daemonsets-utilization", set(&G::ignore_daemonsets_utilization)},
      {"ignore-mirror-pods-utilization", set(&Options::ignore_mirror_pods_utilization)},
      {"unremovable-node-recheck-timeout",
       set_at_least_0(&Options::unremovable_node_recheck_timeout)},
      {"scale-down-simulation-timeout", set_at_least_0(&Options::scale_down_simulation_timeout)},
      {"scale-down-delay-after-add", set_at_least_0(&Options::scale_down_delay_after_add)},
      {"scale-down-delay-after-delete", set_at_least_0(&Options::scale_down_delay_after_delete)},
      {"scale-down-delay-after-failure", set_at_least_0(&Options::scale_down_delay_after_failure)},
      {"scale-down-delay-type-local", set(&Options::scale_down_delay_type_local)},
      {"max-scale-down-parallelism", set_at_least_0(&Options::max_scale_down_parallelism)},
      {"max-drain-parallelism", set_at_least_0(&Options::max_drain_parallelism)},
      {"node-delete-delay-after-taint", set_at_least_0(&Options::node_delete_delay_after_taint)},
      {"node-deletion-batcher-interval", set_at_least_0(&Options::node_deletion_batcher_interval)},
      {"max-graceful-termination-sec", set(&Options::max_graceful_termination_sec)},
      {"max-pod-eviction-time", set_at_least_0(&Options::max_pod_eviction_time)},
      {"daemonset-eviction-for-empty-nodes", set(&Options::daemonset_eviction_for_empty_nodes)},
      {"daemonset-eviction-for-occupied-nodes",
       set(&Options::daemonset_eviction_for_occupied_nodes)},
      {"cordon-node-before-terminating", set(&Options::cordon_node_before_terminating)},
      {"max-bulk-soft-taint-count", set(&Options::max_bulk_soft_taint_count)},
      {"max-bulk-soft-taint-time", set_at_least_0(&Options::max_bulk_soft_taint_time)},
      {"skip-nodes-with-system-pods", set(&Options::skip_nodes_with_system_pods)},
      {"skip-nodes-with-local-storage", set(&Options::skip_nodes_with_local_storage)},
      {"skip-nodes-with-custom-controller-pods",
       set(&Options::skip_nodes_with_custom_controller_pods)},
      {"min-replica-count", set(&Options::min_replica_count)},
      {"blocking-system-pod-distruption-timeout",
       set_at_least_0(&Options::blocking_system_pod_disruption_timeout)},
      {"kube-client-qps", set(&Options::kube_client_qps)},
      {"kube-client-burst", set_at_least_0(&Options::kube_client_burst)},
      {"record-duplicated-events", set(&Options::record_duplicated_events)},
      {"max-inactivity", set(&Options::max_inactivity)},
      {"max-failing-time", set(&Options::max_failing_time)},
      {"max-startup-time", set(&Options::max_startup_time)},
      {"write-status-configmap", set(&Options::write_status_configmap)},
      {"leader-elect", set(&Options::leader_elect)},
      {"leader-elect-lease-duration", set(&Options::leader_elect_lease_duration)},
      {"leader-elect-renew-deadline", set(&Options::leader_elect_renew_deadline)},
      {"leader-elect-retry-period", set(&Options::leader_elect_retry_period)},
  };
  return kFlags;
}

std::string fallback_of(const NotBuiltFlag& flag, int version) {
  const bool was_off = !has(Behaviour::kDynamicResourceAllocation, version) &&
                       flag.name == "enable-dynamic-resource-allocation";
  return was_off ? "false" : std::string(flag.fallback);
}

// Also where the same value is written in another way.
bool is_default(const NotBuiltFlag& flag, const std::string& value, int version) {
  const std::string fallback = fallback_of(flag, version);
  if (value == fallback) return true;
  if (fallback == "0s") return value == "0";
  if (fallback != "true" && fallback != "false") return false;
  bool is_set = false;
  return parse(value, is_set).empty() && is_set == (fallback == "true");
}

// Of flags without effect, the one whose value upstream checks.
std::string problem_without_effect(std::string_view name, const std::string& value) {
  if (name != "predicate-parallelism") return "";
  int workers = 0;
  const std::string problem = parse(value, workers);
  if (!problem.empty()) return problem;
  return workers >= 1 ? "" : must_be("at least 1", value);
}

std::string unknown_flag(std::string_view name) {
  if (std::string removal = removal_of(name); !removal.empty()) return removal;
  std::vector<std::string_view> names(flags_without_effect().begin(), flags_without_effect().end());
  for (const Flag& flag : modelled()) names.push_back(flag.name);
  for (const NotBuiltFlag& flag : flags_not_built()) names.push_back(flag.name);
  const std::optional<std::string> near =
      config::nearest_name(name, std::span<const std::string_view>(names));
  return near ? fmt::format("unknown flag; did you mean \"{}\"?", *near) : "unknown flag";
}

std::string apply(ParsedOptions& parsed, const std::string& name, const std::string& value) {
  const int since = first_version_of(name);
  if (parsed.options.version < since) return fmt::format("came with version 1.{}", since);
  const auto& flags = modelled();
  const auto flag =
      std::find_if(flags.begin(), flags.end(), [&](const Flag& f) { return f.name == name; });
  if (flag != flags.end()) return flag->setter(parsed.options, value);
  for (const NotBuiltFlag& other : flags_not_built()) {
    if (other.name != name) continue;
    if (is_default(other, value, parsed.options.version)) return "";
    if (other.fallback.empty()) return fmt::format("is not modelled: {}", other.reason);
    return fmt::format("only {} is modelled: {}", fallback_of(other, parsed.options.version),
                       other.reason);
  }
  const auto harmless = flags_without_effect();
  if (std::find(harmless.begin(), harmless.end(), name) == harmless.end()) {
    return unknown_flag(name);
  }
  std::string problem = problem_without_effect(name, value);
  if (!problem.empty()) return problem;
  parsed.warnings.push_back(fmt::format("flag \"{}\" has no effect here", name));
  return "";
}

// NewLeaderElector of client-go: a process must have given up before another may take over.
void check_leader_election(const Options& options, std::vector<FlagProblem>& problems) {
  constexpr double kJitterFactor = 1.2;
  if (!options.leader_elect) return;
  const auto seconds = [](Duration d) { return fmt::format("{}s", to_seconds(d)); };
  if (options.leader_elect_retry_period <= Duration{}) {
    problems.push_back({"leader-elect-retry-period",
                        must_be("above 0s", seconds(options.leader_elect_retry_period))});
  }
  if (options.leader_elect_renew_deadline <= kJitterFactor * options.leader_elect_retry_period) {
    problems.push_back({"leader-elect-renew-deadline",
                        must_be(fmt::format("above 1.2 times --leader-elect-retry-period ({})",
                                            seconds(options.leader_elect_retry_period)),
                                seconds(options.leader_elect_renew_deadline))});
  }
  if (options.leader_elect_lease_duration <= options.leader_elect_renew_deadline) {
    problems.push_back({"leader-elect-lease-duration",
                        must_be(fmt::format("above --leader-elect-renew-deadline ({})",
                                            seconds(options.leader_elect_renew_deadline)),
                                seconds(options.leader_elect_lease_duration))});
  }
}

// What upstream refuses of flags that are right one by one.
std::vector<FlagProblem> problems_together(const Options& options) {
  std::vector<FlagProblem> problems;
  check_leader_election(options, problems);
  const std::vector<std::string>& allowed = options.allowed_scheduler_names;
  if (allowed.empty()) return problems;
  for (const std::string& name : options.bypassed_scheduler_names) {
    if (std::find(allowed.begin(), allowed.end(), name) != allowed.end()) continue;
    problems.push_back(
        {"bypassed-scheduler-names",
         must_be(fmt::format("one of --allowed-scheduler-names ({})", fmt::join(allowed, ", ")),
                 name)});
  }
  return problems;
}

// What upstream says when all flags are known.
void finish(ParsedOptions& parsed, const Flags& flags) {
  Options& options = parsed.options;
  const auto is_given = [&](std::string_view name) {
    return std::any_of(flags.begin(), flags.end(), [&](const auto& f) { return f.first == name; });
  };
  options.max_startup_time =
      std::max({options.max_startup_time, options.max_inactivity, options.max_failing_time});
  if (!has(Behaviour::kStartupTimeOfHealthCheck, options.version)) {
    options.max_startup_time = Duration{};
  }
  if (!has(Behaviour::kSimilarityFlagsIgnored, options.version)) return;
  for (const char* name : {"balancing-ignore-label", "memory-difference-ratio",
                           "max-free-difference-ratio", "max-allocatable-difference-ratio"}) {
    if (!is_given(name)) continue;
    parsed.warnings.push_back(
        fmt::format("flag \"{}\" does not reach the externalgrpc provider since 1.37", name));
  }
}

// "--log_dir" and "--log-dir" are one flag.
std::string normalised(std::string name) {
  std::replace(name.begin(), name.end(), '_', '-');
  return name;
}

}  // namespace

std::expected<ParsedOptions, std::vector<FlagProblem>> parse_flags(const Flags& flags,
                                                                   int version) {
  ParsedOptions parsed;
  parsed.options.version = version;
  parsed.options.frequent_loops_enabled = has(Behaviour::kFrequentLoops, version);
  std::vector<FlagProblem> problems;
  for (const auto& [name, value] : flags) {
    std::string problem = apply(parsed, normalised(name), value);
    if (!problem.empty()) problems.push_back(FlagProblem{name, std::move(problem)});
  }
  for (FlagProblem& problem : problems_together(parsed.options)) {
    problems.push_back(std::move(problem));
  }
  if (!problems.empty()) return std::unexpected(std::move(problems));
  finish(parsed, flags);
  return parsed;
}

}  // namespace casim::sim
