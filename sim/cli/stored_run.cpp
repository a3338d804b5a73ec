#include "sim/cli/stored_run.h"

#include <system_error>
#include <utility>

#include <fmt/format.h>

#include "sim/study/summary_leaves.h"
#include "src/core/version.h"

namespace casim::sim {
namespace {

namespace fs = std::filesystem;

// Why there is no result of one run; empty: there may be.
std::string absence(const fs::path& folder) {
  std::error_code error;
  const std::string shown = folder.string();
  if (!fs::exists(folder, error)) return shown + ": there is no such folder";
  if (!fs::is_directory(folder, error)) return shown + ": is not the folder of a result";
  if (fs::exists(folder / "runs.json", error) && !fs::exists(folder / "summary.json", error)) {
    return shown + ": holds runs under several seeds; name the folder of one of them";
  }
  for (const char* file : {"summary.json", "scenario.json"}) {
    if (!fs::exists(folder / file, error)) {
      return fmt::format("{}: is no result of casim: it has no {}", shown, file);
    }
  }
  return "";
}

// What the summary says of the run. The error names what is missing.
std::expected<StoredRun, std::string> outcome_of(const config::Value& summary,
                                                 const std::string& file) {
  const config::Value* facts = summary.find("facts");
  const config::Value* partial = summary.find("partial");
  const std::string version = member_text(summary, "version");
  if (facts == nullptr || !facts->as_uint64() || partial == nullptr ||
      partial->as_bool() == nullptr || version.empty() || member_text(summary, "digest").empty()) {
    return std::unexpected(file + ": is no summary.json of casim");
  }
  if (version != kResultsVersion) {
    return std::unexpected(
        fmt::format("{}: is of version {} of casim's results, this casim is of {}: a replay would "
                    "be another run. Run the scenario again, or explain it with that casim",
                    file, version, kResultsVersion));
  }
  return StoredRun{.loaded = {member_text(summary, "scenario"), {}, config::Document({})},
                   .plan = {},
                   .digest = member_text(summary, "digest"),
                   .facts = *facts->as_uint64(),
                   .partial = *partial->as_bool(),
                   .stopped_by = member_text(summary, "stopped_by")};
}

}  // namespace

std::expected<StoredRun, std::string> open_run(const fs::path& given) {
  const fs::path folder = given.filename() == "summary.json" ? given.parent_path() : given;
  if (std::string why = absence(folder); !why.empty()) return std::unexpected(std::move(why));
  config::Problems problems;
  const fs::path file = folder / "summary.json";
  const auto summary = config::load_file(file, problems);
  if (!summary || problems.has_errors()) return std::unexpected(problems.text());
  auto run = outcome_of(summary->root(), file.string());
  if (!run) return run;
  auto loaded = load_scenario({folder / "scenario.json", {}}, problems);
  if (loaded) run->plan = make_load_plan(*loaded, problems);
  if (!loaded || problems.has_errors()) return std::unexpected(problems.text());
  loaded->name = std::move(run->loaded.name);
  run->loaded = *std::move(loaded);
  return run;
}

}  // namespace casim::sim
