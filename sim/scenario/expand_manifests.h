// Workloads of kind "manifest" replaced by the items that their files amount to.
#pragma once

#include <map>
#include <string>
#include <vector>

#include "sim/manifests/translation.h"
#include "src/config/document.h"
#include "src/config/problems.h"

namespace casim::sim {

// What an item of a list of the expanded document was before.
struct ItemSource {
  std::size_t index = 0;            // in the document as it was written
  std::string label;                // of an object; empty: it was written in the scenario
  std::vector<MemberName> members;  // of the object
};

// Problems of an expanded document name paths that nobody wrote; this says them by those that
// somebody did.
class WrittenPaths {
 public:
  void add(std::string list, std::size_t index, ItemSource source);

  // The same problems, under the paths of the objects and of the document as it was written.
  void move(const config::Problems& from, config::Problems& to) const;

 private:
  std::string written(const std::string& path) const;
  std::string with_written_paths(std::string message) const;

  std::map<std::string, ItemSource> items_;  // "workloads[3]"
};

bool names_manifests(const config::Document& document);
// Requires: a document that names manifests.
WrittenPaths expand_manifests(config::Document& document, config::Problems& problems);

}  // namespace casim::sim
