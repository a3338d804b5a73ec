#include "sim/cli/result_files.h"

#include <fstream>

#include "sim/cli/config_differences.h"
#include "sim/report/pods_csv.h"
#include "sim/report/report_html.h"
#include "sim/report/series_csv.h"
#include "sim/report/summary_json.h"
#include "sim/scenario/describe.h"
#include "src/config/config.h"

namespace casim::sim {
namespace {

// `fill` writes to the stream that it is handed.
Result<void> write_stream(const ResultFolder& folder, const std::string& file, const auto& fill) {
  std::ofstream out(folder.path(file), std::ios::binary);
  fill(out);
  out.close();
  if (!out) return unwritable(file);
  return {};
}

}  // namespace

std::unexpected<Error> unwritable(const std::string& file) {
  return failure(ErrorCode::kUnknown, file + ": cannot be written");
}

std::string report_of(const World& world, const Summary& summary, const Scenario& scenario,
                      const std::string& replay) {
  return report_html({.summary = summary,
                      .told = world.collectors(),
                      .text_of = [&world](PodId id) { return world.text_of(id); },
                      .start = config::write_wall_time(scenario.start),
                      .differences = differences_from_defaults(scenario),
                      .replay = replay});
}

Result<void> write_result(const ResultFolder& folder, const FinishedRun& run,
                          const ResultExtras& extras) {
  const std::string scenario_json = config::to_json(config::write(run.loaded.scenario)) + "\n";
  for (const auto& [file, text] :
       {std::pair<std::string, std::string>{"summary.json", to_json(run.summary)},
        {"scenario.json", scenario_json},
        {"meta.json", run.meta}}) {
    const auto written = folder.write(file, text);
    if (!written) return written;
  }
  const Collectors& told = run.world.collectors();
  const auto series = write_stream(folder, "series.csv", [&](std::ostream& out) {
    write_series_csv(out, told.series(), run.summary.end);
  });
  if (!series) return series;
  if (extras.report) {
    const auto written = folder.write(
        "report.html", report_of(run.world, run.summary, run.loaded.scenario, run.replay));
    if (!written) return written;
  }
  if (!extras.pods) return {};
  return write_stream(folder, "pods.csv", [&](std::ostream& out) {
    write_pods_csv(out, told.pods(), told.nodes(), [&](PodId id) { return run.world.text_of(id); });
  });
}

}  // namespace casim::sim
