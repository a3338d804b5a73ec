// casim-oracle FILE...: runs recorded cases, prints one line for each that fails, and closes with
// "N passed, N failed", and how many say nothing about the modelled version. With --explain ID:
// where that case differs first, both sides, and why. Exit 0: all passed, 1: some failed, 2: it
// could not be asked.
#include <fmt/format.h>

#include <cstdio>
#include <exception>
#include <map>
#include <stdexcept>
#include <string>
#include <vector>

#include "oracle/arguments.h"
#include "oracle/judge/oracle.h"

namespace {

using casim::oracle::Arguments;
using casim::oracle::CaseFile;
using casim::oracle::CaseKind;
using casim::oracle::CaseResult;
using casim::oracle::Tally;

constexpr const char* kUsage = "usage: casim-oracle [--explain ID] FILE...\n";

int explain(const std::vector<std::unique_ptr<CaseKind>>& kinds, const CaseFile& file,
            const std::string& id) {
  int found = 0;
  for (const nlohmann::json& one : file.cases) {
    if (!one.is_object() || one.value("id", "") != id) continue;
    for (const auto& kind : kinds) {
      if (!kind->is_mine(one)) continue;
      ++found;
      const std::string text = kind->explain(one);
      fmt::print("{}\n", text.empty() ? id + ": nothing differs" : text);
    }
  }
  return found;
}

struct Totals {
  int passed = 0;
  int failed = 0;
  int skipped = 0;
  std::map<std::string, Tally> beside;
};

void run(const std::vector<std::unique_ptr<CaseKind>>& kinds, const CaseFile& file,
         Totals& totals) {
  for (std::size_t i = 0; i < file.cases.size(); ++i) {
    const CaseResult result = casim::oracle::run_case(kinds, file.cases[i]);
    ++(result.skipped ? totals.skipped : result.passed ? totals.passed : totals.failed);
    if (!result.passed && !result.skipped) {
      const bool is_named = result.id != "?";
      fmt::print("{} ({}): {}\n", is_named ? result.id : fmt::format("{} case {}", file.path, i),
                 result.family, result.difference);
    }
    for (const auto& [key, tally] : result.beside) {
      totals.beside[key].equal += tally.equal;
      totals.beside[key].all += tally.all;
    }
  }
}

int run_all(const Arguments& arguments) {
  const auto kinds = casim::oracle::case_kinds();
  Totals totals;
  int explained = 0;
  for (const std::string& path : arguments.paths) {
    for (const CaseFile& file : casim::oracle::load(path)) {
      if (arguments.explain.empty()) {
        run(kinds, file, totals);
      } else {
        explained += explain(kinds, file, arguments.explain);
      }
    }
  }
  if (!arguments.explain.empty()) {
    if (explained == 0) throw std::runtime_error("no case " + arguments.explain);
    return 0;
  }
  for (const auto& [key, tally] : totals.beside) {
    fmt::print("{}: {} of {} equal\n", key, tally.equal, tally.all);
  }
  fmt::print("{} passed, {} failed", totals.passed, totals.failed);
  if (totals.skipped > 0) fmt::print(", {} skipped", totals.skipped);
  fmt::print("\n");
  return totals.failed == 0 ? 0 : 1;
}

}  // namespace

int main(int argc, char** argv) {
  try {
    const Arguments arguments = casim::oracle::parse_arguments({argv + 1, argv + argc});
    if (!arguments.wants_help) return run_all(arguments);
    fmt::print("{}", kUsage);
    return 0;
  } catch (const std::exception& e) {
    fmt::print(stderr, "casim-oracle: {}\n{}", e.what(), kUsage);
    return 2;
  }
}
