// Objects of Kubernetes as items of a scenario, and where their members came from.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "sim/manifests/pod_fields.h"
#include "src/core/time.h"

namespace casim::sim {

// A member of an object and of the scenario's item that it becomes.
struct MemberName {
  std::string_view kubernetes;
  std::string_view scenario;
};

struct ManifestItem {
  std::string list;  // of the scenario: "workloads", "hpas", ...
  config::Value item;
  std::string label;  // "Deployment shop/web"
  std::string kind;   // of Kubernetes; with namespace and name what HPAs refer to
  std::string namespace_name;
  std::string name;                 // in Kubernetes; the item may have another
  std::vector<MemberName> members;  // the longest that fits counts
};

// What a manifest does not say.
struct ManifestOptions {
  std::string source;                      // what notes are told of: a file, or a folder
  Duration at{};                           // when it is applied
  std::optional<Duration> run_for;         // of pods that end
  std::string namespace_name = "default";  // of objects that name none
  bool has_demand = true;                  // whether somebody may say the load of HPAs
};

struct ManifestReading {
  const ManifestOptions& options;
  PodFields pods;
  config::Problems& problems;
  ManifestNotes& notes;
};

// An item with its name and kind, at the object's place.
config::Value make_item(const KubeObject& object, const char* kind);

// Copies the members that are there, under their other names.
void copy_members(const KubeObject& object, const std::vector<MemberName>& members,
                  config::Value& item);

}  // namespace casim::sim
