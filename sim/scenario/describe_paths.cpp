#include "sim/scenario/describe_paths.h"

#include "src/config/choice_codec.h"

namespace casim::sim {

using config::above;
using config::at_least;
using config::at_most;
using config::probability;

namespace {

constexpr Duration kNone{};

}  // namespace

inline config::Alternatives alternatives(
    const std::variant<DirectPath, CrossplaneConfig, ClusterApiPathConfig>*) {
  return {"kind", {"direct", "crossplane", "cluster-api"}};
}

inline config::Alternatives alternatives(const std::variant<KubeletRegistration, RancherConfig>*) {
  return {"kind", {"kubelet", "rancher"}};
}

inline config::Alternatives alternatives(
    const std::variant<StaticCredentials, RotatedCredentials, TemporaryCredentials>*) {
  return {"kind", {"static", "secret", "temporary"}};
}

inline config::EnumNames<CrossplaneClientToken> enum_names(CrossplaneClientToken) {
  return {{CrossplaneClientToken::kNone, "none"}, {CrossplaneClientToken::kXrUid, "xr_uid"}};
}

inline config::EnumNames<CrossplaneObserveUrl> enum_names(CrossplaneObserveUrl) {
  return {{CrossplaneObserveUrl::kFromReply, "from_reply"},
          {CrossplaneObserveUrl::kKnown, "known"}};
}

inline config::EnumNames<MachineDeleteOrder> enum_names(MachineDeleteOrder) {
  return {{MachineDeleteOrder::kRandom, "Random"},
          {MachineDeleteOrder::kNewest, "Newest"},
          {MachineDeleteOrder::kOldest, "Oldest"}};
}

inline config::EnumNames<RancherTokenSource> enum_names(RancherTokenSource) {
  return {{RancherTokenSource::kStaticUserData, "static_userdata"},
          {RancherTokenSource::kFetchedAtBoot, "fetched_at_boot"},
          {RancherTokenSource::kXrInjected, "xr_injected"}};
}

inline config::EnumNames<SecretReader> enum_names(SecretReader) {
  return {{SecretReader::kApi, "api"},
          {SecretReader::kVolume, "volume"},
          {SecretReader::kEnv, "env"},
          {SecretReader::kProcessCache, "process_cache"}};
}

inline config::EnumNames<RotationMode> enum_names(RotationMode) {
  return {{RotationMode::kOverlap, "overlap"},
          {RotationMode::kHardCut, "hard_cut"},
          {RotationMode::kLateWrite, "late_write"}};
}

inline config::EnumNames<SecretDamage> enum_names(SecretDamage) {
  return {{SecretDamage::kDeleted, "deleted"}, {SecretDamage::kMalformed, "malformed"}};
}

void describe(config::Visitor&, DirectPath&) {}

void describe(config::Visitor& v, BreakerConfig& b) {
  v.field("burst", b.burst, "tokens when full; an update of a watched object takes two",
          at_least(1.0));
  v.field("refill", b.refill, "tokens per second", at_least(0.0));
  v.field("open", b.open, "how long it stays open", at_least(kNone));
  v.field("probe", b.probe, "open, it lets one event pass after more than this", at_least(kNone));
}

void describe(config::Visitor& v, CrossplaneConfig& c) {
  v.field("workers", c.workers, "of each controller of provider-http: --max-reconcile-rate",
          at_least(1), at_most(10'000));
  v.field("global_rate", c.global_rate, "reconciles per second of all its controllers", above(0.0),
          at_most(1e6));
  v.field("global_burst", c.global_burst, "reconciles at once", at_least(1), at_most(10'000'000));
  v.field("kube_qps", c.kube_qps, "requests per second of its API client; 0: no limit",
          at_least(0.0));
  v.field("kube_burst", c.kube_burst, "requests at once", at_least(1));
  v.field("backoff_base", c.backoff_base, "wait after the first failure of a Request",
          above(kNone));
  v.field("backoff_max", c.backoff_max,
          "longest wait; 1m in the real provider, which has no flag for it", above(kNone));
  v.check("backoff_max", c.backoff_base <= c.backoff_max, "is below backoff_base");
  v.field("poll", c.poll, "time between two looks at a machine", above(kNone));
  v.field("poll_jitter", c.poll_jitter, "by which it is longer or shorter at most",
          at_least(kNone));
  v.check("poll_jitter", c.poll_jitter < c.poll, "is not below poll");
  v.field("disposable_poll", c.disposable_poll, "the same of a DisposableRequest", above(kNone));
  v.field("sync", c.sync, "informer resync; 0s: none", at_least(kNone));
  v.field("reconcile_timeout", c.reconcile_timeout, "for the calls of one reconcile", above(kNone));
  v.field("http_timeout", c.http_timeout, "waitTimeout of a call", above(kNone));
  v.field("create_grace", c.create_grace,
          "how long after a create nothing is made of a machine that is not found",
          at_least(kNone));
  v.field("http_error_is_create_success", c.http_error_is_create_success,
          "an HTTP error on a create counts as success, as in the real provider");
  v.field("pod_restarts_per_day", c.pod_restarts_per_day, "of provider-http", at_least(0.0),
          at_most(1e4));
  v.field("pod_restart_time", c.pod_restart_time, "until it works again", above(kNone));
  v.field("operator_after", c.operator_after,
          "until somebody frees a Request that is stuck in its creation; 0s: nobody does",
          at_least(kNone));
  v.field("xr_workers", c.xr_workers, "of the controller of composite resources", at_least(1),
          at_most(10'000));
  v.field("xr_backoff_base", c.xr_backoff_base, "its first wait", above(kNone));
  v.field("xr_backoff_max", c.xr_backoff_max, "its longest", above(kNone));
  v.check("xr_backoff_max", c.xr_backoff_base <= c.xr_backoff_max, "is below xr_backoff_base");
  v.field("pipeline", c.pipeline, "time of one run of the function pipeline");
  v.field("realtime", c.realtime, "composite resources hear of changes of what they compose");
  v.field("xr_poll", c.xr_poll, "without realtime: time between two looks", above(kNone));
  v.field("breaker", c.breaker, "circuit breaker of each composite resource");
  v.field("client_token", c.client_token,
          "that a create carries, so that a second one is the same");
  v.field("observe_url", c.observe_url,
          "whether a machine can be looked up before its create was answered");
  v.field("report_errors", c.report_errors,
          "the provider reads errors out of the composite resource and fails the slot");
  v.field("kube_call", c.kube_call, "time of one request to the management cluster's API");
  v.field("watch_delay", c.watch_delay, "how late caches and events are");
}

void describe(config::Visitor& v, HealthCheckConfig& h) {
  v.field("enabled", h.enabled, "there is a MachineHealthCheck of all Machines");
  v.field("node_startup_timeout", h.node_startup_timeout,
          "a Machine without node for longer is unhealthy; 0s: never", at_least(kNone));
  v.field("unhealthy_after", h.unhealthy_after,
          "so is one whose node is not Ready for longer; 0s: never", at_least(kNone));
  v.field("max_in_flight", h.max_in_flight, "unhealthy Machines deleted at a time; absent: all",
          at_least(1));
  v.field("at_most_unhealthy", h.at_most_unhealthy,
          "more unhealthy ones: none is touched; absent: no such limit", at_least(0));
  v.field("spacing", h.spacing, "least time between two of its rounds", at_least(kNone));
  v.field("workers", h.workers, "rounds at a time", at_least(1));
}

void describe(config::Visitor& v, SecondWriterConfig& w) {
  v.field("period", w.period, "between two times that it writes", above(kNone));
  v.required("replicas", w.replicas, "what it sets every MachineDeployment back to", at_least(0));
}

void describe(config::Visitor& v, ClusterApiPathConfig& p) {
  ClusterApiConfig& c = p.controllers;
  v.field("md_workers", c.deployment_workers, "of the MachineDeployment controller", at_least(1));
  v.field("ms_workers", c.set_workers, "of the MachineSet controller", at_least(1));
  v.field("machine_workers", c.machine_workers, "of the Machine controller", at_least(1));
  v.field("infra_workers", c.infra_workers, "of the infrastructure provider", at_least(1));
  v.field("min_spacing", c.min_spacing, "between two rounds of one object", at_least(kNone));
  v.field("backoff_base", c.backoff_base, "first wait after an error, on top of min_spacing",
          above(kNone));
  v.field("backoff_cap", c.backoff_cap, "longest", above(kNone));
  v.check("backoff_cap", c.backoff_base + c.min_spacing <= c.backoff_cap,
          "is below min_spacing and backoff_base together");
  v.field("kube_qps", c.kube_qps, "requests per second of their API client; 0: no limit",
          at_least(0.0));
  v.field("kube_burst", c.kube_burst, "requests at once", at_least(1));
  v.field("kube_call", c.kube_call, "time of one request to the management cluster's API");
  v.field("watch_delay", c.watch_delay, "how late caches and events are");
  v.field("bootstrap_secret", c.bootstrap_secret, "until a Machine's bootstrap data are there");
  v.field("infra_poll_pending", c.infra_poll_pending,
          "how often the infrastructure provider looks at a machine that is pending", above(kNone));
  v.field("defer_no_providerid", c.defer_no_provider_id,
          "how long a Machine is left alone that is provisioned without a provider id",
          at_least(kNone));
  v.field("missing_ref_retry", c.missing_ref_retry,
          "how soon a Machine looks again for an infrastructure object that is not there",
          above(kNone));
  v.field("sync_period", c.sync_period, "informer resync; 0s: none", at_least(kNone));
  v.field("delete_order", c.delete_order, "of a MachineSet that shrinks");
  v.field("health_check", c.health_check, "what becomes of Machines without a good node");
  v.field("failed_phase_terminal", p.failed_phase_terminal,
          "a Machine in phase Failed is reported to the autoscaler");
  v.field("report_ice_as_out_of_resources", p.report_ice_as_out_of_resources,
          "a lack of capacity is reported as such, which the real provider cannot");
  v.field("client_token", p.client_token, "a launch carries the Machine's uid as its token");
  v.field("second_writer", p.second_writer, "somebody else who sets replicas; absent: nobody");
}

void describe(config::Visitor& v, PathScenario& p) {
  v.choice("kind", p.body, "what stands between the provider and EC2");
}

void describe(config::Visitor&, KubeletRegistration&) {}

void describe(config::Visitor& v, RancherTokenConfig& t) {
  v.field("ttl", t.ttl,
          "life of the registration token, 30m at least; null: for ever, as before v2.15.0",
          above(kNone));
  v.field("grace", t.grace, "how long the old one is good after a rotation", at_least(kNone));
  v.field("jitter_max", t.jitter_max, "by which the first one lives longer, at most a tenth of ttl",
          at_least(kNone));
  v.field("age", t.age, "of the first token when the run begins", at_least(kNone));
  v.field("source", t.source, "where a machine has it from");
}

void describe(config::Visitor& v, RancherOutage& o) {
  v.required("at", o.at, "when it begins", at_least(kNone));
  v.required("for", o.length, "how long", above(kNone));
}

void describe(config::Visitor& v, RancherConfig& r) {
  v.field("script_download", r.script_download, "the install script");
  v.field("ca_fetch", r.ca_fetch, "the CA, and its checksum");
  v.field("healthz", r.healthz, "the health check");
  v.field("binary_download", r.binary_download, "the agent and its uninstall script");
  v.field("connect_call", r.connect_call, "the call that registers the machine");
  v.field("agent_start", r.agent_start, "start of the agent");
  v.field("machine_object_create", r.machine_object_create, "until the server has the machine");
  v.field("plan_ready", r.plan_ready, "until it has its plan");
  v.field("plan_apply", r.plan_apply, "images pulled, the kubelet installed and started");
  v.field("planner_tick", r.planner_tick, "period of the planner", at_least(kNone));
  v.field("plan_fails", r.plan_fails, "share of tries", at_least(0.0), at_most(0.99));
  v.field("plan_cooldown", r.plan_cooldown, "before the next one", at_least(kNone));
  v.field("node_lookup_tick", r.node_lookup_tick, "period of the look-up of the node",
          at_least(kNone));
  v.field("retry_sleep", r.retry_sleep, "between two tries of a call", above(kNone));
  v.field("max_tries", r.max_tries, "of one call", at_least(1));
  v.field("connect_timeout", r.connect_timeout, "of one call to a server that is not there",
          above(kNone));
  v.field("max_time", r.max_time, "after which the client cuts a call", above(kNone));
  v.field("server_workers", r.server_workers, "registrations that the server handles at a time",
          at_least(1));
  v.field("http_errors", r.http_errors, "share of calls", at_least(0.0), at_most(0.99));
  v.field("token", r.token, "the registration token");
  v.field("unreachable", r.unreachable, "the server is not there; absent: never");
  v.field("ca_mismatch_from", r.ca_mismatch_from,
          "machines that boot from then on have the wrong checksum; absent: never",
          at_least(kNone));
}

void describe(config::Visitor& v, RegistrationScenario& r) {
  v.choice("kind", r.body, "what makes a machine a node");
}

void describe(config::Visitor&, StaticCredentials&) {}

void describe(config::Visitor& v, BrokenSecret& b) {
  v.required("at", b.at, "when it begins", at_least(kNone));
  v.required("for", b.length, "how long", above(kNone));
  v.field("how", b.how, "what is wrong with it");
}

void describe(config::Visitor& v, RotatedCredentials& c) {
  v.field("reader", c.reader, "how the secret is read");
  v.field("rotation", c.mode, "when the old one goes, against when the new one is there");
  v.field("first", c.first, "the first rotation", above(kNone));
  v.field("period", c.period, "between two of them", above(kNone));
  v.field("overlap", c.overlap, "how long both are good, with overlap", at_least(kNone));
  v.field("late_write", c.late_write, "how late the new one is, with late_write", at_least(kNone));
  v.field("kubelet_sync", c.kubelet_sync, "period of the kubelet's sync of volumes",
          at_least(kNone));
  v.field("kubelet_cache", c.kubelet_cache, "how old its copy of a secret is at most",
          at_least(kNone));
  v.field("process_cache", c.process_cache, "how long a process keeps what it has read",
          at_least(kNone));
  v.field("watch_delay", c.watch_delay, "how late readers of the API are", at_least(kNone));
  v.field("broken", c.broken, "the secret is damaged for a while; absent: never");
}

void describe(config::Visitor& v, TemporaryCredentials& c) {
  v.field("validity", c.validity, "of a session", above(kNone));
  v.field("margin", c.margin, "how long before its end it is renewed", at_least(kNone));
  v.check("margin", c.margin < c.validity, "is not below validity");
  v.field("refresh_fails", c.refresh_fails, "share of tries", probability());
  v.field("retry", c.retry, "after one that failed", above(kNone));
  v.field("never_renewed_after", c.never_renewed_after,
          "from then on every try fails; absent: never", at_least(kNone));
}

void describe(config::Visitor& v, CredentialsScenario& c) {
  v.choice("kind", c.body, "what EC2 is called with");
}

}  // namespace casim::sim
