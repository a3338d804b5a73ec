// What the nodes of a group will look like, by what EC2 says of its types.
#pragma once

#include <string>
#include <vector>

#include "src/ec2/catalogue.h"
#include "src/provider/types.h"

namespace casim::provider {

// What templates have in common.
struct TemplateTerms {
  const ec2::Catalogue& catalogue;
  ec2::KubeletReservation reservation;
  bool is_kube_reserved = true;  // nodes keep from pods what EKS' image reserves
  std::string gpu_label = Config{}.gpu_label;
};

// Operating system, architecture, and the model of the GPUs.
std::map<std::string, std::string> well_known_labels(const ec2::InstanceType& type,
                                                     const std::string& gpu_label);

Resources allocatable_of(const ec2::InstanceType& type, const TemplateTerms& terms);

// The least of the types, with well-known labels; zone and instance type only where there is one.
// Requires: known types, at least one, and at least one zone.
NodeTemplate make_template(const std::vector<std::string>& types,
                           const std::vector<std::string>& zones, const TemplateTerms& terms);

}  // namespace casim::provider
