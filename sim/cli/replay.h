// How to come back to a run: its scenario, the values that were overridden, its seed, and the
// command line that runs it again.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace casim::sim {

struct Replay {
  std::string scenario;                // file, as it was given
  std::vector<std::string> overrides;  // "path=value" of --set, in order, the seed left out
  std::uint64_t seed = 0;
  std::vector<std::string> options;  // what else the run depends on: "--rpc wire"
};

// As one word of a POSIX shell: quoted where it has to be.
std::string shell_word(std::string_view text);

// "casim run scenarios/first-burst.json --set workloads.web.count=7 --seed 3", for a shell.
std::string command_of(const Replay& replay);

}  // namespace casim::sim
