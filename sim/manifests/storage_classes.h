// StorageClasses: of which zone volumes are that claims have made.
#pragma once

#include <map>
#include <optional>
#include <string>
#include <string_view>

#include "sim/manifests/translation.h"

namespace casim::sim {

// None: its volumes are in no zone, or where nobody knows, which is noted.
std::optional<ManifestItem> read_storage_class(const KubeObject& object, ManifestReading& reading);

// Whether a label of nodes says their zone: that of Kubernetes, an older one or a driver's.
bool is_zone_key(std::string_view key);

// The classes of all manifests, as claims name them.
class StorageClasses {
 public:
  // What a claim names. Without a name: it takes a volume that is there.
  struct Named {
    std::string name;
    bool is_known = false;  // a manifest has it
    bool is_zonal = true;   // its volumes bind pods to a zone; so do those of an unknown one
  };

  void note(const KubeObject& object);

  // `spec`: of the claim; null: it has none.
  Named of(const config::Value* spec) const;

 private:
  std::map<std::string, bool> zonal_;  // by class
  std::string default_class_;          // empty: none is marked so
};

}  // namespace casim::sim
