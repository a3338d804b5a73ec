#include "sim/scenario/describe.h"

#include "sim/scenario/describe_paths.h"

namespace casim::sim {

using config::above;
using config::at_least;
using config::at_least_one;
using config::at_most;
using config::not_blank;
using config::unique;

void describe(config::Visitor& v, Taint& t) {
  v.required("key", t.key, "taint key", not_blank());
  v.field("value", t.value, "taint value");
  v.field("effect", t.effect, "what it does to pods that do not tolerate it");
}

void describe(config::Visitor& v, StartupTaint& s) {
  v.required("key", s.taint.key, "taint key", not_blank());
  v.field("value", s.taint.value, "taint value");
  v.field("effect", s.taint.effect, "what it does to pods that do not tolerate it");
  v.field("removed_after", s.removed_after, "from Ready until something takes it off");
}

void describe(config::Visitor& v, RegisteredNode& r) {
  v.field("labels", r.labels, "labels that nodes have and the template lacks");
  v.field("zone_labels", r.zone_labels, "the same, with the node's zone as value", unique());
  v.field("without_labels", r.without_labels, "labels of the template that nodes lack", unique());
  v.field("allocatable", r.allocatable,
          "what nodes leave to pods; 0: as the template says (GPUs: none)");
  v.check("", r != RegisteredNode(), "changes nothing");
}

void describe(config::Visitor& v, NodeGroupConfig& g) {
  v.required("name", g.name, "id of the group; stable key of backoff and caches", not_blank());
  v.field("min", g.min, "least number of nodes", at_least(0));
  v.field("max", g.max, "greatest number of nodes", at_least(0));
  v.field("initial", g.initial, "nodes that are there from the start", at_least(0));
  v.required("instance_types", g.instance_types,
             "EC2 types in order of preference, all with equal vCPU, memory and GPU",
             at_least_one(), unique());
  v.field("zones", g.zones, "availability zones in order of preference", at_least_one(), unique());
  v.field("lifecycle", g.lifecycle,
          "how its machines are bought; spot ones are cheaper, and EC2 takes them back (ec2.spot)");
  v.field("labels", g.labels, "labels of its nodes, beside the well-known ones");
  v.field("taints", g.taints, "taints of its nodes");
  v.field("startup_taint", g.startup_taint,
          "taint that new nodes bear for a while; see autoscaler flag startup-taint");
  v.field("devices_after", g.devices_after,
          "from Ready until its device plugin offers GPUs and the like; absent: with the node");
  v.field("registered", g.registered, "how its nodes differ from the template the provider tells");
  v.field("options", g.options, "answer of NodeGroupGetOptions; absent: UNIMPLEMENTED");
  v.check("min", g.min <= g.max, [&] { return "is above max (" + std::to_string(g.max) + ")"; });
  v.check("initial", g.initial <= g.max,
          [&] { return "is above max (" + std::to_string(g.max) + ")"; });
}

void describe(config::Visitor& v, StaticNodeConfig& n) {
  v.required("name", n.name, "node name", not_blank());
  v.required("instance_type", n.instance_type, "EC2 type that gives its size", not_blank());
  v.field("labels", n.labels, "labels, beside the well-known ones");
  v.field("taints", n.taints, "taints");
}

void describe(config::Visitor& v, BurstWorkload& b) {
  v.required("count", b.count, "number of pods", at_least(1));
  v.field("at", b.at, "arrival of the first pod", at_least(Duration{}));
  v.field("over", b.over, "time over which they arrive; 0s: all at once", at_least(Duration{}));
  v.field("run_for", b.run_for, "run time of a pod from running; 0s: to the end of the run",
          at_least(Duration{}));
  v.required("pod", b.pod, "the pods, in Kubernetes' own field names");
}

void describe(config::Visitor& v, InitialPlace& p) {
  v.required("group", p.group, "node group with initial nodes", not_blank());
  v.field("first", p.first, "initial node that it begins with, counted from 0", at_least(0));
  v.required("nodes", p.nodes, "number of nodes", at_least(1));
  v.required("per_node", p.per_node, "pods on each of them", at_least(1));
}

void describe(config::Visitor& v, InitialWorkload& w) {
  describe(v, w.place);
  v.field("also", w.also, "further places of pods of the same ReplicaSet");
  v.field("pending", w.pending, "pods of it that are on no node yet", at_least(0));
  v.required("pod", w.pod, "the pods, in Kubernetes' own field names");
}

void describe(config::Visitor& v, TraceWindow& w) {
  v.field("from", w.from, "first instant of the trace that is played", at_least(Duration{}));
  v.required("to", w.to, "instant at which it ends", above(Duration{}));
  v.check("to", w.from < w.to, "is not after from");
}

void describe(config::Visitor& v, TraceWorkload& t) {
  v.required("format", t.format, "columns of the file");
  v.required("file", t.file, "CSV file; relative to the scenario's own folder");
  v.field("sha256", t.sha256,
          "SHA-256 of the file: another one is refused; scenario.json has it of the file that was "
          "played");
  v.field("window", t.window, "rows created in [from, to), moved to start at 0");
  v.field("gpu_tolerations", t.gpu_tolerations, "taints that its pods with GPUs bear");
  v.field("sample", t.sample, "share of the rows that is played, drawn row by row", above(0.0),
          at_most(1.0));
  v.field("time_scale", t.time_scale, "times all arrivals, below 1: faster; run times stay",
          above(0.0), at_most(1e6));
  v.field("copies", t.copies, "how often each row is played", at_least(1), at_most(10'000));
  v.field("jitter", t.jitter, "each copy but the first arrives up to so much later",
          at_least(Duration{}));
  v.check("jitter", t.jitter == Duration{} || t.copies > 1, "needs copies above 1");
}

void describe(config::Visitor& v, Workload& w) {
  v.required("name", w.name, "prefix of its pods' names", not_blank());
  v.choice("kind", w.body, "what the workload is");
}

void describe(config::Visitor& v, ApiLimit& l) {
  v.field("qps", l.qps, "requests per second of the client; 0: no limit", at_least(0));
  v.field("burst", l.burst, "requests at once", at_least(0));
  v.check("burst", l.qps == 0 || l.burst >= 1, "must be at least 1 when qps is set");
}

void describe(config::Visitor& v, LivenessScenario& l) {
  v.field("probe_period", l.probe_period, "time between two probes of /health-check",
          above(Duration{}));
  v.field("failure_threshold", l.failure_threshold,
          "bad answers in a row after which the process is killed; 0: no probe", at_least(0));
  v.field("restart_time", l.restart_time, "from the kill to the next process", above(Duration{}));
}

void describe(config::Visitor& v, ConvergenceScenario& c) {
  v.field("hold", c.hold, "rest that lasts so long after a disturbance is rest", above(Duration{}));
  v.field("settle_within", c.settle_within,
          "how long pods may wait after a disturbance for the verdict not to be late",
          above(Duration{}));
}

void describe(config::Visitor& v, AutoscalerScenario& a) {
  v.field("version", a.version, "release whose decisions are modelled",
          config::one_of({"1.34", "1.35", "1.36", "1.37"}));
  v.field("flags", a.flags, "command-line flags of cluster-autoscaler, by their own names");
  v.field("grpc_timeout", a.grpc_timeout, "deadline of each RPC to the provider",
          above(Duration{}));
  v.field("watch_delay", a.watch_delay, "how late it sees the cluster", at_least(Duration{}));
  v.field("api", a.api,
          "limit of its API client, instead of --kube-client-qps and --kube-client-burst (where 0 "
          "means client-go's default); absent: what they say");
  v.field("compute_time", a.compute_time, "time that a loop computes: as measured, or none");
  v.field("liveness", a.liveness, "when a process that makes no progress is restarted");
  v.field("priorities", a.priorities,
          "`priorities` of the ConfigMap cluster-autoscaler-priority-expander, as YAML text");
}

void describe(config::Visitor& v, SchedulerScenario& s) {
  v.field("watch_delay", s.watch_delay, "how late it sees the cluster", at_least(Duration{}));
  v.field("api", s.api, "limit of its API client");
  v.field("pod_initial_backoff", s.pod_initial_backoff,
          "podInitialBackoffSeconds: before the second attempt at a pod, then twice as long each "
          "time; 0s, which the real one refuses: nobody backs off",
          at_least(Duration{}));
  v.field("pod_max_backoff", s.pod_max_backoff, "podMaxBackoffSeconds: the longest",
          at_least(Duration{}));
  v.check("pod_max_backoff", s.pod_initial_backoff <= s.pod_max_backoff,
          "is below pod_initial_backoff");
  v.field("attempt_time", s.attempt_time,
          "CPU time of one scheduling attempt, one after the other; some 3.7ms at 5,000 nodes",
          at_least(Duration{}));
}

void describe(config::Visitor& v, NodeLifecycleConfig& n) {
  v.field("node_monitor_grace_period", n.node_monitor_grace_period,
          "a node that shows no sign of life for so long is not Ready", above(Duration{}));
  v.field("node_eviction_rate", n.rates.node_eviction_rate,
          "nodes of a zone whose pods are evicted, per second", at_least(0.0));
  v.field("secondary_node_eviction_rate", n.rates.secondary_node_eviction_rate,
          "the same in a large zone that is partly down; in a small one it is 0", at_least(0.0));
  v.field("unhealthy_zone_threshold", n.rates.unhealthy_zone_threshold,
          "share of a zone's nodes that is down, of at least 3, from which on it is partly down",
          config::probability());
  v.field("large_cluster_size_threshold", n.rates.large_cluster_size_threshold,
          "nodes of a zone above which it is large", at_least(0));
}

void describe(config::Visitor& v, ControllersScenario& c) {
  v.field("api", c.api, "limit of each controller's API client");
  v.field("node_lifecycle", c.node_lifecycle, "what befalls nodes that are not Ready");
  v.field("version", c.version, "release of kube-controller-manager; HPAs differ by it",
          config::one_of({"1.32", "1.33", "1.34", "1.35", "1.36", "1.37"}));
  v.field("hpa", c.hpa, "its flags --horizontal-pod-autoscaler-*");
  v.field("metrics", c.metrics, "how CPU and memory of pods become metrics");
}

void describe(config::Visitor& v, ApiServerScenario& s) {
  v.field("write_latency", s.write_latency, "time of one write");
}

void describe(config::Visitor& v, StoreScenario& s) {
  v.field("commit", s.commit, "time until a batch is durable");
}

void describe(config::Visitor& v, RateLimitScenario& r) { provider::describe_rate_limit(v, r); }

void describe(config::Visitor& v, ProviderScenario& p) {
  v.field("path", p.path, "how its orders become machines");
  provider::describe_settings(v, p);
  v.field("store", p.store, "durable state");
}

void describe(config::Visitor& v, RpcScenario& r) {
  v.field("latency", r.latency, "time of a call between autoscaler and provider, at least 1us");
}

void describe(config::Visitor& v, Scenario& s) {
  v.required("schema_version", s.schema_version, "version of this format", at_least(1),
             at_most(Scenario::kSchemaVersion));
  v.required("description", s.description, "the question that this scenario asks", not_blank());
  v.field("seed", s.seed, "of all randomness; another seed, another luck");
  v.required("start", s.start, "wall time of the first instant");
  v.field("duration", s.duration, "length of the run; absent: until the load is done",
          above(Duration{}));
  v.field("linger", s.linger, "without duration: how long it goes on while the load stays done",
          at_least(Duration{}));
  v.field("warmup", s.warmup, "pods created before it do not count in scale_up_latency",
          at_least(Duration{}));
  v.required("node_groups", s.node_groups, "what the autoscaler may grow and shrink",
             at_least_one(), unique("name"));
  v.field("static_nodes", s.static_nodes, "nodes of no group", unique("name"));
  v.required("workloads", s.workloads, "the load", at_least_one(), unique("name"));
  v.field("hpas", s.hpas, "HorizontalPodAutoscalers, and the load that their metrics measure",
          unique("name"));
  v.field("priority_classes", s.priority_classes, "PriorityClasses of the cluster", unique("name"));
  v.field("namespaces", s.namespaces, "labels of namespaces, for namespaceSelectors",
          unique("name"));
  v.field("disruption_budgets", s.disruption_budgets,
          "PodDisruptionBudgets: how many pods may be evicted at a time");
  v.field("storage_classes", s.storage_classes, "when volumes get their zone", unique("name"));
  v.field("volume_claims", s.volume_claims, "PersistentVolumeClaims that pods name");
  v.field("scheduling_gates", s.scheduling_gates, "when the gates of pods are lifted",
          unique("name"));
  v.field("autoscaler", s.autoscaler, "cluster-autoscaler");
  v.field("scheduler", s.scheduler, "kube-scheduler");
  v.field("controllers", s.controllers, "controllers that create pods");
  v.field("api_server", s.api_server, "Kubernetes' API server");
  v.field("provider", s.provider, "the externalgrpc provider under test");
  v.field("registration", s.registration, "how machines become nodes");
  v.field("credentials", s.credentials, "what EC2 is called with");
  v.field("rpc", s.rpc, "the connection between autoscaler and provider");
  v.field("ec2", s.ec2, "the EC2 API and its machines");
  v.field("nodes", s.nodes, "boot of nodes and start of pods");
  v.field("faults", s.faults, "what goes wrong, and when");
  v.field("convergence", s.convergence, "when the cluster counts as settled after a disturbance");
  v.field("thresholds", s.thresholds,
          "what values of the summary must be, such as \"scale_up_latency.total.p99 < 4m\"; else "
          "the run ends with exit code 1",
          config::unique());
}

}  // namespace casim::sim
