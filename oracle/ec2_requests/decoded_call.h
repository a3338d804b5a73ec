// A decoded request in the names of the clients' input, so that the two can be compared.
#pragma once

#include <nlohmann/json.hpp>

#include "src/ec2/action.h"

namespace casim::oracle {

nlohmann::json decoded_call(const ec2::AnyRequest& request);

// The hash of what there is no member for; 0: nothing was given.
std::uint64_t other_parameters_of(const ec2::AnyRequest& request);

}  // namespace casim::oracle
