// All sources of the project, read from its root.
#pragma once

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <sstream>
#include <string>
#include <vector>

namespace casim::tidy {

struct SourceFile {
  std::string path;  // from the root
  std::string text;
};

// All of ours, by path.
inline std::vector<SourceFile> read_sources(const std::filesystem::path& root) {
  namespace fs = std::filesystem;
  std::vector<SourceFile> sources;
  for (const auto* top : {"src", "sim", "oracle", "bench", "tests"}) {
    if (!fs::exists(root / top)) continue;
    for (const auto& entry : fs::recursive_directory_iterator(root / top)) {
      const auto extension = entry.path().extension();
      if (!entry.is_regular_file() || (extension != ".h" && extension != ".cpp")) continue;
      std::stringstream text;
      text << std::ifstream(entry.path()).rdbuf();
      sources.push_back({fs::relative(entry.path(), root).generic_string(), text.str()});
    }
  }
  std::ranges::sort(sources, {}, &SourceFile::path);
  return sources;
}

}  // namespace casim::tidy
