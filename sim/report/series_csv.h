// series.csv: the run over time, at most some 2,000 rows of one step. Columns:
//   t_s, step_s        begin and length of the row, in seconds; the last row may be shorter
//   NAME, NAME_min, NAME_max
//                      of each gauge the mean over the row's time, the least and the most:
//                      pods_pending, pods_running, nodes_target (what the provider was asked for),
//                      nodes_ready, nodes_registered, nodes_ideal and cost_usd_per_hour where they
//                      are known, and of each node group target.GROUP and ready.GROUP
//   ec2_calls, ec2_refused
//                      calls that EC2 answered in the row, and those of them that failed
#pragma once

#include <ostream>
#include <string>

#include "sim/metrics/run_series.h"

namespace casim::sim {

// A value as series.csv and the report write it: at most `digits` decimals, none that are zero.
std::string short_number(double value, int digits);

// The cells of one row for one quantity, without their names: one of a counter, three of a gauge.
std::vector<std::string> cells_of(const RunSeries::Quantity& quantity, const StepSeries::Rows& rows,
                                  std::size_t row);

void write_series_csv(std::ostream& out, const RunSeries& series, TimePoint end);

}  // namespace casim::sim
