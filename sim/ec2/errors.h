// Error replies of EC2 with the status that goes with each code. Source: ec2.md section 2.
#pragma once

#include <string>
#include <string_view>

#include "src/ec2/api.h"

namespace casim::sim {

int http_status_of(std::string_view code);

ec2::AttemptError ec2_error(std::string_view code, std::string message);

}  // namespace casim::sim
