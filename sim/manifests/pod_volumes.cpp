#include "sim/manifests/pod_volumes.h"

#include <algorithm>
#include <string_view>

namespace casim::sim {
namespace {

using config::Value;

// They may live in one zone, and bind the pod to it.
constexpr std::string_view kZonalVolumes[] = {
    "persistentVolumeClaim", "ephemeral", "awsElasticBlockStore",
    "gcePersistentDisk",     "azureDisk", "cinder"};

// Of emptyDir and hostPath what decides.
Value source_of(const std::string& kind, const Value& given) {
  if (given.as_object() == nullptr) return given;
  Value out{Value::Object{}};
  stand_at(out, given);
  const char* member = kind == "emptyDir" ? "medium" : "path";
  if (const Value* value = value_at(given, member)) out.set(member, *value);
  return out;
}

}  // namespace

Value local_volumes(const KubeObject& object, const Value& volumes, ManifestNotes& notes) {
  const auto* items = volumes.as_list();
  if (items == nullptr) return volumes;
  Value::List out;
  for (const Value& volume : *items) {
    const auto* entries = volume.as_object();
    if (entries == nullptr) {
      out.push_back(volume);
      continue;
    }
    Value kept{Value::Object{}};
    stand_at(kept, volume);
    if (const Value* name = volume.find("name")) kept.set("name", *name);
    bool has_source = false;
    for (const auto& [key, value] : *entries) {
      if (key == "name" || value.is_null()) continue;
      has_source = true;
      if (key == "emptyDir" || key == "hostPath") {
        kept.set(key, source_of(key, value));
      } else if (std::ranges::find(kZonalVolumes, key) != std::end(kZonalVolumes)) {
        notes.cannot(object, "volumes that may bind a pod to a zone, " + key);
      } else {
        notes.leave_out_field("volumes[]." + key);
      }
    }
    // The API server's default.
    if (!has_source) kept.set("emptyDir", Value::Object{});
    if (kept.find("emptyDir") != nullptr || kept.find("hostPath") != nullptr) {
      out.push_back(std::move(kept));
    }
  }
  Value list(std::move(out));
  stand_at(list, volumes);
  return list;
}

}  // namespace casim::sim
