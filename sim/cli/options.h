// Command lines of the subcommands, by Boost.Program_options, with our own words for mistakes.
#pragma once

#include <string>

#include <boost/program_options.hpp>

#include "sim/cli/command.h"

namespace casim::sim {

namespace po = boost::program_options;

// What the user wrote, or with what to end.
struct CommandLine {
  po::variables_map values;
  int exit_code = kOk;
  bool goes_on = false;  // false: help was printed, or a mistake was named
};

// `positional`: the name of the one positional argument (of `most`; -1: any number), or null; it is
// no option of the user's. Prints the help when it is asked for; names a mistake with the nearest
// option.
CommandLine parse_command_line(const Arguments& arguments, const po::options_description& options,
                               const CommandUsage& usage, const char* positional, int most = 1);

}  // namespace casim::sim
