// Recorded cases that CASIM_ORACLE_CASES names: files and folders of them, divided by ":". Without
// it tests of recorded cases look at none; of a folder that is given every file must be there.
#pragma once

#include <algorithm>
#include <cstdlib>
#include <filesystem>
#include <initializer_list>
#include <string>
#include <vector>

#include "oracle/judge/oracle.h"
#include "tests/catch.h"

namespace casim::oracle {

// Those of `names` (paths below a folder) that are given: all of each folder, and files so named.
inline std::vector<std::string> given_files(std::initializer_list<const char*> names) {
  const char* const variable = std::getenv("CASIM_ORACLE_CASES");
  const std::string text = variable == nullptr ? "" : variable;
  std::vector<std::string> files;
  for (std::size_t from = 0; from < text.size();) {
    const std::size_t to = std::min(text.find(':', from), text.size());
    const std::string path = text.substr(from, to - from);
    from = to + 1;
    if (path.empty()) continue;
    for (const char* name : names) {
      if (std::filesystem::is_directory(path)) files.push_back(path + "/" + name);
      if (path.ends_with(name)) files.push_back(path);
    }
  }
  return files;
}

// A file that is missing or empty fails too.
inline void check_given(const std::string& path) {
  const auto kinds = case_kinds();
  for (const CaseFile& file : load(path)) {
    for (const nlohmann::json& one : file.cases) {
      const CaseResult result = run_case(kinds, one);
      CAPTURE(path, result.id, result.difference);
      CHECK((result.passed || result.skipped));
    }
  }
}

}  // namespace casim::oracle
