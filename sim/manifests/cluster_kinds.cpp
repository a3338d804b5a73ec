#include "sim/manifests/cluster_kinds.h"

#include "sim/manifests/pod_shape.h"
#include "sim/manifests/shape.h"
#include "sim/manifests/storage_classes.h"

namespace casim::sim {
namespace {

using config::Value;

ManifestItem item_of(const KubeObject& object, const char* list, Value item,
                     std::vector<MemberName> members) {
  return {list,        std::move(item),   object.label(), object.kind, object.namespace_name,
          object.name, std::move(members)};
}

std::optional<ManifestItem> read_budget(const KubeObject& object, ManifestReading& reading) {
  static const Shape kShape{.taken = {{"minAvailable"},
                                      {"maxUnavailable"},
                                      {"selector", &label_selector_shape()},
                                      {"unhealthyPodEvictionPolicy"}},
                            .nothing = {},
                            .apart = {}};
  Value item = make_item(object, nullptr);
  item.set("namespace", object.namespace_name);
  const Value* spec = value_at(*object.value, "spec");
  if (spec != nullptr && spec->as_object() == nullptr) {
    object_error(object, *spec, "spec", "expected an object, found " + config::found_text(*spec),
                 reading.problems);
    return std::nullopt;
  }
  if (spec != nullptr) {
    const Value taken = take(object, *spec, kShape, "spec", reading.notes);
    for (const auto& [key, value] : *taken.as_object()) item.set(key, value);
  }
  return item_of(object, "disruption_budgets", std::move(item),
                 {{"metadata.name", "name"},
                  {"metadata.namespace", "namespace"},
                  {"spec.minAvailable", "minAvailable"},
                  {"spec.maxUnavailable", "maxUnavailable"},
                  {"spec.selector", "selector"},
                  {"spec.unhealthyPodEvictionPolicy", "unhealthyPodEvictionPolicy"}});
}

std::optional<ManifestItem> read_priority_class(const KubeObject& object,
                                                ManifestReading& reading) {
  if (object.name.starts_with("system-")) return std::nullopt;  // there by themselves
  static const Shape kShape{.taken = {{"value"}, {"globalDefault"}, {"preemptionPolicy"}},
                            .nothing = {"description"},
                            .apart = {"apiVersion", "kind", "metadata"}};
  Value item = make_item(object, nullptr);
  const Value taken = take(object, *object.value, kShape, "", reading.notes);
  for (const auto& [key, value] : *taken.as_object()) item.set(key, value);
  return item_of(object, "priority_classes", std::move(item), {{"metadata.name", "name"}});
}

std::optional<ManifestItem> read_namespace(const KubeObject& object) {
  const Value* labels = value_at(*object.value, "metadata.labels");
  if (labels == nullptr) return std::nullopt;
  Value item = make_item(object, nullptr);
  item.set("labels", *labels);
  return item_of(object, "namespaces", std::move(item),
                 {{"metadata.name", "name"}, {"metadata.labels", "labels"}});
}

}  // namespace

std::optional<ManifestItem> read_cluster_kind(const KubeObject& object, ManifestReading& reading) {
  if (object.kind == "PodDisruptionBudget") return read_budget(object, reading);
  if (object.kind == "StorageClass") return read_storage_class(object, reading);
  if (object.kind == "PriorityClass") return read_priority_class(object, reading);
  if (object.kind == "Namespace") return read_namespace(object);
  return std::nullopt;  // a volume or a claim of one: see persistent_claims.h
}

}  // namespace casim::sim
