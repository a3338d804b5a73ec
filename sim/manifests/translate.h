// Manifests as parts of a scenario: what a user would have written by hand, each object at its own
// line, so that whatever checks a scenario checks manifests too.
#pragma once

#include <map>
#include <string>
#include <vector>

#include "sim/manifests/translation.h"

namespace casim::sim {

// Names of items per list of the scenario, those that are taken.
using TakenNames = std::map<std::string, std::vector<std::string>>;

// A name that is not taken, and is now: "web", "shop-web", "shop-web-podset", "shop-web-podset-2".
std::string free_name(std::vector<std::string>& taken, const std::string& name,
                      const std::string& namespace_name, const std::string& kind);

struct ManifestFile {
  std::string name;  // for messages
  std::vector<config::Document> documents;
};

// The items of all files together, in their order; HPAs find their targets in any of them.
// `demand`: per name of an HPA, see hpa_kind.h; null: none.
std::vector<ManifestItem> translate(const std::vector<ManifestFile>& files,
                                    const ManifestOptions& options, const config::Value* demand,
                                    TakenNames& taken, config::Problems& problems);

// Every file that a path names: itself, or of a folder those that end in .yaml, .yml and .json, in
// order of their names.
std::vector<ManifestFile> load_manifests(const std::filesystem::path& path,
                                         config::Problems& problems);

}  // namespace casim::sim
