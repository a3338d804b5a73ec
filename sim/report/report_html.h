// report.html: a result as one page that needs nothing else, for people. Every number in it is one
// of summary.json, series.csv or pods.csv; charts draw what the tables say. Its size does not hang
// on the number of pods.
#pragma once

#include <string>

#include "sim/report/report_input.h"

namespace casim::sim {

std::string report_html(const ReportInput& input);

}  // namespace casim::sim
