// Results that lie in folders.
#pragma once

#include <expected>
#include <filesystem>
#include <map>
#include <string>

#include "src/config/value.h"

namespace casim::sim {

struct StoredResult {
  std::filesystem::path folder;
  config::Value summary;
};

// A summary.json, a result, or a folder of them at any depth; by scenario and seed. The error says
// which file is none, or that two are of the same run.
std::expected<std::map<std::string, StoredResult>, std::string> read_results(
    const std::filesystem::path& where);

}  // namespace casim::sim
