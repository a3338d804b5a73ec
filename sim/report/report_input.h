// What a report is made of.
#pragma once

#include <functional>
#include <string>
#include <vector>

#include "sim/metrics/collectors.h"
#include "sim/report/pods_csv.h"

namespace casim::sim {

// A value of the configuration that is not its default.
struct ConfigDifference {
  std::string path;      // as --set takes it: node_groups.general.max
  std::string value;     // JSON
  std::string standard;  // its default as JSON; empty: it has none
};

struct ReportInput {
  const Summary& summary;
  const Collectors& told;
  std::function<PodText(PodId)> text_of;
  std::string start;  // wall time of the run's zero, RFC 3339
  std::vector<ConfigDifference> differences;
  std::string replay;        // the command that runs it again
  std::string requirements;  // HTML: what EC2 must satisfy for the run's path
};

}  // namespace casim::sim
