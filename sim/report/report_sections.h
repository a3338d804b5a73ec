// The parts of a report that say what summary.json says.
#pragma once

#include <string>
#include <vector>

#include "sim/report/html_text.h"
#include "sim/report/report_input.h"

namespace casim::sim {

std::string verdict_html(const Summary& summary);
std::string key_figures_html(const SummaryCells& cells);
// The answer in sentences.
std::string in_words_html(const SummaryCells& cells);
std::string thresholds_html(const Summary& summary);
// How the cluster came to rest after each disturbance.
std::string settling_html(const SummaryCells& cells);
// Percentiles by stage, of both populations.
std::string latency_tables_html(const SummaryCells& cells);
std::string calls_html(const SummaryCells& cells);
std::string differences_html(const std::vector<ConfigDifference>& differences);
std::string notes_html(const Summary& summary);
std::string all_values_html(const SummaryCells& cells);

}  // namespace casim::sim
