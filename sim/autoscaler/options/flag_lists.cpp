#include "sim/autoscaler/options/flag_lists.h"

#include <array>

namespace casim::sim {
namespace {

constexpr auto kNotBuilt = std::to_array<NotBuiltFlag>({
    {"async-node-groups", "false", "groups are neither created nor deleted"},
    {"capacity-buffer-controller-enabled", "false", "there are no CapacityBuffer objects"},
    {"capacity-buffer-pod-injection-enabled", "false", "there are no CapacityBuffer objects"},
    {"capacity-quotas-enabled", "false", "there are no CapacityQuota objects"},
    {"cloud-provider", "externalgrpc", "the provider is reached over externalgrpc"},
    {"drain-priority-config", "", "drains evict all pods at once"},
    {"dynamic-node-delete-delay-after-taint-enabled", "false",
     "the delay after a taint is that of --node-delete-delay-after-taint"},
    {"enable-csi-node-aware-scheduling", "false", "there are no CSINode objects"},
    {"enable-dynamic-resource-allocation", "true",
     "there are no ResourceClaims, and since 1.35 upstream refuses to start without it"},
    {"enable-graceful-degradation", "false",
     "neither --pending-pods-batching-timeout nor loops without scale-up are built"},
    {"enable-proactive-scaleup", "false", "no pods are injected"},
    {"enable-provisioning-requests", "false", "there are no ProvisioningRequest objects"},
    {"estimator", "binpacking", "upstream knows no other"},
    {"fastpath-binpacking-enabled", "false", "nodes are counted by packing them"},
    {"feature-gates", "", "the simulation's scheduler has the default gates"},
    {"node-deletion-candidate-ttl", "0s", "a restart forgets the timers of unneeded nodes"},
    {"scheduler-config-file", "", "the simulation's scheduler has the default profile"},
});

constexpr auto kWithoutEffect = std::to_array<std::string_view>({
    "add-dir-header",
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
    "force-delete-failed-nodes",  // externalgrpc implements no forced deletion
    "gce-concurrent-refreshes",
    "gce-mig-instances-min-refresh-wait-time",
    "grpc-expander-cert",
    "grpc-expander-url",
    "kube-api-content-type",
    "kubeconfig",
    "kubernetes",
    "leader-elect-resource-lock",
    "leader-elect-resource-name",
    "leader-elect-resource-namespace",
    "log-backtrace-at",
    "log-dir",
    "log-file",
    "log-file-max-size",
    "log-flush-frequency",
    "logging-format",
    "logtostderr",
    "max-node-skip-eval-time-tracker-enabled",
    "namespace",
    "node-deletion-delay-timeout",  // nothing here delays by annotation
    "node-group-auto-discovery",
    "node-removal-latency-tracking-enabled",
    "nodes",
    "one-output",
    "pending-pods-batching-timeout",
    "pod-injection-limit",
    "predicate-parallelism",  // the node at the lowest offset wins anyway
    "profiling",
    "provisioning-request-initial-backoff-time",
    "provisioning-request-max-backoff-cache-size",
    "provisioning-request-max-backoff-time",
    "regional",
    "scale-down-candidates-pool-min-count",   // this and the next two: parsed, and not used
    "scale-down-candidates-pool-ratio",       // by upstream either
    "scale-down-non-empty-candidates-count",  //
    "scaleup-simulation-for-skipped-node-groups-enabled",
    "scheduler-verbosity",
    "skip-headers",
    "skip-log-headers",
    "status-config-map-name",
    "stderrthreshold",
    "user-agent",
    "v",
    "vmodule",
});

}  // namespace

std::span<const NotBuiltFlag> flags_not_built() { return kNotBuilt; }

std::span<const std::string_view> flags_without_effect() { return kWithoutEffect; }

}  // namespace casim::sim
