#include "sim/manifests/storage_classes.h"

#include <algorithm>

#include <fmt/format.h>

#include "sim/manifests/shape.h"

namespace casim::sim {
namespace {

using config::Value;

// Of block storage, which is of one zone.
constexpr std::string_view kZonalProvisioners[] = {
    "ebs.csi.aws.com",          "ebs.csi.eks.amazonaws.com", "kubernetes.io/aws-ebs",
    "pd.csi.storage.gke.io",    "kubernetes.io/gce-pd",      "disk.csi.azure.com",
    "kubernetes.io/azure-disk", "cinder.csi.openstack.org"};

constexpr std::string_view kZoneKeys[] = {"topology.kubernetes.io/zone",
                                          "topology.ebs.csi.aws.com/zone",
                                          "failure-domain.beta.kubernetes.io/zone"};

// The name of a class that claims without one get, if no manifest says which.
constexpr const char* kDefaultClass = "default";

// Of allowedTopologies.
Value::List zones_of(const Value& topologies) {
  Value::List zones;
  if (topologies.as_list() == nullptr) return zones;
  for (const Value& topology : *topologies.as_list()) {
    const Value* terms = topology.find("matchLabelExpressions");
    if (terms == nullptr || terms->as_list() == nullptr) continue;
    for (const Value& term : *terms->as_list()) {
      const Value* values = term.find("values");
      if (!is_zone_key(text_at(term, "key"))) continue;
      if (values == nullptr || values->as_list() == nullptr) continue;
      zones.insert(zones.end(), values->as_list()->begin(), values->as_list()->end());
    }
  }
  return zones;
}

bool is_default(const KubeObject& object) {
  const Value* annotations = value_at(*object.value, "metadata.annotations");
  if (annotations == nullptr) return false;
  const Value* mark = annotations->find("storageclass.kubernetes.io/is-default-class");
  return mark != nullptr && mark->as_string() != nullptr && *mark->as_string() == "true";
}

bool has_zonal_volumes(const KubeObject& object) {
  return std::ranges::find(kZonalProvisioners, text_at(*object.value, "provisioner")) !=
         std::end(kZonalProvisioners);
}

}  // namespace

std::optional<ManifestItem> read_storage_class(const KubeObject& object, ManifestReading& reading) {
  if (!has_zonal_volumes(object)) {
    const std::string provisioner = text_at(*object.value, "provisioner");
    reading.notes.assume(fmt::format("volumes of {} bind no pod to a zone",
                                     provisioner.empty() ? "no provisioner" : provisioner));
    return std::nullopt;
  }
  static const Shape kShape{.taken = {{"volumeBindingMode"}},
                            .nothing = {"provisioner", "parameters", "reclaimPolicy",
                                        "allowVolumeExpansion", "mountOptions"},
                            .apart = {"apiVersion", "kind", "metadata", "allowedTopologies"}};
  Value item = make_item(object, nullptr);
  const Value taken = take(object, *object.value, kShape, "", reading.notes);
  const Value* mode = taken.find("volumeBindingMode");
  // The API server's default.
  item.set("volumeBindingMode", mode == nullptr ? Value("Immediate") : *mode);
  const Value* topologies = value_at(*object.value, "allowedTopologies");
  if (topologies != nullptr && text_at(item, "volumeBindingMode") == "Immediate") {
    item.set("zones", zones_of(*topologies));
  } else if (topologies != nullptr) {
    reading.notes.cannot(object, "allowedTopologies of volumes that wait for their first pod");
  }
  return ManifestItem{"storage_classes",
                      std::move(item),
                      object.label(),
                      object.kind,
                      object.namespace_name,
                      object.name,
                      {{"metadata.name", "name"}, {"volumeBindingMode", "volumeBindingMode"}}};
}

bool is_zone_key(std::string_view key) {
  return std::ranges::find(kZoneKeys, key) != std::end(kZoneKeys);
}

void StorageClasses::note(const KubeObject& object) {
  zonal_[object.name] = has_zonal_volumes(object);
  if (is_default(object)) default_class_ = object.name;
}

StorageClasses::Named StorageClasses::of(const Value* spec) const {
  const Value* written = spec == nullptr ? nullptr : value_at(*spec, "storageClassName");
  Named named;
  named.name = written == nullptr ? default_class_ : text_at(*spec, "storageClassName");
  if (written == nullptr && named.name.empty()) named.name = kDefaultClass;
  const auto known = zonal_.find(named.name);
  named.is_known = known != zonal_.end();
  named.is_zonal = !named.is_known || known->second;
  return named;
}

}  // namespace casim::sim
