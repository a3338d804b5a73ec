// What an EC2 error code means for a slot: the class that the autoscaler is told. Source: the
// catalogue of ec2.md section 2, column "class".
#pragma once

#include <string>
#include <string_view>

#include "src/ec2/attempt.h"
#include "src/provider/types.h"

namespace casim::provider {

// SlotFailure::kOutOfResources or kOther. Takes codes of replies and, with their prefix "Server."
// or "Client.", of state reasons (ec2.md 1.5).
int error_class_of(std::string_view code);

// The code is never empty: the autoscaler ignores errors without one (ec2.md section 2).
SlotFailure make_failure(std::string code, std::string message);

// What a slot says of a call that failed.
SlotFailure failure_of(const ec2::AttemptError& error);

}  // namespace casim::provider
