#include "sim/scenario/load_scenario.h"

#include "sim/scenario/describe.h"
#include "sim/scenario/expand_manifests.h"
#include "sim/scenario/instance_types.h"
#include "src/config/config.h"

namespace casim::sim {

namespace {

void read_and_check(LoadedScenario& loaded, config::Problems& problems) {
  config::read(loaded.document, loaded.scenario, problems);
  Ec2Config& ec2 = loaded.scenario.ec2;
  ec2.catalogue = catalogue_of(ec2, loaded.document, problems);
  validate(loaded.scenario, loaded.document, problems);
}

}  // namespace

std::optional<LoadedScenario> load_document(std::string name, config::Document document,
                                            const std::vector<std::string>& overrides,
                                            config::Problems& problems) {
  // Those that lead nowhere yet may name what comes out of a manifest.
  std::vector<std::string> later;
  for (const std::string& assignment : overrides) {
    config::Problems ignored;
    if (!config::apply_override(document, assignment, ignored)) later.push_back(assignment);
  }
  const bool has_manifests = names_manifests(document);
  WrittenPaths paths;
  if (has_manifests) paths = expand_manifests(document, problems);
  for (const std::string& assignment : later) {
    config::apply_override(document, assignment, problems);
  }
  LoadedScenario loaded{std::move(name), {}, std::move(document)};
  if (!has_manifests) {
    read_and_check(loaded, problems);
    return loaded;
  }
  if (problems.has_errors()) return std::nullopt;
  config::Problems found;
  read_and_check(loaded, found);
  paths.move(found, problems);
  return loaded;
}

std::optional<LoadedScenario> load_scenario(const ScenarioSource& source,
                                            config::Problems& problems) {
  auto document = config::load_file(source.file, problems);
  if (!document) return std::nullopt;
  return load_document(source.file.stem().string(), std::move(*document), source.overrides,
                       problems);
}

}  // namespace casim::sim
