#include "sim/cli/result_files.h"

#include <cerrno>
#include <fstream>
#include <functional>
#include <system_error>

#include "sim/cli/config_differences.h"
#include "sim/report/pods_csv.h"
#include "sim/report/report_html.h"
#include "sim/report/series_csv.h"
#include "sim/report/summary_json.h"
#include "sim/report/trace_json.h"
#include "sim/requirements/requirements.h"
#include "sim/requirements/requirements_html.h"
#include "sim/scenario/describe.h"
#include "src/config/config.h"

namespace casim::sim {
namespace {

// `fill` writes to the stream that it is handed.
Result<void> write_stream(const ResultFolder& folder, const std::string& file, const auto& fill) {
  errno = 0;
  std::ofstream out(folder.path(file), std::ios::binary);
  fill(out);
  out.close();
  if (!out) return unwritable(folder.name_of(file));
  return {};
}

}  // namespace

std::unexpected<Error> unwritable(const std::string& file) {
  // What the system said last, which is of this file: nothing was done since.
  const std::string why =
      errno == 0 ? "" : std::string(": ") + std::generic_category().message(errno);
  return failure(ErrorCode::kUnknown, file + ": cannot be written" + why);
}

ReportInput report_input(const World& world, const Summary& summary, const Scenario& scenario,
                         const std::string& replay, const Ec2Use* ec2) {
  return {.summary = summary,
          .told = world.collectors(),
          .text_of = [&world](PodId id) { return world.text_of(id); },
          .start = config::write_wall_time(scenario.start),
          .differences = differences_from_defaults(scenario),
          .replay = replay,
          .requirements = ec2 == nullptr ? "" : to_html(requirements_of(scenario, summary, *ec2))};
}

Result<void> write_result(const ResultFolder& folder, const FinishedRun& run,
                          const ResultExtras& extras) {
  const std::string scenario_json = config::to_json(config::write(run.loaded.scenario)) + "\n";
  for (const auto& [file, text] :
       {std::pair<std::string, std::string>{"summary.json", to_json(run.summary)},
        {"scenario.json", scenario_json},
        {"meta.json", run.meta}}) {
    const auto written =
        write_stream(folder, file, [&text = text](std::ostream& out) { out << text; });
    if (!written) return written;
  }
  const Collectors& told = run.world.collectors();
  const auto text_of = [&run](PodId id) { return run.world.text_of(id); };
  const auto input = [&run] {
    return report_input(run.world, run.summary, run.loaded.scenario, run.replay, run.ec2);
  };

  struct Part {
    bool is_asked = true;
    const char* file = "";
    std::function<void(std::ostream&)> write;
  };

  const Part parts[] = {
      {true, "series.csv",
       [&](std::ostream& out) { write_series_csv(out, told.series(), run.summary.end); }},
      {extras.report, "report.html", [&](std::ostream& out) { out << report_html(input()); }},
      {extras.trace, "trace.json", [&](std::ostream& out) { write_trace(out, input()); }},
      {extras.pods, "pods.csv",
       [&](std::ostream& out) { write_pods_csv(out, told.pods(), told.nodes(), text_of); }},
  };
  for (const Part& part : parts) {
    if (!part.is_asked) continue;
    const auto written = write_stream(folder, part.file, part.write);
    if (!written) return written;
  }
  return {};
}

}  // namespace casim::sim
