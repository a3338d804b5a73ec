#include "sim/scenario/resolve_volumes.h"

#include <algorithm>
#include <set>
#include <string_view>

#include <fmt/format.h>

#include "sim/scenario/pod_templates.h"
#include "src/config/names.h"

namespace casim::sim {
namespace {

const StorageClassConfig* find_class(const std::string& name, const Scenario& scenario) {
  for (const StorageClassConfig& each : scenario.storage_classes) {
    if (each.name == name) return &each;
  }
  return nullptr;
}

const VolumeClaimConfig* find_claim(const std::string& name, const std::string& name_space,
                                    const Scenario& scenario) {
  for (const VolumeClaimConfig& each : scenario.volume_claims) {
    if (each.name == name && each.namespace_name == name_space) return &each;
  }
  return nullptr;
}

std::vector<std::string> zones_of_groups(const Scenario& scenario) {
  std::set<std::string> zones;
  for (const NodeGroupConfig& group : scenario.node_groups) {
    zones.insert(group.zones.begin(), group.zones.end());
  }
  return {zones.begin(), zones.end()};
}

// Where an Immediate volume may be, sorted.
std::vector<std::string> zones_of(const StorageClassConfig& storage, const Scenario& scenario) {
  if (storage.zones.empty()) return zones_of_groups(scenario);
  std::vector<std::string> zones = storage.zones;
  std::ranges::sort(zones);
  return zones;
}

// None: not known, or nowhere before a pod uses it.
std::optional<std::string> zone_of(const VolumeClaimConfig& claim, const Scenario& scenario) {
  if (claim.zone) return claim.zone;
  const StorageClassConfig* storage = find_class(claim.storage_class_name.value_or(""), scenario);
  if (storage == nullptr) return std::nullopt;
  if (storage->volume_binding_mode != VolumeBindingMode::kImmediate) return std::nullopt;
  const std::vector<std::string> zones = zones_of(*storage, scenario);
  if (zones.empty()) return std::nullopt;
  return zone_of_claim(claim.name, zones);
}

class VolumeCheck {
 public:
  VolumeCheck(const Scenario& scenario, const config::Document& document,
              config::Problems& problems)
      : scenario_(scenario), document_(document), problems_(problems) {}

  void run() {
    check_classes();
    check_claims();
    check_templates();
    for_each_template(scenario_, [&](const FoundTemplate& found) { check_pod(found); });
  }

 private:
  void error(const std::string& path, const std::string& message) {
    document_.error(problems_, path, message);
  }

  void check_zone(const std::string& path, const std::string& zone) {
    const std::vector<std::string> zones = zones_of_groups(scenario_);
    if (std::ranges::find(zones, zone) != zones.end()) return;
    const std::vector<std::string_view> names(zones.begin(), zones.end());
    error(path, fmt::format("no node group has the zone \"{}\"{}", zone,
                            config::suggestion(zone, names)));
  }

  void check_class_name(const std::string& path, const std::string& name) {
    if (find_class(name, scenario_) != nullptr) return;
    std::vector<std::string_view> names;
    for (const StorageClassConfig& each : scenario_.storage_classes) names.push_back(each.name);
    error(path,
          fmt::format("unknown storage class \"{}\"{}", name, config::suggestion(name, names)));
  }

  void check_classes() {
    for (std::size_t i = 0; i < scenario_.storage_classes.size(); ++i) {
      const std::vector<std::string>& zones = scenario_.storage_classes[i].zones;
      for (std::size_t z = 0; z < zones.size(); ++z) {
        check_zone(fmt::format("storage_classes[{}].zones[{}]", i, z), zones[z]);
      }
    }
  }

  void check_claims() {
    for (std::size_t i = 0; i < scenario_.volume_claims.size(); ++i) {
      const VolumeClaimConfig& claim = scenario_.volume_claims[i];
      const std::string path = fmt::format("volume_claims[{}]", i);
      if (find_claim(claim.name, claim.namespace_name, scenario_) != &claim) {
        error(path + ".name", "another claim of the namespace has this name");
      }
      if (claim.zone) {
        check_zone(path + ".zone", *claim.zone);
      } else if (claim.storage_class_name) {
        check_class_name(path + ".storageClassName", *claim.storage_class_name);
      }
    }
  }

  void check_templates() {
    for (std::size_t i = 0; i < scenario_.workloads.size(); ++i) {
      const auto* set = std::get_if<StatefulSetWorkload>(&scenario_.workloads[i].body);
      if (set == nullptr) continue;
      for (std::size_t c = 0; c < set->volume_claim_templates.size(); ++c) {
        check_class_name(
            fmt::format("workloads[{}].volumeClaimTemplates[{}].storageClassName", i, c),
            set->volume_claim_templates[c].storage_class_name);
      }
    }
  }

  void check_pod(const FoundTemplate& found) {
    std::set<std::string> zones;
    for (std::size_t i = 0; i < found.pod.volumes.size(); ++i) {
      const auto& given = found.pod.volumes[i].persistent_volume_claim;
      if (!given) continue;
      const VolumeClaimConfig* claim =
          find_claim(given->claim_name, found.pod.namespace_name, scenario_);
      if (claim != nullptr) {
        if (const auto zone = zone_of(*claim, scenario_)) zones.insert(*zone);
        continue;
      }
      std::vector<std::string_view> names;
      for (const VolumeClaimConfig& each : scenario_.volume_claims) {
        if (each.namespace_name == found.pod.namespace_name) names.push_back(each.name);
      }
      error(fmt::format("{}.volumes[{}].persistentVolumeClaim.claimName", found.path, i),
            fmt::format("no claim \"{}\" in its namespace{}", given->claim_name,
                        config::suggestion(given->claim_name, names)));
    }
    if (zones.size() > 1) {
      error(found.path + ".volumes", "its claims are in different zones: it can run nowhere");
    }
  }

  const Scenario& scenario_;
  const config::Document& document_;
  config::Problems& problems_;
};

}  // namespace

std::vector<VolumeClaimTemplate> resolve_claims(const StatefulSetWorkload& set,
                                                const Scenario& scenario) {
  std::vector<VolumeClaimTemplate> out;
  for (const VolumeClaimTemplateConfig& given : set.volume_claim_templates) {
    VolumeClaimTemplate& claim = out.emplace_back();
    claim.name = given.name;
    const StorageClassConfig* storage = find_class(given.storage_class_name, scenario);
    if (storage && storage->volume_binding_mode == VolumeBindingMode::kImmediate) {
      claim.zones = zones_of(*storage, scenario);
    }
  }
  return out;
}

std::string volume_zone_of(const PodTemplate& pod, const Scenario& scenario) {
  for (const VolumeTemplate& volume : pod.volumes) {
    if (!volume.persistent_volume_claim) continue;
    const VolumeClaimConfig* claim =
        find_claim(volume.persistent_volume_claim->claim_name, pod.namespace_name, scenario);
    const auto zone = claim == nullptr ? std::nullopt : zone_of(*claim, scenario);
    if (zone) return *zone;
  }
  return "";
}

std::map<ClaimKey, std::string> resolve_bound_claims(const Scenario& scenario) {
  std::map<ClaimKey, std::string> bound;
  for (const VolumeClaimConfig& claim : scenario.volume_claims) {
    if (const auto zone = zone_of(claim, scenario)) {
      bound[{claim.namespace_name, claim.name}] = *zone;
    }
  }
  return bound;
}

void check_volumes(const Scenario& scenario, const config::Document& document,
                   config::Problems& problems) {
  VolumeCheck(scenario, document, problems).run();
}

}  // namespace casim::sim
