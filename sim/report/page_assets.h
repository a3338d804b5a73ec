// The parts of a report that are no result, from reports/page and from Chart.js, built in.
#pragma once

#include <string_view>

namespace casim::sim {

std::string_view page_template();
std::string_view capacity_template();  // of several results
std::string_view page_style();
std::string_view page_script();
std::string_view page_charts();  // Chart.js, with its licence

}  // namespace casim::sim
