#include "sim/scenario/load_scenario.h"

#include "sim/scenario/describe.h"
#include "sim/scenario/instance_types.h"
#include "src/config/config.h"

namespace casim::sim {

std::optional<LoadedScenario> load_scenario(const ScenarioSource& source,
                                            config::Problems& problems) {
  auto document = config::load_file(source.file, problems);
  if (!document) return std::nullopt;
  for (const std::string& assignment : source.overrides) {
    config::apply_override(*document, assignment, problems);
  }
  LoadedScenario loaded{source.file.stem().string(), {}, std::move(*document)};
  config::read(loaded.document, loaded.scenario, problems);
  Ec2Config& ec2 = loaded.scenario.ec2;
  ec2.catalogue = catalogue_of(ec2, loaded.document, problems);
  validate(loaded.scenario, loaded.document, problems);
  return loaded;
}

}  // namespace casim::sim
