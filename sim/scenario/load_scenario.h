// From a file and --set values to a checked scenario with its load, or to all that is wrong with
// them at once.
#pragma once

#include <filesystem>
#include <optional>
#include <string>
#include <vector>

#include "sim/scenario/scenario.h"
#include "src/config/document.h"
#include "src/config/problems.h"

namespace casim::sim {

struct ScenarioSource {
  std::filesystem::path file;
  std::vector<std::string> overrides;  // "path=value"
};

struct LoadedScenario {
  std::string name;  // of the file, without its ending
  Scenario scenario;
  config::Document document;
};

std::optional<LoadedScenario> load_document(std::string name, config::Document document,
                                            const std::vector<std::string>& overrides,
                                            config::Problems& problems);
std::optional<LoadedScenario> load_scenario(const ScenarioSource& source,
                                            config::Problems& problems);

// Rules across parts: types exist and match within a group, names refer to something, flags are
// the autoscaler's. Reported at their places in the document.
void validate(const Scenario& scenario, const config::Document& document,
              config::Problems& problems);

}  // namespace casim::sim
