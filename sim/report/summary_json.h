// summary.json: every value of a run's summary, the same bytes for the same run. result_schema.h
// says what its keys mean.
#pragma once

#include <string>

#include "sim/metrics/collectors.h"

namespace casim::sim {

std::string to_json(const Summary& summary);

}  // namespace casim::sim
