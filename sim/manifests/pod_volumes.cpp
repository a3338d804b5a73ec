#include "sim/manifests/pod_volumes.h"

#include <algorithm>
#include <string_view>

namespace casim::sim {
namespace {

using config::Value;

// They may live in one zone, and bind the pod to it.
constexpr std::string_view kZonalVolumes[] = {"ephemeral", "awsElasticBlockStore",
                                              "gcePersistentDisk", "azureDisk", "cinder"};

// The member that decides of a source that a scenario has; null: it has no such source.
const char* member_of(std::string_view kind) {
  if (kind == "emptyDir") return "medium";
  if (kind == "hostPath") return "path";
  return kind == "persistentVolumeClaim" ? "claimName" : nullptr;
}

Value source_of(const char* member, const Value& given) {
  if (given.as_object() == nullptr) return given;
  Value out{Value::Object{}};
  stand_at(out, given);
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
    bool is_kept = false;
    for (const auto& [key, value] : *entries) {
      if (key == "name" || value.is_null()) continue;
      has_source = true;
      if (const char* member = member_of(key)) {
        kept.set(key, source_of(member, value));
        is_kept = true;
      } else if (std::ranges::find(kZonalVolumes, key) != std::end(kZonalVolumes)) {
        notes.cannot(object, "volumes that may bind a pod to a zone, " + key);
      } else {
        notes.leave_out_field("volumes[]." + key);
      }
    }
    // The API server's default.
    if (!has_source) kept.set("emptyDir", Value::Object{});
    if (is_kept || !has_source) out.push_back(std::move(kept));
  }
  Value list(std::move(out));
  stand_at(list, volumes);
  return list;
}

}  // namespace casim::sim
