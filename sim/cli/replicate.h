// `casim run --runs N`: the same scenario under N seeds, each a process of its own, and what they
// say together.
#pragma once

#include <cstdint>
#include <filesystem>
#include <string>
#include <vector>

namespace casim::sim {

struct ReplicationPlan {
  std::vector<std::string> command;  // of one run, without seed and folder
  std::filesystem::path folder;      // a folder a seed in it, and runs.json
  std::uint64_t first_seed = 1;
  int runs = 1;
  int jobs = 1;
  bool quiet = false;
  bool json = false;  // print runs.json
};

// Answers with the exit code. Whatever `jobs` is, the same bytes come out.
int replicate(const ReplicationPlan& plan);

// What some results say together, into a file. Answers with the exit code.
int merge_results(const std::vector<std::filesystem::path>& summaries,
                  const std::filesystem::path& file, bool quiet, bool json);

}  // namespace casim::sim
