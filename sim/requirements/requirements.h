// What the EC2 API must satisfy for one path: what a run has really asked of it, beside what the
// path needs by its rules. Each statement says which of the two it is.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "sim/metrics/run_info.h"
#include "sim/requirements/ec2_use.h"
#include "sim/scenario/scenario.h"

namespace casim::sim {

enum class Basis : std::uint8_t {
  kSeen,  // in this run
  kRule,  // of the path, whether or not the run shows it
};

std::string_view name_of(Basis basis);

struct RequirementStatement {
  Basis basis;
  std::string text;
};

struct RequirementTable {
  std::vector<std::string> columns;
  std::vector<std::vector<std::string>> rows;
  bool has_sentences = false;  // too wide for a terminal, row by row
};

struct RequirementSection {
  std::string title;
  RequirementTable table;  // may be empty
  std::vector<RequirementStatement> statements;
};

struct Requirements {
  std::string path;
  std::string run;  // which run it is: scenario and seed
  std::vector<RequirementSection> sections;
};

// `use`: of the whole run, whose summary is `run`.
Requirements requirements_of(const Scenario& scenario, const RunInfo& run, const Ec2Use& use);

}  // namespace casim::sim
