#include "sim/manifests/persistent_claims.h"

#include <algorithm>

#include <fmt/format.h>

#include "sim/manifests/shape.h"

namespace casim::sim {
namespace {

using config::Value;

// Whose volumes are made where their first pod goes.
constexpr const char* kFirstPodClass = "zone-of-first-pod";

void note_fields(const KubeObject& claim, ManifestNotes& notes) {
  static const Shape kSpec{.taken = {},
                           .nothing = {"accessModes", "resources", "volumeMode", "selector",
                                       "dataSource", "dataSourceRef", "volumeAttributesClassName"},
                           .apart = {"storageClassName", "volumeName"}};
  const Value* spec = value_at(*claim.value, "spec");
  if (spec != nullptr && spec->as_object() != nullptr)
    note_rest(claim, *spec, kSpec, "spec", notes);
}

// The zones that a volume's affinity to nodes names, and whether it binds to one node.
struct VolumePlaces {
  std::set<std::string> zones;
  bool is_of_node = false;
};

void add_places(const Value& term, VolumePlaces& places) {
  const Value* expressions = value_at(term, "matchExpressions");
  const auto* items = expressions == nullptr ? nullptr : expressions->as_list();
  for (std::size_t i = 0; items != nullptr && i < items->size(); ++i) {
    const std::string key = text_at((*items)[i], "key");
    if (key == "kubernetes.io/hostname") places.is_of_node = true;
    const Value* values = value_at((*items)[i], "values");
    if (!is_zone_key(key) || values == nullptr || values->as_list() == nullptr) continue;
    for (const Value& zone : *values->as_list()) {
      if (zone.as_string() != nullptr) places.zones.insert(*zone.as_string());
    }
  }
}

// By its node affinity, or by the label that volumes had before.
VolumePlaces places_of(const KubeObject& volume) {
  VolumePlaces places;
  const Value* terms = value_at(*volume.value, "spec.nodeAffinity.required.nodeSelectorTerms");
  const auto* items = terms == nullptr ? nullptr : terms->as_list();
  for (std::size_t i = 0; items != nullptr && i < items->size(); ++i) {
    add_places((*items)[i], places);
  }
  const Value* labels = value_at(*volume.value, "metadata.labels");
  if (items != nullptr || labels == nullptr || labels->as_object() == nullptr) return places;
  for (const auto& [key, value] : *labels->as_object()) {
    if (is_zone_key(key) && value.as_string() != nullptr) places.zones.insert(*value.as_string());
  }
  return places;
}

}  // namespace

bool PersistentClaims::add(const KubeObject& object) {
  if (object.kind == "StorageClass") {
    classes_.note(object);
  } else if (object.kind == "PersistentVolumeClaim") {
    by_name_.try_emplace({object.namespace_name, object.name}, claims_.size());
    claims_.push_back(object);
  } else if (object.kind == "PersistentVolume") {
    volumes_.try_emplace(object.name, object);
    const std::string claim = text_at(*object.value, "spec.claimRef.name");
    const std::string name_space = text_at(*object.value, "spec.claimRef.namespace");
    if (!claim.empty()) reserved_.try_emplace({name_space, claim}, object.name);
  } else {
    return false;
  }
  return true;
}

void PersistentClaims::add_templates(const KubeObject& object, std::size_t item) {
  templates_.push_back({object, item});
}

const KubeObject* PersistentClaims::volume_of(const KubeObject& claim) const {
  std::string name = text_at(*claim.value, "spec.volumeName");
  if (name.empty()) {
    const auto reserved = reserved_.find({claim.namespace_name, claim.name});
    if (reserved == reserved_.end()) return nullptr;
    name = reserved->second;
  }
  const auto volume = volumes_.find(name);
  return volume == volumes_.end() ? nullptr : &volume->second;
}

PersistentClaims::Verdict PersistentClaims::judge_volume(const KubeObject& volume) const {
  Verdict verdict;
  const VolumePlaces places = places_of(volume);
  // "us-east-1a__us-east-1b" is a volume of two zones.
  const bool is_of_one =
      places.zones.size() == 1 && places.zones.begin()->find("__") == std::string::npos;
  if (is_of_one) {
    verdict.is_zonal = true;
    verdict.zone = *places.zones.begin();
  } else if (!places.zones.empty()) {
    verdict.left_out = "volumes that are in several zones at once";
  } else if (places.is_of_node) {
    verdict.left_out = "volumes that are on one node";
  } else {
    const std::string driver = text_at(*volume.value, "spec.csi.driver");
    verdict.assumed = driver.empty() ? "volumes without a zone bind no pod to one"
                                     : fmt::format("volumes of {} bind no pod to a zone", driver);
  }
  return verdict;
}

PersistentClaims::Verdict PersistentClaims::judge(const KubeObject& claim) const {
  if (const KubeObject* volume = volume_of(claim)) return judge_volume(*volume);
  const StorageClasses::Named named = classes_.of(value_at(*claim.value, "spec"));
  Verdict verdict;
  verdict.is_zonal = named.is_zonal && !named.name.empty();
  if (named.name.empty()) {
    verdict.left_out = "claims without a class, which take volumes that are there";
  } else if (text_at(*claim.value, "spec.volumeName").empty()) {
    verdict.storage_class = named.name;
    verdict.is_class_known = named.is_known;
  } else if (named.is_zonal) {
    verdict.left_out =
        "the zones of PersistentVolumes that are not there: they are where the first pod of "
        "their claim goes";
  }
  return verdict;
}

bool PersistentClaims::is_zonal(const std::string& namespace_name, const std::string& claim) const {
  const auto found = by_name_.find({namespace_name, claim});
  return found != by_name_.end() && judge(claims_[found->second]).is_zonal;
}

void PersistentClaims::add_claims(std::vector<ManifestItem>& items, std::set<std::string>& taken,
                                  std::map<std::string, const KubeObject*>& missing_classes,
                                  ManifestNotes& notes) const {
  for (const KubeObject& claim : claims_) {
    note_fields(claim, notes);
    const Verdict verdict = judge(claim);
    if (!verdict.left_out.empty()) notes.cannot(claim, verdict.left_out);
    if (!verdict.assumed.empty()) notes.assume(verdict.assumed);
    const std::string name = claim_name(claim.namespace_name, claim.name);
    if (!verdict.is_zonal || !taken.insert(name).second) continue;
    Value item = make_item(claim, nullptr);
    item.set("namespace", claim.namespace_name);
    if (!verdict.zone.empty()) {
      item.set("zone", verdict.zone);
    } else {
      const bool is_named = !verdict.storage_class.empty();
      const std::string storage_class = is_named ? verdict.storage_class : kFirstPodClass;
      item.set("storageClassName", storage_class);
      if (!is_named || !verdict.is_class_known) missing_classes.try_emplace(storage_class, &claim);
    }
    items.push_back({"volume_claims",
                     std::move(item),
                     claim.label(),
                     claim.kind,
                     claim.namespace_name,
                     claim.name,
                     {{"metadata.name", "name"},
                      {"metadata.namespace", "namespace"},
                      {"spec.storageClassName", "storageClassName"}}});
  }
}

void PersistentClaims::add_to_sets(std::vector<ManifestItem>& items,
                                   std::map<std::string, const KubeObject*>& missing_classes,
                                   ManifestNotes& notes, config::Problems& problems) const {
  for (const Templates& templates : templates_) {
    const KubeObject& set = templates.object;
    const Value* given = value_at(*set.value, "spec.volumeClaimTemplates");
    if (given->as_list() == nullptr) {
      object_error(set, *given, "spec.volumeClaimTemplates",
                   "expected a list, found " + config::found_text(*given), problems);
      continue;
    }
    Value::List out;
    for (const Value& claim : *given->as_list()) {
      const StorageClasses::Named named = classes_.of(value_at(claim, "spec"));
      if (named.name.empty()) {
        notes.cannot(set, "claims without a class, which take volumes that are there");
        continue;
      }
      if (!named.is_zonal) continue;
      if (!named.is_known) missing_classes.try_emplace(named.name, &set);
      Value one;
      one.set("name", text_at(claim, "metadata.name"));
      one.set("storageClassName", named.name);
      stand_at(one, claim);
      out.push_back(std::move(one));
    }
    if (!out.empty()) items[templates.item].item.set("volumeClaimTemplates", std::move(out));
  }
}

void PersistentClaims::finish(std::vector<ManifestItem>& items,
                              std::vector<std::string>& taken_classes,
                              std::vector<std::string>& taken_claims, ManifestNotes& notes,
                              config::Problems& problems) const {
  std::map<std::string, const KubeObject*> missing;
  add_to_sets(items, missing, notes, problems);
  std::set<std::string> taken(taken_claims.begin(), taken_claims.end());
  add_claims(items, taken, missing, notes);
  taken_claims.assign(taken.begin(), taken.end());
  for (ManifestItem& item : items) {
    Value* pod = item.list == "workloads" ? item.item.find("pod") : nullptr;
    if (pod == nullptr) continue;
    drop_claims(*pod, [&](const std::string& claim) {
      const std::string name = claim_name(item.namespace_name, claim);
      if (taken.contains(name)) return true;
      if (!by_name_.contains({item.namespace_name, claim})) {
        notes.cannot({"", item.kind, item.name, item.namespace_name, nullptr},
                     "claims that pods name and no manifest has: their volumes may bind a pod to a "
                     "zone");
      }
      return false;
    });
  }
  for (const auto& [name, by] : missing) {
    if (std::ranges::find(taken_classes, name) != taken_classes.end()) continue;
    if (name != kFirstPodClass) {
      notes.assume(
          fmt::format("the StorageClass {}, which no manifest has, makes volumes in the zone "
                      "of their first pod",
                      name));
    }
    Value item;
    item.set("name", name);
    item.set("volumeBindingMode", "WaitForFirstConsumer");
    taken_classes.push_back(name);
    stand_at(item, *by->value);
    items.push_back(
        {"storage_classes", std::move(item), "StorageClass " + name, "StorageClass", "", name, {}});
  }
}

}  // namespace casim::sim
