// Which fields of an object of Kubernetes are taken over as they stand.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "sim/manifests/kube_object.h"
#include "sim/manifests/notes.h"

namespace casim::sim {

struct Shape {
  struct Field {
    std::string_view name;
    const Shape* shape = nullptr;  // null: as it stands
  };

  std::vector<Field> taken;               // of an object, or of each object of a list
  std::vector<std::string_view> nothing;  // fields on which nothing here depends
  std::vector<std::string_view> apart;    // fields that somebody else reads
};

// The part of `from` that has the shape: null values are absent, other types are left for the
// reader to refuse. What is left out is noted under its path without indices.
config::Value take(const KubeObject& object, const config::Value& from, const Shape& shape,
                   const std::string& path, ManifestNotes& notes);

// Only notes what is left out.
void note_rest(const KubeObject& object, const config::Value& from, const Shape& shape,
               const std::string& path, ManifestNotes& notes);

}  // namespace casim::sim
