#include "sim/study/stored_results.h"

#include <algorithm>
#include <system_error>
#include <utility>

#include <fmt/format.h>

#include "src/config/document.h"
#include "src/config/problems.h"

namespace casim::sim {
namespace fs = std::filesystem;

std::expected<std::vector<fs::path>, std::string> summaries_in(const fs::path& where) {
  std::error_code error;
  if (!fs::exists(where, error)) {
    return std::unexpected(fmt::format("{}: there is no such file or folder", where.string()));
  }
  if (!fs::is_directory(where, error)) return std::vector{where};
  if (fs::exists(where / "summary.json", error)) return std::vector{where / "summary.json"};
  std::vector<fs::path> files;
  fs::recursive_directory_iterator entry(where, error);
  for (; !error && entry != fs::recursive_directory_iterator(); entry.increment(error)) {
    const std::string name = entry->path().filename().string();
    if (name == "summary.json") files.push_back(entry->path());
    // What a run that was killed has left of a result.
    if (name.starts_with('.')) entry.disable_recursion_pending();
  }
  if (error) return std::unexpected(fmt::format("{}: {}", where.string(), error.message()));
  if (files.empty()) {
    return std::unexpected(fmt::format("{}: no result of casim is in it", where.string()));
  }
  std::ranges::sort(files);
  return files;
}

std::expected<std::map<std::string, StoredResult>, std::string> read_results(
    const fs::path& where) {
  const auto files = summaries_in(where);
  if (!files) return std::unexpected(files.error());
  std::map<std::string, StoredResult> out;
  for (const fs::path& file : *files) {
    config::Problems problems;
    const auto document = config::load_file(file, problems);
    if (!document || problems.has_errors()) return std::unexpected(problems.text());
    const config::Value* scenario = document->root().find("scenario");
    const config::Value* seed = document->root().find("seed");
    if (scenario == nullptr || scenario->as_string() == nullptr || seed == nullptr ||
        !seed->as_uint64()) {
      return std::unexpected(fmt::format("{}: is no summary of casim", file.string()));
    }
    const std::string key = fmt::format("{}/{}", *scenario->as_string(), *seed->as_uint64());
    const auto [same, is_new] =
        out.try_emplace(key, StoredResult{file.parent_path(), document->root()});
    if (!is_new) {
      return std::unexpected(fmt::format("{}: {} has the result of {} already", file.string(),
                                         same->second.folder.string(), key));
    }
  }
  return out;
}

}  // namespace casim::sim
