// The command line of casim-oracle.
#pragma once

#include <stdexcept>
#include <string>
#include <vector>

namespace casim::oracle {

struct Arguments {
  std::vector<std::string> paths;  // empty: the project's own cases
  std::string explain;             // id; empty: none
  bool wants_help = false;
};

// Throws std::runtime_error.
inline Arguments parse_arguments(const std::vector<std::string>& given) {
  Arguments arguments;
  for (std::size_t i = 0; i < given.size(); ++i) {
    const std::string& argument = given[i];
    if (argument == "--help") {
      arguments.wants_help = true;
    } else if (argument == "--explain") {
      if (i + 1 == given.size()) throw std::runtime_error("--explain needs the id of a case");
      arguments.explain = given[++i];
    } else if (argument.starts_with("--")) {
      throw std::runtime_error("unknown option " + argument + "; there are --explain and --help");
    } else {
      arguments.paths.push_back(argument);
    }
  }
  return arguments;
}

}  // namespace casim::oracle
