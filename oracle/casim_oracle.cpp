// casim-oracle: runs recorded cases, prints one line for each that fails, and closes with
// "N passed, N failed", and how many say nothing about the modelled version.
#include <fmt/format.h>

#include <cstdio>
#include <exception>
#include <filesystem>
#include <map>
#include <stdexcept>
#include <string>
#include <vector>

#include "oracle/arguments.h"
#include "oracle/judge/case_file.h"
#include "oracle/judge/manifest.h"
#include "oracle/judge/oracle.h"

namespace {

using casim::oracle::Arguments;
using casim::oracle::CaseFile;
using casim::oracle::CaseKind;
using casim::oracle::CaseResult;
using casim::oracle::kManifestPath;
using casim::oracle::Manifest;
using casim::oracle::ManifestRow;
using casim::oracle::Tally;

constexpr const char* kUsage = "usage: casim-oracle [--explain ID] [FILE or FOLDER...]\n";
constexpr const char* kHelp = R"(
Runs cases recorded from the real systems through the simulator's own objects. Without FILE: the
cases of the project, those of oracle/cases/manifest.txt below the working directory, which must all
be there and as recorded.

  --explain ID  where that case differs first, both sides, and why
  --help        this text

FILE is .json (a case, a list of cases, or an object with "cases") or .jsonl (one case a line), or
such a file compressed, ending in .gz. oracle/cases/README.md describes the cases.
Exit code 0: all passed, 1: some failed, 2: it could not be asked.
)";

int explain(const std::vector<std::unique_ptr<CaseKind>>& kinds, const CaseFile& file,
            const std::string& id) {
  int found = 0;
  for (const nlohmann::json& one : file.cases) {
    if (!one.is_object() || one.value("id", "") != id) continue;
    const CaseKind* const kind = casim::oracle::kind_of(kinds, one);
    if (kind == nullptr) continue;
    ++found;
    const std::string text = kind->explain(one);
    fmt::print("{}\n", text.empty() ? id + ": nothing differs" : text);
  }
  return found;
}

struct Totals {
  int passed = 0;
  int failed = 0;
  int skipped = 0;
  std::map<std::string, int> why_skipped;  // where a case says so
  std::map<std::string, Tally> beside;

  std::string text() const {
    const std::string skips = skipped > 0 ? fmt::format(", {} skipped", skipped) : "";
    return fmt::format("{} passed, {} failed{}", passed, failed, skips);
  }

  void add(const Totals& other) {
    passed += other.passed;
    failed += other.failed;
    skipped += other.skipped;
    for (const auto& [key, tally] : other.beside) add(key, tally);
  }

  void add(const std::string& key, const Tally& tally) {
    beside[key].equal += tally.equal;
    beside[key].all += tally.all;
  }
};

Totals run(const std::vector<std::unique_ptr<CaseKind>>& kinds, const CaseFile& file) {
  Totals totals;
  for (std::size_t i = 0; i < file.cases.size(); ++i) {
    const CaseResult result = casim::oracle::run_case(kinds, file.cases[i]);
    ++(result.skipped ? totals.skipped : result.passed ? totals.passed : totals.failed);
    if (result.skipped && !result.difference.empty()) ++totals.why_skipped[result.difference];
    if (!result.passed && !result.skipped) {
      const bool is_named = result.id != "?";
      fmt::print("{} ({}): {}\n", is_named ? result.id : fmt::format("{} case {}", file.path, i),
                 result.family, result.difference);
    }
    for (const auto& [key, tally] : result.beside) totals.add(key, tally);
  }
  return totals;
}

// The files of the project's own cases; throws where one of them is not as recorded.
std::vector<std::string> own_paths() {
  if (!std::filesystem::exists(kManifestPath)) {
    throw std::runtime_error(fmt::format(
        "no {}: name a file, or run this in the root of a checkout of casim", kManifestPath));
  }
  const Manifest manifest(kManifestPath);
  for (const std::string& problem : manifest.problems()) throw std::runtime_error(problem);
  std::vector<std::string> paths;
  for (const ManifestRow& row : manifest.rows()) paths.push_back(manifest.path_of(row));
  return paths;
}

int explain_all(const std::vector<std::string>& paths, const std::string& id) {
  const auto kinds = casim::oracle::case_kinds();
  int found = 0;
  for (const std::string& path : paths) {
    for (const CaseFile& file : casim::oracle::load(path)) found += explain(kinds, file, id);
  }
  if (found == 0) throw std::runtime_error("no case " + id);
  return 0;
}

int run_all(const std::vector<std::string>& paths) {
  const auto kinds = casim::oracle::case_kinds();
  Totals all;
  for (const std::string& path : paths) {
    for (const CaseFile& file : casim::oracle::load(path)) {
      const Totals totals = run(kinds, file);
      for (const auto& [why, n] : totals.why_skipped) fmt::print("{} cases skipped: {}\n", n, why);
      fmt::print("{}: {}\n", file.path, totals.text());
      std::fflush(stdout);
      all.add(totals);
    }
  }
  for (const auto& [key, tally] : all.beside) {
    fmt::print("{}: {} of {} equal\n", key, tally.equal, tally.all);
  }
  fmt::print("{}\n", all.text());
  return all.failed == 0 ? 0 : 1;
}

int serve(const Arguments& arguments) {
  if (arguments.wants_help) {
    fmt::print("{}{}", kUsage, kHelp);
    return 0;
  }
  const std::vector<std::string> paths = arguments.paths.empty() ? own_paths() : arguments.paths;
  return arguments.explain.empty() ? run_all(paths) : explain_all(paths, arguments.explain);
}

}  // namespace

int main(int argc, char** argv) {
  try {
    return serve(casim::oracle::parse_arguments({argv + 1, argv + argc}));
  } catch (const std::exception& e) {
    fmt::print(stderr, "casim-oracle: {}\n{}", e.what(), kUsage);
    return 2;
  }
}
