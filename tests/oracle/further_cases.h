// Cases beyond those of the project, which CASIM_ORACLE_CASES names: files and folders of them,
// divided by ":".
#pragma once

#include <algorithm>
#include <cstdlib>
#include <filesystem>
#include <memory>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "oracle/judge/case_file.h"
#include "oracle/judge/manifest.h"
#include "oracle/judge/oracle.h"

namespace casim::oracle {

struct FurtherCase {
  std::string path;  // of its file
  nlohmann::json text;
};

// The project's own cases, each as it is written out.
inline std::set<std::string> known_cases() {
  std::set<std::string> known;
  const Manifest manifest(kManifestPath);
  for (const ManifestRow& row : manifest.rows()) {
    for (const CaseFile& file : load(manifest.path_of(row))) {
      for (const nlohmann::json& one : file.cases) known.insert(one.dump());
    }
  }
  return known;
}

// All at these paths but for those that are known, wherever they lie now. Of a folder also without
// cases of kinds that are not built; a file that is named must be of a kind that is.
inline std::vector<FurtherCase> further_cases(const std::string& paths) {
  const auto kinds = case_kinds();
  std::set<std::string> known;
  std::vector<FurtherCase> further;
  for (std::size_t from = 0; from < paths.size();) {
    const std::size_t to = std::min(paths.find(':', from), paths.size());
    const std::string path = paths.substr(from, to - from);
    from = to + 1;
    if (path.empty()) continue;
    if (known.empty()) known = known_cases();
    const bool is_folder = std::filesystem::is_directory(path);
    for (CaseFile& file : load(path)) {
      for (nlohmann::json& one : file.cases) {
        if (is_folder && kind_of(kinds, one) == nullptr) continue;
        if (known.insert(one.dump()).second) further.push_back({file.path, std::move(one)});
      }
    }
  }
  return further;
}

}  // namespace casim::oracle
