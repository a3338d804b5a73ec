#include "sim/kubelet/registered_node.h"

namespace casim::sim {

void differ_from_template(const RegisteredNode& given, const std::string& zone, Labels& labels,
                          Resources& allocatable) {
  for (const auto& [key, value] : given.labels) labels[key] = value;
  for (const std::string& key : given.zone_labels) labels[key] = zone;
  for (const std::string& key : given.without_labels) labels.erase(key);
  const Resources& own = given.allocatable;
  if (own.cpu.value() != 0) allocatable.cpu = own.cpu;
  if (own.memory.value() != 0) allocatable.memory = own.memory;
  if (own.ephemeral_storage.value() != 0) allocatable.ephemeral_storage = own.ephemeral_storage;
  if (own.pods != 0) allocatable.pods = own.pods;
  for (const auto& [name, count] : own.extended) allocatable.extended[name] = count;
}

}  // namespace casim::sim
