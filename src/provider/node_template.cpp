#include "src/provider/node_template.h"

#include <algorithm>
#include <cassert>

#include "src/ec2/region.h"

namespace casim::provider {
namespace {

const ec2::InstanceType& type_of(const std::string& name, const TemplateTerms& terms) {
  const auto found = terms.catalogue.find(name);
  assert(found != terms.catalogue.end());
  return found->second;
}

Resources least(Resources a, const Resources& b) {
  a.cpu = std::min(a.cpu, b.cpu);
  a.memory = std::min(a.memory, b.memory);
  a.ephemeral_storage = std::min(a.ephemeral_storage, b.ephemeral_storage);
  a.pods = std::min(a.pods, b.pods);
  return a;  // extended resources are equal: the types have the same GPUs
}

}  // namespace

std::map<std::string, std::string> well_known_labels(const ec2::InstanceType& type,
                                                     const std::string& gpu_label) {
  std::map<std::string, std::string> labels = {{"kubernetes.io/os", "linux"},
                                               {"kubernetes.io/arch", type.architecture}};
  if (type.gpus > 0) labels[gpu_label] = type.gpu_model;
  return labels;
}

Resources allocatable_of(const ec2::InstanceType& type, const TemplateTerms& terms) {
  return terms.is_kube_reserved ? ec2::allocatable_of(type, terms.reservation)
                                : ec2::capacity_of(type, terms.reservation);
}

NodeTemplate make_template(const std::vector<std::string>& types,
                           const std::vector<std::string>& zones, const TemplateTerms& terms) {
  const ec2::InstanceType& first = type_of(types.front(), terms);
  NodeTemplate node;
  node.capacity = ec2::capacity_of(first, terms.reservation);
  node.allocatable = allocatable_of(first, terms);
  for (const std::string& name : types) {
    const ec2::InstanceType& type = type_of(name, terms);
    node.capacity = least(node.capacity, ec2::capacity_of(type, terms.reservation));
    node.allocatable = least(node.allocatable, allocatable_of(type, terms));
  }
  node.labels = well_known_labels(first, terms.gpu_label);
  if (types.size() == 1) node.labels["node.kubernetes.io/instance-type"] = first.name;
  if (zones.size() == 1) node.labels["topology.kubernetes.io/zone"] = zones.front();
  node.labels["topology.kubernetes.io/region"] = ec2::region_of(zones.front());
  return node;
}

}  // namespace casim::provider
