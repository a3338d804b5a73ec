// The needs of a path for people and for machines.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "sim/report/summary_text.h"
#include "sim/requirements/requirements.h"
#include "src/config/value.h"

namespace casim::sim {

// What it is a list of, and what its two kinds of statements are.
std::string title_of(const Requirements& requirements);
inline constexpr std::string_view kRequirementsLegend =
    "seen: in this run. rule: what the path needs or does under the settings of the scenario, "
    "whether or not the run shows it.";

std::string to_text(const Requirements& requirements, const TerminalStyle& style);
std::string to_markdown(const Requirements& requirements);
config::Value to_value(const Requirements& requirements);

}  // namespace casim::sim
