#include "oracle/loops/little_case.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <stdexcept>

#include "oracle/judge/taint_effect.h"
#include "oracle/pods/kubernetes_pod.h"

namespace casim::oracle {
namespace {

using sim::OwnerKind;

constexpr std::int64_t kMib = std::int64_t{1} << 20;

Duration seconds_at(const Json& object, const char* key, double fallback = 0) {
  return exact_seconds(object.value(key, fallback));
}

// "--expander=least-waste" or "--force-ds" to name and value.
sim::Flags loop_flags_of(const Json& given) {
  sim::Flags flags;
  for (const Json& one : given) {
    const std::string text = one.get<std::string>();
    if (!text.starts_with("--")) throw std::runtime_error("no flag: " + text);
    const std::size_t equals = std::min(text.find('='), text.size());
    flags.emplace_back(text.substr(2, equals - 2), text.substr(std::min(equals + 1, text.size())));
  }
  return flags;
}

Resources resources(const Json& given) {
  Resources all;
  all.cpu = MilliCpu(given.at("cpu_m").get<std::int64_t>());
  all.memory = Bytes(given.at("memory_mib").get<std::int64_t>() * kMib);
  all.pods = given.at("pods").get<std::int64_t>();
  return all;
}

sim::Taint taint(const Json& given) {
  return {given.at("key").get<std::string>(), given.value("value", ""),
          effect_of(given.at("effect").get<std::string>())};
}

NodeTemplate node_template(const Json& given) {
  check_keys(given, {"cpu_m", "memory_mib", "pods", "labels", "taints"});
  NodeTemplate node;
  node.resources = resources(given);
  if (given.contains("labels")) node.labels = given.at("labels").get<sim::Labels>();
  for (const Json& one : given.value("taints", Json::array())) node.taints.push_back(taint(one));
  return node;
}

RegisteredGiven registered(const Json& given) {
  check_keys(given, {"labels", "without_labels", "allocatable"});
  RegisteredGiven r;
  r.labels = given.value("labels", sim::Labels());
  r.without_labels = given.value("without_labels", std::vector<std::string>());
  if (given.contains("allocatable")) {
    check_keys(given.at("allocatable"), {"cpu_m", "memory_mib", "pods"});
    r.allocatable = resources(given.at("allocatable"));
  }
  return r;
}

StartupTaintGiven startup_taint(const Json& given) {
  check_keys(given, {"key", "value", "effect", "removed_after_s"});
  return {taint(given), seconds_at(given, "removed_after_s")};
}

LaunchRule launch_rule(const Json& given) {
  check_keys(given, {"from", "to", "outcome", "after_s", "ready_after_s", "code", "class"});
  LaunchRule rule;
  rule.from = given.value("from", 0);
  rule.to = given.value("to", 0);
  const std::string outcome = given.value("outcome", "ok");
  rule.outcome = outcome == "error"   ? LaunchOutcome::kError
                 : outcome == "never" ? LaunchOutcome::kNever
                                      : LaunchOutcome::kOk;
  rule.after = seconds_at(given, "after_s");
  rule.ready_after = seconds_at(given, "ready_after_s");
  rule.code = given.value("code", "");
  rule.error_class = given.value("class", 99);
  return rule;
}

GroupOptions group_options(const Json& given) {
  check_keys(given, {"scale_down_utilization_threshold", "scale_down_gpu_utilization_threshold",
                     "scale_down_unneeded_s", "scale_down_unready_s", "max_node_provision_s",
                     "zero_or_max_node_scaling", "ignore_daemonsets_utilization"});
  GroupOptions options;
  options.utilization_threshold = given.value("scale_down_utilization_threshold", 0.0);
  options.gpu_utilization_threshold = given.value("scale_down_gpu_utilization_threshold", 0.0);
  options.unneeded = seconds_at(given, "scale_down_unneeded_s");
  options.unready = seconds_at(given, "scale_down_unready_s");
  options.provision = seconds_at(given, "max_node_provision_s");
  options.zero_or_max = given.value("zero_or_max_node_scaling", false);
  options.ignore_daemonsets = given.value("ignore_daemonsets_utilization", false);
  return options;
}

GroupGiven group(const Json& given) {
  check_keys(given, {"id", "min", "max", "initial", "template", "launches", "terminate_after_s",
                     "price", "options", "has_template", "hide_creating", "clamp_decrease",
                     "registered", "startup_taint"});
  GroupGiven g;
  g.id = given.at("id").get<std::string>();
  g.min = given.value("min", 0);
  g.max = given.at("max").get<int>();
  g.initial = given.value("initial", 0);
  g.node = node_template(given.at("template"));
  if (given.contains("registered")) g.registered = registered(given.at("registered"));
  if (given.contains("startup_taint")) g.startup_taint = startup_taint(given.at("startup_taint"));
  for (const Json& rule : given.value("launches", Json::array())) {
    g.launches.push_back(launch_rule(rule));
  }
  g.terminate_after = seconds_at(given, "terminate_after_s");
  g.price = given.value("price", 0.0);
  if (given.contains("options") && !given.at("options").is_null()) {
    g.options = group_options(given.at("options"));
  }
  g.has_template = given.value("has_template", true);
  g.hide_creating = given.value("hide_creating", false);
  g.clamp_decrease = given.value("clamp_decrease", false);
  return g;
}

sim::Toleration toleration(const Json& given) {
  sim::Toleration t;
  t.key = given.value("key", "");
  t.value = given.value("value", "");
  if (t.value.empty()) t.op = sim::Toleration::Operator::kExists;
  const std::string effect = given.value("effect", "");
  if (!effect.empty()) t.effect = effect_of(effect);
  return t;
}

void add_placement_rules(const Json& given, const sim::LabelSelector& own, sim::PodSpec& spec) {
  if (given.value("anti_affinity", false)) {
    spec.pod_anti_affinity.push_back(sim::PodAffinityTerm{own, "kubernetes.io/hostname", {}});
  }
  if (given.contains("spread_max_skew")) {
    sim::TopologySpread spread;
    spread.max_skew = given.at("spread_max_skew").get<int>();
    spread.topology_key = given.at("spread_key").get<std::string>();
    spread.selector = own;
    spec.topology_spread.push_back(spread);
  }
  if (const int port = given.value("host_port", 0); port != 0) {
    spec.host_ports.push_back(sim::HostPort{port, "TCP", ""});
  }
}

using Namespaces = std::vector<sim::NamespaceConfig>;

// In the short form of most cases.
std::shared_ptr<sim::PodSpec> short_pod(const Json& given, const std::string& name) {
  auto spec = std::make_shared<sim::PodSpec>();
  spec->namespace_name = given.value("namespace", "default");
  if (spec->namespace_name.empty()) spec->namespace_name = "default";
  spec->labels["app"] = name;
  spec->annotations = given.value("annotations", sim::Labels());
  spec->requests.cpu = MilliCpu(given.value("cpu_m", std::int64_t{0}));
  spec->requests.memory = Bytes(given.value("memory_mib", std::int64_t{0}) * kMib);
  spec->requests.pods = 1;
  spec->node_selector = given.value("node_selector", sim::Labels());
  for (const Json& t : given.value("tolerations", Json::array())) {
    spec->tolerations.push_back(toleration(t));
  }
  if (given.value("local_storage", false)) {
    spec->volumes.push_back(sim::Volume{"scratch", sim::Volume::Kind::kEmptyDir});
  }
  spec->has_priority = given.contains("priority");
  spec->priority = given.value("priority", 0);
  if (given.contains("grace_s")) spec->grace = seconds_at(given, "grace_s");
  const sim::LabelSelector own = {
      sim::LabelRequirement{"app", sim::LabelRequirement::Operator::kIn, {name}}};
  add_placement_rules(given, own, *spec);
  return spec;
}

WorkloadGiven workload(const Json& given, const Namespaces& namespaces) {
  WorkloadGiven w;
  w.name = given.at("name").get<std::string>();
  std::shared_ptr<sim::PodSpec> spec;
  if (given.contains("pod")) {
    check_keys(given, {"name", "kind", "pod", "run_for_s", "pdb_disruptions_allowed"});
    spec = spec_of(w.name, read_pod(given.at("pod")), namespaces);
  } else {
    check_keys(given, {"name", "kind", "cpu_m", "memory_mib", "run_for_s", "node_selector",
                       "tolerations", "annotations", "local_storage", "namespace", "priority",
                       "host_port", "anti_affinity", "spread_max_skew", "spread_key",
                       "pdb_disruptions_allowed", "grace_s"});
    spec = short_pod(given, w.name);
  }
  spec->workload = w.name;
  spec->name_prefix = w.name + "-";
  const std::optional<OwnerKind> kind = sim::parse_owner_kind(given.value("kind", "ReplicaSet"));
  if (!kind) throw std::runtime_error("unknown kind of workload " + w.name);
  spec->owner = *kind;
  if (*kind != OwnerKind::kNone) spec->owner_uid = "uid-" + w.name;
  w.run_for = seconds_at(given, "run_for_s");
  if (given.contains("pdb_disruptions_allowed")) {
    w.pdb_disruptions_allowed = given.at("pdb_disruptions_allowed").get<int>();
  }
  w.spec = std::move(spec);
  return w;
}

// Those that are given, and those that pods are in.
Namespaces namespaces_of(const Json& given) {
  Namespaces all = read_namespaces(given.value("namespaces", Json::array()));
  for (const Json& w : given.value("workloads", Json::array())) {
    const std::string name = w.value("pod", w).value("namespace", "default");
    const bool is_there =
        std::any_of(all.begin(), all.end(), [&](const auto& one) { return one.name == name; });
    if (!is_there) all.push_back({name, {}});
  }
  return all;
}

EventGiven event(const Json& given) {
  check_keys(given, {"t", "type", "workload", "count", "node", "pick"});
  EventGiven e;
  e.at = kTimeZero + seconds_at(given, "t");
  const std::string type = given.at("type").get<std::string>();
  if (type == "pods") {
    e.type = EventType::kPods;
  } else if (type == "delete") {
    e.type = EventType::kDelete;
  } else if (type == "ready") {
    e.type = EventType::kReady;
  } else if (type == "unready") {
    e.type = EventType::kUnready;
  } else if (type == "vanish") {
    e.type = EventType::kVanish;
  } else {
    throw std::runtime_error("unknown event " + type);
  }
  e.workload = given.value("workload", "");
  e.count = given.value("count", 0);
  e.node = given.value("node", "");
  const std::string pick = given.value("pick", "newest");
  e.pick = pick == "oldest"      ? Pick::kOldest
           : pick == "alternate" ? Pick::kAlternate
                                 : Pick::kNewest;
  return e;
}

WrongGiven wrong_answer(const Json& given) {
  const std::string answer = given.at("answer").get<std::string>();
  if (answer == "stale") {
    check_keys(given, {"answer", "age_s"});
    return StaleGiven{seconds_at(given, "age_s")};
  }
  if (answer == "wrong_target") {
    check_keys(given, {"answer", "offset"});
    return WrongTargetGiven{given.at("offset").get<int>()};
  }
  check_keys(given, {"answer", "count"});
  const int count = given.at("count").get<int>();
  if (answer == "missing_instance") return MissingGiven{count};
  if (answer == "unknown_instance") return UnknownGiven{count};
  throw std::runtime_error("unknown wrong answer " + answer);
}

FaultGiven fault(const Json& given) {
  check_keys(given,
             {"from", "to", "rpc", "group", "code", "message", "applied", "latency_s", "wrong"});
  FaultGiven f;
  f.from = kTimeZero + seconds_at(given, "from");
  f.to = kTimeZero + seconds_at(given, "to");
  f.rpc = given.at("rpc").get<std::string>();
  f.group = given.value("group", "");
  f.code = given.value("code", 0);
  f.message = given.value("message", "injected");
  f.applied = given.value("applied", false);
  if (given.contains("latency_s")) f.latency = seconds_at(given, "latency_s");
  if (given.contains("wrong")) f.wrong = wrong_answer(given.at("wrong"));
  return f;
}

}  // namespace

bool LittleCase::has_stale_answers() const {
  return std::any_of(faults.begin(), faults.end(), [](const FaultGiven& fault) {
    return fault.wrong && std::holds_alternative<StaleGiven>(*fault.wrong);
  });
}

Duration exact_seconds(double s) { return std::chrono::microseconds(std::llround(s * 1e6)); }

LittleCase parse_little_case(const Json& given) {
  check_keys(given, {"flags", "duration_s", "grpc_timeout_s", "latency_s", "groups", "static_nodes",
                     "workloads", "events", "faults", "namespaces", "gpu_label", "pricing",
                     "priority_expander", "scheduler", "scheduler_qps"});
  LittleCase c;
  c.flags = loop_flags_of(given.value("flags", Json::array()));
  c.end = kTimeZero + seconds_at(given, "duration_s");
  c.grpc_timeout = seconds_at(given, "grpc_timeout_s", 5);
  const Json latencies = given.value("latency_s", Json::object());  // items() refers to it
  for (const auto& [rpc, latency] : latencies.items()) {
    c.latency[rpc] = exact_seconds(latency.get<double>());
  }
  for (const Json& g : given.at("groups")) c.groups.push_back(group(g));
  for (const Json& node : given.value("static_nodes", Json::array())) {
    c.static_nodes.push_back(
        StaticNode{node.at("name").get<std::string>(), node_template(node.at("template"))});
  }
  const Namespaces namespaces = namespaces_of(given);
  for (const Json& w : given.value("workloads", Json::array())) {
    c.workloads.push_back(workload(w, namespaces));
  }
  for (const Json& e : given.value("events", Json::array())) c.events.push_back(event(e));
  for (const Json& f : given.value("faults", Json::array())) c.faults.push_back(fault(f));
  c.gpu_label = given.value("gpu_label", "");
  c.pricing = given.value("pricing", false);
  if (given.contains("priority_expander")) {
    c.priority_expander = given.at("priority_expander").get<std::string>();
  }
  if (const std::string scheduler = given.value("scheduler", ""); scheduler == "kube") {
    c.scheduler_qps = given.value("scheduler_qps", 0.0);
  } else if (!scheduler.empty()) {
    throw std::runtime_error("unknown scheduler " + scheduler);
  }
  return c;
}

}  // namespace casim::oracle
