// What a client token may be. Source: ec2.md 1.4 (IDM).
#pragma once

#include <string>

#include "src/ec2/attempt.h"

namespace casim::sim {

// InvalidParameterValue.
ec2::Attempt<void> check_client_token(const std::string& token);

}  // namespace casim::sim
