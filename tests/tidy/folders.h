// The folders of the project and the arrows between them: what each holds, and which others its
// files may include. A folder may include only folders that stand above it, so no arrow runs up
// and there is no circle. Tests and benches may include everything.
#pragma once

#include <string_view>
#include <vector>

namespace casim::tidy {

struct Folder {
  std::string_view path;
  std::string_view holds;
  std::vector<std::string_view> may_include;  // folders above; a group stands for its folders
};

// Folders that many may include, by one name: it stands for those of them that are above the row.
struct FolderGroup {
  std::string_view name;
  std::vector<std::string_view> folders;
};

inline const std::vector<FolderGroup>& folder_groups() {
  static const std::vector<FolderGroup> kGroups = {
      {"base", {"src/core", "src/async", "src/config"}},
      {"world", {"sim/kernel", "sim/cluster", "sim/events", "sim/apiserver"}},
      {"autoscaler",
       {"sim/autoscaler/options", "sim/autoscaler/order", "sim/autoscaler/observers",
        "sim/autoscaler/cluster", "sim/autoscaler/cloudprovider", "sim/autoscaler/simulator",
        "sim/autoscaler/clusterstate", "sim/autoscaler/scaleup", "sim/autoscaler/scaledown",
        "sim/autoscaler/core"}},
  };
  return kGroups;
}

// Lowest first.
inline const std::vector<Folder>& folders() {
  static const std::vector<Folder> kFolders = {
      {"src/core", "clock, randomness, results, ids, quantities, money", {}},
      {"src/async", "coroutine primitives", {"src/core"}},
      {"src/config", "the one reader of JSON and YAML", {"src/core"}},
      {"src/backoff", "when clients try again: the modes of the AWS SDKs", {"src/core"}},
      {"src/ec2", "the port to EC2, its types and catalogue", {"base", "src/backoff"}},
      {"src/provider",
       "node groups, slots, targets, reconciler",
       {"base", "src/backoff", "src/ec2"}},
      {"src/proto", "the wire contract", {}},
      {"src/server", "the externalgrpc service", {"base", "src/ec2", "src/provider", "src/proto"}},
      {"src/live", "the machine's own clock", {"src/core"}},
      {"sim/kernel", "event queue, virtual clock, run loop, pacing", {"src/core"}},
      {"sim/cluster", "pods, nodes, owners: state without policy", {"src/core"}},
      {"sim/events", "the facts that the world reports", {"src/core", "sim/cluster"}},
      {"sim/apiserver",
       "writes with latency, limits and conflicts; the watch",
       {"base", "sim/kernel", "sim/cluster", "sim/events"}},
      {"sim/scheduler", "kube-scheduler", {"base", "world"}},
      {"sim/autoscaler/options", "flags, releases and what differs between them", {"base"}},
      {"sim/autoscaler/order", "orders that upstream leaves to chance, Go's sort", {"base"}},
      {"sim/autoscaler/observers",
       "what a loop tells of itself",
       {"base", "sim/cluster", "autoscaler"}},
      {"sim/autoscaler/cluster",
       "Kubernetes as the autoscaler sees and writes it",
       {"base", "sim/cluster", "autoscaler"}},
      {"sim/autoscaler/cloudprovider",
       "the externalgrpc client with its caches",
       {"base", "sim/cluster", "autoscaler"}},
      {"sim/autoscaler/simulator",
       "snapshot, predicates, removal of a node on trial",
       {"base", "sim/cluster", "autoscaler"}},
      {"sim/autoscaler/clusterstate",
       "the registry of what each group has, awaits and failed at",
       {"base", "sim/cluster", "autoscaler"}},
      {"sim/autoscaler/scaleup",
       "estimator, expanders, balancing, quotas",
       {"base", "sim/cluster", "autoscaler"}},
      {"sim/autoscaler/scaledown",
       "planner, budgets, drain and deletion",
       {"base", "sim/cluster", "autoscaler"}},
      {"sim/autoscaler/core",
       "RunOnce, step by step, and what drives it",
       {"base", "sim/cluster", "autoscaler"}},
      {"sim/kubelet", "life of a node, start of a pod", {"base", "world", "src/ec2"}},
      {"sim/paths/queue",
       "work queues of controllers, and the limits they share",
       {"base", "sim/kernel"}},
      {"sim/workloads",
       "controllers of workloads and their port",
       {"base", "world", "sim/paths/queue"}},
      {"sim/workloads/hpa",
       "HorizontalPodAutoscalers: replicas by metrics",
       {"base", "world", "sim/paths/queue", "sim/workloads"}},
      {"sim/controllers",
       "controllers of nodes: silence, taints, eviction, what is gone",
       {"base", "world"}},
      {"sim/controllers/disruption",
       "disruption budgets: how many pods may be evicted",
       {"base", "world", "sim/paths/queue", "sim/workloads"}},
      {"sim/load",
       "arrivals and traces",
       {"base", "world", "sim/paths/queue", "sim/workloads", "sim/workloads/hpa"}},
      {"sim/ec2", "the EC2 model", {"base", "world", "src/ec2"}},
      {"sim/rpc",
       "gRPC under virtual time, the autoscaler's end of it",
       {"base", "world", "src/ec2", "src/provider", "src/proto", "src/server",
        "sim/autoscaler/cloudprovider"}},
      {"sim/faults",
       "every kind of fault, one class each",
       {"base", "world", "src/ec2", "src/provider", "sim/kubelet", "sim/ec2", "sim/rpc"}},
      {"sim/metrics", "facts in, numbers out", {"base", "sim/cluster", "sim/events"}},
      {"sim/report",
       "results as text, JSON, CSV",
       {"base", "sim/cluster", "sim/events", "sim/metrics"}},
      {"sim/explain",
       "one pod, node, group or loop of a run: what came of it, and why",
       {"base", "sim/cluster", "sim/events", "sim/metrics", "sim/report"}},
      {"sim/manifests", "Kubernetes' own objects as parts of a scenario", {"base"}},
      {"sim/import",
       "a running cluster as a scenario",
       {"base", "src/ec2", "sim/autoscaler/options", "sim/manifests"}},
      {"sim/scenario",
       "what a user writes: structs, schema, checks",
       {"base", "world", "src/backoff", "src/ec2", "src/provider", "sim/autoscaler/options",
        "sim/autoscaler/scaleup", "sim/controllers", "sim/ec2", "sim/faults", "sim/kubelet",
        "sim/load", "sim/manifests", "sim/workloads", "sim/workloads/hpa"}},
      {"sim/world",
       "who wires it: the composition root and its processes",
       {"base", "world", "autoscaler", "src/ec2", "src/provider", "src/server", "sim/scheduler",
        "sim/kubelet", "sim/workloads", "sim/workloads/hpa", "sim/controllers",
        "sim/controllers/disruption", "sim/load", "sim/ec2", "sim/rpc", "sim/faults", "sim/metrics",
        "sim/report", "sim/scenario"}},
      {"sim/study",
       "results judged and compared: thresholds, gates",
       {"base", "sim/metrics", "sim/scenario"}},
      {"sim/capacity",
       "several results side by side: the capacity report",
       {"base", "sim/metrics", "sim/report", "sim/study"}},
      {"sim/cli",
       "one file per subcommand",
       {"base", "src/ec2", "sim/events", "sim/explain", "sim/import", "sim/manifests", "sim/report",
        "sim/scenario", "sim/world", "sim/study", "sim/capacity"}},
      {"oracle/judge", "cases, their kinds and verdicts", {"base"}},
      {"oracle/decisions",
       "recorded decisions of single units",
       {"base", "world", "autoscaler", "oracle/judge"}},
      {"oracle/pods",
       "pods of cases in Kubernetes' own fields",
       {"base", "world", "sim/scenario", "oracle/judge"}},
      {"oracle/scheduler",
       "recorded cases of kube-scheduler",
       {"base", "world", "sim/scheduler", "oracle/judge", "oracle/pods"}},
      {"oracle/retries",
       "recorded calls of AWS clients",
       {"base", "src/backoff", "src/ec2", "oracle/judge"}},
      {"oracle/node_life",
       "recorded cases of nodes that fall silent or go, and of their pods",
       {"base", "world", "sim/workloads", "sim/controllers", "oracle/judge"}},
      {"oracle/workloads",
       "recorded cases of workload controllers",
       {"base", "world", "sim/workloads", "sim/workloads/hpa", "oracle/judge"}},
      {"oracle/loops",
       "recorded loops: a little world around the autoscaler",
       {"base", "world", "autoscaler", "sim/scheduler", "oracle/judge", "oracle/pods"}},
      {"oracle",
       "casim-oracle",
       {"base", "oracle/judge", "oracle/decisions", "oracle/scheduler", "oracle/retries",
        "oracle/node_life", "oracle/workloads", "oracle/loops"}},
  };
  return kFolders;
}

}  // namespace casim::tidy
