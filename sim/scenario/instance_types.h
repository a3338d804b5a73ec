// The instance types that a scenario may name: EC2's own, those of a file, and the scenario's.
#pragma once

#include <memory>

#include "sim/ec2/config.h"
#include "src/config/document.h"
#include "src/config/problems.h"
#include "src/ec2/catalogue.h"

namespace casim::sim {

// EC2's types; then those of `instance_types_file`, what `aws ec2 describe-instance-types` prints,
// which replace types of the same name but for price and zones, which it does not say; then the
// changes of `instance_types`. What is wrong is told, and left out.
std::shared_ptr<const ec2::Catalogue> catalogue_of(const Ec2Config& ec2,
                                                   const config::Document& scenario,
                                                   config::Problems& problems);

}  // namespace casim::sim
