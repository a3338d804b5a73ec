#include <fmt/format.h>

#include "sim/cli/command.h"
#include "sim/cli/options.h"
#include "sim/cli/replicate.h"
#include "sim/study/stored_results.h"

namespace casim::sim {

int merge_command(const Arguments& arguments) {
  std::vector<std::string> results;
  std::string out;
  bool json = false;
  bool quiet = false;
  po::options_description options("options");
  options.add_options()("help,h", "print this")("out", po::value(&out)->default_value("runs.json"),
                                                "the file to write")(
      "json", po::bool_switch(&json), "print it too")("quiet,q", po::bool_switch(&quiet),
                                                      "print nothing")(
      "results", po::value(&results), "results of one scenario, or folders of them");
  const CommandLine line = parse_command_line(
      arguments, options,
      {"RESULT... [options]",
       "What runs of one scenario under seeds in a row say together: the same bytes as those of\n"
       "casim run --runs. A gap, a seed twice or another scenario or version is refused.",
       "casim merge out/first-burst --out out/first-burst/runs.json"},
      "results", -1);
  if (!line.goes_on) return line.exit_code;
  std::vector<std::filesystem::path> summaries;
  for (const std::string& where : results) {
    const auto found = summaries_in(where);
    if (!found) {
      fmt::print(stderr, "casim: {}\n", found.error());
      return kBadInput;
    }
    summaries.insert(summaries.end(), found->begin(), found->end());
  }
  if (summaries.empty()) {
    fmt::print(stderr, "casim: merge needs results\n");
    return kBadInput;
  }
  return merge_results(summaries, out, quiet, json);
}

}  // namespace casim::sim
