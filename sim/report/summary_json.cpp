#include "sim/report/summary_json.h"

namespace casim::sim {

std::string to_json(const Summary& summary) { return config::to_json(values_of(summary).tree()); }

}  // namespace casim::sim
