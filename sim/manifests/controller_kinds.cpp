#include <fmt/format.h>

#include "sim/manifests/selectors.h"
#include "sim/manifests/shape.h"
#include "sim/manifests/workload_kinds.h"
#include "src/config/units.h"

namespace casim::sim {
namespace {

using config::Value;

// One kind of controller: what its spec has, and what becomes of it.
struct ControllerKind {
  const char* kind = nullptr;       // of the scenario
  std::vector<MemberName> members;  // without the pod's
  Shape spec;                       // without the template; `taken` is what members name
};

std::vector<MemberName> with_pod(std::vector<MemberName> members) {
  members.insert(members.end(), {{"spec.template.metadata.labels", "pod.labels"},
                                 {"spec.template.metadata.annotations", "pod.annotations"},
                                 {"metadata.namespace", "pod.namespace"},
                                 {"spec.template.spec", "pod"},
                                 {"metadata.name", "name"}});
  return members;
}

const ControllerKind& deployment_kind() {
  static const Shape kRolling{
      .taken = {{"maxSurge"}, {"maxUnavailable"}}, .nothing = {}, .apart = {}};
  static const Shape kStrategy{
      .taken = {{"type"}, {"rollingUpdate", &kRolling}}, .nothing = {}, .apart = {}};
  static const ControllerKind kKind{
      "deployment",
      {{"spec.replicas", "replicas"},
       {"spec.strategy.type", "strategy"},
       {"spec.strategy.rollingUpdate.maxSurge", "max_surge"},
       {"spec.strategy.rollingUpdate.maxUnavailable", "max_unavailable"},
       {"spec.minReadySeconds", "min_ready"}},
      {.taken = {{"replicas"}, {"strategy", &kStrategy}, {"minReadySeconds"}},
       .nothing = {"revisionHistoryLimit", "progressDeadlineSeconds"},
       .apart = {"selector", "template", "paused"}}};
  return kKind;
}

const ControllerKind& stateful_set_kind() {
  static const Shape kRolling{
      .taken = {{"partition"}, {"maxUnavailable"}}, .nothing = {}, .apart = {}};
  static const Shape kStrategy{
      .taken = {{"type"}, {"rollingUpdate", &kRolling}}, .nothing = {}, .apart = {}};
  static const ControllerKind kKind{
      "stateful_set",
      {{"spec.replicas", "replicas"},
       {"spec.podManagementPolicy", "pod_management"},
       {"spec.updateStrategy.rollingUpdate.partition", "partition"},
       {"spec.updateStrategy.rollingUpdate.maxUnavailable", "max_unavailable"},
       {"spec.minReadySeconds", "min_ready"}},
      {.taken = {{"replicas"},
                 {"podManagementPolicy"},
                 {"updateStrategy", &kStrategy},
                 {"minReadySeconds"}},
       .nothing = {"serviceName", "revisionHistoryLimit", "persistentVolumeClaimRetentionPolicy",
                   "ordinals"},
       .apart = {"selector", "template", "volumeClaimTemplates"}}};
  return kKind;
}

const ControllerKind& daemon_set_kind() {
  static const Shape kRolling{
      .taken = {{"maxSurge"}, {"maxUnavailable"}}, .nothing = {}, .apart = {}};
  static const Shape kStrategy{
      .taken = {{"type"}, {"rollingUpdate", &kRolling}}, .nothing = {}, .apart = {}};
  static const ControllerKind kKind{
      "daemon_set",
      {{"spec.updateStrategy.rollingUpdate.maxSurge", "max_surge"},
       {"spec.updateStrategy.rollingUpdate.maxUnavailable", "max_unavailable"}},
      {.taken = {{"updateStrategy", &kStrategy}},
       .nothing = {"revisionHistoryLimit", "minReadySeconds"},
       .apart = {"selector", "template"}}};
  return kKind;
}

// One whose pods never end is a burst at once.
const ControllerKind& replica_set_kind() {
  static const ControllerKind kKind{
      "burst",
      {{"spec.replicas", "count"}},
      {.taken = {{"replicas"}}, .nothing = {"minReadySeconds"}, .apart = {"selector", "template"}}};
  return kKind;
}

const ControllerKind& kind_of(const std::string& kind) {
  if (kind == "Deployment") return deployment_kind();
  if (kind == "StatefulSet") return stateful_set_kind();
  return kind == "DaemonSet" ? daemon_set_kind() : replica_set_kind();
}

// Whole seconds as a duration; what is no number is refused here, by its own name.
void set_seconds(const KubeObject& object, const char* member, config::Problems& problems,
                 Value& item) {
  Value* given = item.find(member);
  if (given == nullptr) return;
  const auto seconds = given->as_int64();
  if (!seconds || *seconds < 0) {
    object_error(object, *given, "spec.minReadySeconds",
                 "expected whole seconds, found " + config::found_text(*given), problems);
  }
  Value duration(fmt::format("{}s", seconds.value_or(0)));
  stand_at(duration, *given);
  *given = std::move(duration);
}

void check_strategy(const KubeObject& object, config::Problems& problems) {
  if (text_at(*object.value, "spec.strategy.type") != "Recreate") return;
  if (const Value* rolling = value_at(*object.value, "spec.strategy.rollingUpdate")) {
    object_error(object, *rolling, "spec.strategy.rollingUpdate",
                 "may not be there when the type is Recreate", problems);
  }
}

// Which a scenario does not have: it only bounds what the API server takes.
void check_update_type(const KubeObject& object, config::Problems& problems) {
  const Value* type = value_at(*object.value, "spec.updateStrategy.type");
  const bool is_known =
      type == nullptr || *type == Value("RollingUpdate") || *type == Value("OnDelete");
  if (is_known) return;
  object_error(object, *type, "spec.updateStrategy.type",
               fmt::format("is {} (allowed in a {}: RollingUpdate, OnDelete)",
                           config::found_text(*type), object.kind),
               problems);
}

// One that is created so makes no ReplicaSet.
bool is_paused(const KubeObject& object) {
  const Value* paused = value_at(*object.value, "spec.paused");
  return object.kind == "Deployment" && paused != nullptr && *paused == Value(true);
}

}  // namespace

std::optional<ManifestItem> read_controller(const KubeObject& object, ManifestReading& reading) {
  const ControllerKind& kind = kind_of(object.kind);
  const Value* spec = value_at(*object.value, "spec");
  if (spec == nullptr || spec->as_object() == nullptr) {
    object_error(object, *object.value, "spec", "missing, or no object", reading.problems);
    return std::nullopt;
  }
  check_own_selector(object, reading.problems);
  check_strategy(object, reading.problems);
  check_update_type(object, reading.problems);
  note_rest(object, *spec, kind.spec, "spec", reading.notes);
  Value item = make_item(object, kind.kind);
  if (object.kind != "DaemonSet" && value_at(*spec, "replicas") == nullptr) {
    item.set(object.kind.starts_with("Replica") ? "count" : "replicas", 1);
  }
  item.set("at", config::write_duration(reading.options.at));
  copy_members(object, kind.members, item);
  set_seconds(object, "min_ready", reading.problems, item);
  const Value* pod = value_at(*spec, "template");
  item.set("pod", reading.pods.pod_of(object, pod == nullptr ? *spec : *pod, "spec.template",
                                      RestartRule::kAlways));
  if (value_at(*spec, "template.spec.nodeName") != nullptr)
    reading.notes.cannot(object, kBoundByHand);
  if (is_paused(object)) {
    reading.notes.cannot(object,
                         "a Deployment that is paused, which makes no pods: it is left out");
    return std::nullopt;
  }
  const Value* count = item.find("count");
  if (count != nullptr && count->as_int64() == 0) {
    reading.notes.cannot(object, "a ReplicaSet without pods");
    return std::nullopt;
  }
  return ManifestItem{"workloads",           std::move(item), object.label(),        object.kind,
                      object.namespace_name, object.name,     with_pod(kind.members)};
}

}  // namespace casim::sim
