// The REST face described by itself: an OpenAPI 3.0 document of its routes and of what it reads and
// writes.
#pragma once

#include "src/config/value.h"

namespace casim::sim {

config::Value rest_openapi();

}  // namespace casim::sim
