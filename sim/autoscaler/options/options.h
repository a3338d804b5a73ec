// The autoscaler's settings under the names of its own command line, with the defaults of 1.37.
// Source: autoscaler-algorithm.md section 8.
#pragma once

#include <cstdint>
#include <expected>
#include <limits>
#include <map>
#include <string>
#include <utility>
#include <vector>

#include "sim/autoscaler/options/versions.h"
#include "src/core/time.h"

namespace casim::sim {

// What a group may override through GetOptions.
struct NodeGroupOptions {
  double scale_down_utilization_threshold = 0.5;
  double scale_down_gpu_utilization_threshold = 0.5;
  Duration scale_down_unneeded_time = std::chrono::minutes(10);
  Duration scale_down_unready_time = std::chrono::minutes(20);
  Duration max_node_provision_time = std::chrono::minutes(15);
  Duration max_node_startup_time = std::chrono::minutes(15);
  bool zero_or_max_node_scaling = false;  // not a flag
  bool ignore_daemonsets_utilization = false;

  bool operator==(const NodeGroupOptions&) const = default;
};

// Of one resource, over all nodes together.
struct ResourceLimit {
  std::int64_t min = 0;
  std::int64_t max = std::numeric_limits<std::int64_t>::max();
};

// Each member is the flag of that name, unless its comment says more.
struct AutoscalerOptions {
  int version = kNewestVersion;  // minor release, 34 to 37: sets frequent_loops_enabled before the
                                 // flags apply

  Duration scan_interval = std::chrono::seconds(10);  // up to 0: loops follow without a pause
  bool frequent_loops_enabled = true;
  bool scale_up_from_zero = true;
  NodeGroupOptions group_defaults;

  int ok_total_unready_count = 3;
  double max_total_unready_percentage = 45;
  Duration initial_node_group_backoff_duration = std::chrono::minutes(5);
  Duration max_node_group_backoff_duration = std::chrono::minutes(30);
  Duration node_group_backoff_reset_timeout = std::chrono::hours(3);
  bool force_delete_unregistered_nodes = false;

  Duration node_info_cache_expire_time = std::chrono::hours(87600);
  bool force_ds = false;
  bool scale_from_unschedulable = false;
  std::vector<std::string> startup_taints;
  std::vector<std::string> startup_taint_prefixes;
  std::vector<std::string> status_taints;

  std::int32_t expendable_pods_priority_cutoff = -10;
  Duration new_pod_scale_up_delay{};
  std::vector<std::string> bypassed_scheduler_names;
  std::vector<std::string> allowed_scheduler_names;

  std::vector<std::string> expanders = {"least-waste"};
  int max_nodes_per_scaleup = 1000;
  Duration max_nodegroup_binpacking_duration = std::chrono::seconds(10);
  Duration max_binpacking_time = std::chrono::minutes(5);
  int max_nodes_total = 0;  // 0: no limit
  // Of the whole cluster, by resource: cores-total, memory-total (bytes, the flag is in GiB), and
  // gpu-total by the value of the GPU label.
  std::map<std::string, ResourceLimit> resource_limits = {
      {"cpu", {0, 320000}}, {"memory", {0, std::int64_t{6400000} << 30}}};
  bool balance_similar_node_groups = false;
  std::vector<std::string> balancing_ignore_labels;
  std::vector<std::string> balancing_labels;
  double memory_difference_ratio = 0.015;
  double max_free_difference_ratio = 0.05;
  double max_allocatable_difference_ratio = 0.05;
  bool parallel_scale_up = false;
  bool salvo_scale_up = false;                               // several scale-ups in one loop,
  Duration salvo_scale_up_budget = std::chrono::minutes(1);  // none begins after it
  bool enforce_node_group_min_size = false;

  bool scale_down_enabled = true;
  bool scale_down_unready_enabled = true;
  bool ignore_mirror_pods_utilization = false;
  Duration unremovable_node_recheck_timeout = std::chrono::minutes(5);
  Duration scale_down_simulation_timeout = std::chrono::seconds(30);
  Duration scale_down_delay_after_add = std::chrono::minutes(10);
  Duration scale_down_delay_after_delete{};
  Duration scale_down_delay_after_failure = std::chrono::minutes(3);
  bool scale_down_delay_type_local = false;  // the three delays count for each group alone
  int max_scale_down_parallelism = 10;
  int max_drain_parallelism = 1;
  Duration node_delete_delay_after_taint = std::chrono::seconds(5);
  Duration node_deletion_batcher_interval{};
  std::int64_t max_graceful_termination_sec = 600;
  Duration max_pod_eviction_time = std::chrono::minutes(2);
  bool daemonset_eviction_for_empty_nodes = false;
  bool daemonset_eviction_for_occupied_nodes = true;
  bool cordon_node_before_terminating = true;
  int max_bulk_soft_taint_count = 10;
  Duration max_bulk_soft_taint_time = std::chrono::seconds(3);
  bool skip_nodes_with_system_pods = true;
  bool skip_nodes_with_local_storage = true;
  bool skip_nodes_with_custom_controller_pods = true;
  int min_replica_count = 0;
  Duration blocking_system_pod_disruption_timeout = std::chrono::hours(1);

  // Limit of the API client. client-go reads 0 as its default, and a negative rate as no limit.
  double kube_client_qps = 5;
  int kube_client_burst = 10;
  bool record_duplicated_events = false;
  // A process is restarted when it has started no loop, or ended none without error, for so long.
  Duration max_inactivity = std::chrono::minutes(10);
  Duration max_failing_time = std::chrono::minutes(15);
  Duration max_startup_time = std::chrono::minutes(20);  // until the first success; 0: none

  bool write_status_configmap = true;

  // Which process acts is decided by a lease; else by there being one alone.
  bool leader_elect = true;
  Duration leader_elect_lease_duration = std::chrono::seconds(15);
  Duration leader_elect_renew_deadline = std::chrono::seconds(10);
  Duration leader_elect_retry_period = std::chrono::seconds(2);
};

// Name and value as on a command line; a boolean's value may be empty, which means true.
// A flag that may be repeated appears once for each value.
using Flags = std::vector<std::pair<std::string, std::string>>;

// A command line that is in order.
struct ParsedOptions {
  AutoscalerOptions options;
  std::vector<std::string> warnings;  // known flags that have no effect here
};

// What is wrong with one flag.
struct FlagProblem {
  std::string flag;     // as it was given
  std::string message;  // "came with version 1.36"
};

// All problems at once: an unknown flag (with the nearest name), one that the version does not
// have, a value that does not parse or has no meaning, alone or beside the others, and (with the
// reason) one that is not modelled. Upstream checks few ranges; a value that it gives a meaning is
// taken.
std::expected<ParsedOptions, std::vector<FlagProblem>> parse_flags(const Flags& flags,
                                                                   int version = kNewestVersion);

}  // namespace casim::sim
