// casim-oracle FILE...: runs recorded cases, prints one line for each that fails, and closes with
// "N passed, N failed". With --explain ID: where that case differs first, both sides, and why.
#include <fmt/format.h>

#include <cstdio>
#include <exception>
#include <map>
#include <string>
#include <vector>

#include "tests/oracle/oracle.h"

namespace {

using casim::oracle::CaseFile;
using casim::oracle::CaseKind;
using casim::oracle::CaseResult;
using casim::oracle::Tally;

struct Arguments {
  std::vector<std::string> paths;
  std::string explain;  // id; empty: none
};

Arguments parse(int argc, char** argv) {
  Arguments arguments;
  for (int i = 1; i < argc; ++i) {
    const std::string argument = argv[i];
    if (argument == "--explain" && i + 1 < argc) {
      arguments.explain = argv[++i];
    } else {
      arguments.paths.push_back(argument);
    }
  }
  return arguments;
}

int explain(const std::vector<std::unique_ptr<CaseKind>>& kinds, const CaseFile& file,
            const std::string& id) {
  int found = 0;
  for (const nlohmann::json& one : file.cases) {
    if (!one.is_object() || one.value("id", "") != id) continue;
    for (const auto& kind : kinds) {
      if (!kind->is_mine(one)) continue;
      ++found;
      fmt::print("{}\n", kind->explain(one));
    }
  }
  return found;
}

struct Totals {
  int passed = 0;
  int failed = 0;
  std::map<std::string, Tally> beside;
};

void run(const std::vector<std::unique_ptr<CaseKind>>& kinds, const CaseFile& file,
         Totals& totals) {
  for (const nlohmann::json& one : file.cases) {
    const CaseResult result = casim::oracle::run_case(kinds, one);
    ++(result.passed ? totals.passed : totals.failed);
    if (!result.passed) fmt::print("{} ({}): {}\n", result.id, result.family, result.difference);
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
  if (!arguments.explain.empty()) return explained > 0 ? 0 : 2;
  for (const auto& [key, tally] : totals.beside) {
    fmt::print("{}: {} of {} equal\n", key, tally.equal, tally.all);
  }
  fmt::print("{} passed, {} failed\n", totals.passed, totals.failed);
  return totals.failed == 0 ? 0 : 1;
}

}  // namespace

int main(int argc, char** argv) {
  const Arguments arguments = parse(argc, argv);
  if (arguments.paths.empty()) {
    fmt::print(stderr, "usage: casim-oracle [--explain ID] FILE...\n");
    return 2;
  }
  try {
    return run_all(arguments);
  } catch (const std::exception& e) {
    fmt::print(stderr, "casim-oracle: {}\n", e.what());
    return 2;
  }
}
