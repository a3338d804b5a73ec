// What an override says, letter by letter. Inside of config only.
#pragma once

#include <string>

#include "src/config/value.h"

namespace casim::config {

// The value of an override as it was written, if the origin is one and its value is no list or
// object; else empty, as for a very long one.
std::string scalar_of_override(const Origin& origin);

}  // namespace casim::config
