// Volumes that are in one zone, by the names of storage/v1 StorageClass and PersistentVolumeClaim.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace casim::sim {

enum class VolumeBindingMode : std::uint8_t { kWaitForFirstConsumer, kImmediate };

struct StorageClassConfig {
  std::string name;
  VolumeBindingMode volume_binding_mode = VolumeBindingMode::kWaitForFirstConsumer;
  std::vector<std::string> zones;  // of Immediate volumes; none: those of the node groups
};

// A claim that pods name. Its volume is in that zone, or is made as its class says.
struct VolumeClaimConfig {
  std::string name;
  std::string namespace_name = "default";
  std::optional<std::string> zone;
  std::optional<std::string> storage_class_name;
};

struct VolumeClaimTemplateConfig {
  std::string name;
  std::string storage_class_name;
};

}  // namespace casim::sim
