#include "sim/report/report_html.h"

#include <fmt/format.h>

#include "sim/report/clock_text.h"
#include "sim/report/html_text.h"
#include "sim/report/page_assets.h"
#include "sim/report/report_data.h"
#include "sim/report/report_sections.h"
#include "sim/report/report_tables.h"
#include "sim/report/series_csv.h"
#include "src/core/version.h"

namespace casim::sim {
namespace {

constexpr std::size_t kSlowestShown = 20;

std::string course_note(const ReportInput& input) {
  const StepSeries::Rows rows(input.told.series().steps(), input.summary.end);
  std::string note =
      fmt::format("{} steps of {}", rows.size(), clock_text(kTimeZero + rows.step()));
  if (rows.step() > StepSeries::kFirstStep) note += "; a band shows the least and the most of each";
  note += ". Zero is " + escape_html(input.start) +
          ". Drag, Ctrl and wheel, or the keys + − 0 ← → "
          "zoom all charts together.";
  return note;
}

std::string footer(const Summary& summary) {
  return fmt::format(
      "casim {} · seed {} · {} of virtual time, stopped by {} · {} facts, digest {}. One seed is "
      "one luck: look at several before you trust a difference of one node.",
      kResultsVersion, summary.seed, clock_text(summary.end), escape_html(summary.stopped_by),
      summary.facts, summary.digest);
}

}  // namespace

std::string report_html(const ReportInput& input) {
  const Summary& summary = input.summary;
  const SummaryCells cells(values_of(summary));
  const PodWaits waits = waits_of(input.told.pods(), input.told.nodes(),
                                  {summary.warmup, summary.latency.unserved}, kSlowestShown);
  const std::string name = escape_html(summary.scenario);
  const PageParts parts = {
      {"version", std::string(kResultsVersion)},
      {"style", std::string(page_style())},
      {"chart_js", std::string(page_charts())},
      {"script", std::string(page_script())},
      {"title", fmt::format("{}, seed {} – casim", name, summary.seed)},
      {"eyebrow", fmt::format("casim · {} · seed {}", name, summary.seed)},
      {"question",
       escape_html(summary.description.empty() ? summary.scenario : summary.description)},
      {"verdict", verdict_html(summary)},
      {"key_figures", key_figures_html(cells)},
      {"in_words", in_words_html(cells)},
      {"thresholds", thresholds_html(summary)},
      {"course_note", course_note(input)},
      {"course_table", course_table_html(input.told.series(), summary.end)},
      {"marks", marks_html(input.told.marks(), summary.end)},
      {"settling", settling_html(cells)},
      {"decisions", decisions_html(input.told.decisions(), summary.end)},
      {"latency_tables", latency_tables_html(cells)},
      {"bands_table", bands_table_html(waits.bands)},
      {"slowest", slowest_html(input, waits)},
      {"calls", calls_html(cells)},
      {"requirements", input.requirements},
      {"differences", differences_html(input.differences)},
      {"replay", escape_html(input.replay)},
      {"notes", notes_html(summary)},
      {"all_values", all_values_html(cells)},
      {"footer", footer(summary)},
      {"data", report_data(input, waits)},
  };
  return fill_page(page_template(), parts);
}

}  // namespace casim::sim
