// Results that lie in folders.
#pragma once

#include <expected>
#include <filesystem>
#include <map>
#include <string>
#include <vector>

#include "src/config/value.h"

namespace casim::sim {

// Of a summary.json, a result, or a folder of them at any depth, in order of path. The error says
// that there is none.
std::expected<std::vector<std::filesystem::path>, std::string> summaries_in(
    const std::filesystem::path& where);

struct StoredResult {
  std::filesystem::path folder;
  config::Value summary;
};

// Those, by scenario and seed. The error says which file is none, or that two are of the same run.
std::expected<std::map<std::string, StoredResult>, std::string> read_results(
    const std::filesystem::path& where);

}  // namespace casim::sim
