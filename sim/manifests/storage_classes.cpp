#include "sim/manifests/storage_classes.h"

#include <algorithm>
#include <set>
#include <string_view>

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
      if (std::ranges::find(kZoneKeys, text_at(term, "key")) == std::end(kZoneKeys)) continue;
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

}  // namespace

std::optional<ManifestItem> read_storage_class(const KubeObject& object, ManifestReading& reading) {
  const std::string provisioner = text_at(*object.value, "provisioner");
  if (std::ranges::find(kZonalProvisioners, provisioner) == std::end(kZonalProvisioners)) {
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
  }
  return ManifestItem{"storage_classes",
                      std::move(item),
                      object.label(),
                      object.kind,
                      object.namespace_name,
                      object.name,
                      {{"metadata.name", "name"}, {"volumeBindingMode", "volumeBindingMode"}}};
}

void ClaimTemplates::add(const KubeObject& object, std::size_t item) {
  claims_.push_back({object, item});
}

void ClaimTemplates::note_class(const KubeObject& object, bool is_zonal) {
  zonal_[object.name] = is_zonal;
  if (is_default(object)) default_class_ = object.name;
}

void ClaimTemplates::finish(std::vector<ManifestItem>& items, std::vector<std::string>& taken,
                            ManifestNotes& notes, config::Problems& problems) const {
  std::set<std::string> missing;
  for (const Claims& claims : claims_) {
    const Value* given = value_at(*claims.object.value, "spec.volumeClaimTemplates");
    Value::List out;
    if (given->as_list() == nullptr) {
      object_error(claims.object, *given, "spec.volumeClaimTemplates",
                   "expected a list, found " + config::found_text(*given), problems);
      continue;
    }
    for (const Value& claim : *given->as_list()) {
      const Value* written = value_at(claim, "spec.storageClassName");
      std::string name =
          written == nullptr ? default_class_ : text_at(claim, "spec.storageClassName");
      if (written == nullptr && name.empty()) name = kDefaultClass;
      if (name.empty()) {
        notes.cannot(claims.object, "claims without a class, which take volumes that are there");
        continue;
      }
      const auto known = zonal_.find(name);
      if (known != zonal_.end() && !known->second) continue;
      const bool is_there = known != zonal_.end() || std::ranges::find(taken, name) != taken.end();
      if (!is_there) missing.insert(name);
      Value one;
      one.set("name", text_at(claim, "metadata.name"));
      one.set("storageClassName", name);
      stand_at(one, claim);
      out.push_back(std::move(one));
    }
    if (!out.empty()) items[claims.item].item.set("volumeClaimTemplates", std::move(out));
  }
  for (const std::string& name : missing) {
    notes.assume(
        fmt::format("the StorageClass {}, which no manifest has, makes volumes in the zone "
                    "of their first pod",
                    name));
    Value item;
    item.set("name", name);
    item.set("volumeBindingMode", "WaitForFirstConsumer");
    taken.push_back(name);
    stand_at(item, *claims_.front().object.value);
    items.push_back(
        {"storage_classes", std::move(item), "StorageClass " + name, "StorageClass", "", name, {}});
  }
}

}  // namespace casim::sim
