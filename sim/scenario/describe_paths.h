// The members of the parts of path_scenario.h.
#pragma once

#include "sim/scenario/path_scenario.h"
#include "src/config/config.h"

namespace casim::sim {

void describe(config::Visitor& v, PathScenario& path);
void describe(config::Visitor& v, RegistrationScenario& registration);
void describe(config::Visitor& v, CredentialsScenario& credentials);

}  // namespace casim::sim
