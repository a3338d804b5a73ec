// StorageClasses, and the claims of StatefulSets by them: volumes that bind a pod to a zone.
#pragma once

#include <map>
#include <optional>
#include <string>
#include <vector>

#include "sim/manifests/translation.h"

namespace casim::sim {

// None: its volumes are in no zone, or where nobody knows, which is noted.
std::optional<ManifestItem> read_storage_class(const KubeObject& object, ManifestReading& reading);

// The claims of StatefulSets wait for all manifests: their classes may come after them.
class ClaimTemplates {
 public:
  // Each claim as it stands in the StatefulSet, whose item is the `item`-th of all.
  void add(const KubeObject& object, std::size_t item);
  // That class is there; `is_zonal`: its volumes bind pods to a zone.
  void note_class(const KubeObject& object, bool is_zonal);

  // Puts the claims into their items, and adds classes that claims name and nobody gave.
  // `taken`: names of classes that are there, to which it adds.
  void finish(std::vector<ManifestItem>& items, std::vector<std::string>& taken,
              ManifestNotes& notes, config::Problems& problems) const;

 private:
  struct Claims {
    KubeObject object;
    std::size_t item = 0;
  };

  std::vector<Claims> claims_;
  std::map<std::string, bool> zonal_;  // by class
  std::string default_class_;          // empty: none is marked so
};

}  // namespace casim::sim
