// One of several results that stand side by side: a scenario under one seed or many, as it was, or
// with another load, another fault, another setting.
#pragma once

#include <expected>
#include <filesystem>
#include <optional>
#include <string>
#include <vector>

#include "sim/study/replications.h"
#include "src/config/value.h"

namespace casim::sim {

// A value that two resolved scenarios do not share.
struct ScenarioDifference {
  std::string path;   // as --set takes it: workloads.web.count
  std::string first;  // JSON; empty: there is none
  std::string other;
};

// Leaf by leaf, in the order of `other`, without the seed. Items of a list are named by their name.
std::vector<ScenarioDifference> differences_between(const config::Value& first,
                                                    const config::Value& other);

struct Variant {
  std::string label;
  Replications runs;
  std::vector<config::Value> summaries;  // of them, in order of seed
  config::Value scenario;                // resolved, of the first of them
  std::filesystem::path folder;          // of the first of them

  // Null: no run has it.
  const ReplicatedValue* find(const std::string& path) const { return runs.find(path); }

  // The mean over the runs; none: a run has no answer, as where a pod never ran.
  std::optional<double> mean(const std::string& path) const;
  // The most of any run; likewise.
  std::optional<double> most(const std::string& path) const;
};

// Of results and folders of them ("out/first-burst/1", "x4=out/x4"), each scenario in a folder by
// itself. Labels are told apart. The error says which are none, were stopped before their end, or
// are of different versions of casim.
std::expected<std::vector<Variant>, std::string> read_variants(
    const std::vector<std::string>& results);

}  // namespace casim::sim
