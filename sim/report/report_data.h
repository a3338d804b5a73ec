// The data of a report's charts, as JSON inside the page. Numbers of the series are written as
// series.csv writes them.
#pragma once

#include <string>

#include "sim/report/pod_waits.h"
#include "sim/report/report_input.h"

namespace casim::sim {

// Groups that decisions were made for, in the order of their lanes.
std::vector<std::string> groups_of(const std::vector<Decision>& decisions);

// Safe inside a script element.
std::string report_data(const ReportInput& input, const PodWaits& waits);

}  // namespace casim::sim
