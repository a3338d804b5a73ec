// The needs of a path for people and for machines.
#pragma once

#include <string>
#include <vector>

#include "sim/report/summary_text.h"
#include "sim/requirements/requirements.h"
#include "src/config/value.h"

namespace casim::sim {

std::string to_text(const Requirements& requirements, const TerminalStyle& style);
std::string to_markdown(const Requirements& requirements);
config::Value to_value(const Requirements& requirements);

}  // namespace casim::sim
