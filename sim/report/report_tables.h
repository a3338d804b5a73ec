// The parts of a report that say what series.csv and pods.csv say, and the timeline of decisions.
#pragma once

#include <string>

#include "sim/report/pod_waits.h"
#include "sim/report/report_input.h"

namespace casim::sim {

// The series in at most some 24 rows: of each the mean and the most.
std::string course_table_html(const RunSeries& series, TimePoint end);
std::string marks_html(const RunMarks& marks, TimePoint end);
std::string decisions_html(const DecisionLog& log, TimePoint end);
std::string bands_table_html(const std::vector<WaitBand>& bands);
std::string slowest_html(const ReportInput& input, const PodWaits& waits);

}  // namespace casim::sim
