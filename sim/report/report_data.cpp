#include "sim/report/report_data.h"

#include <set>

#include <fmt/format.h>

#include "sim/report/exact_seconds.h"
#include "sim/report/series_csv.h"

namespace casim::sim {
namespace {

using config::Value;

// A string of JSON that cannot end the script element around it.
std::string json_string(std::string_view text) {
  std::string out;
  for (const char c : config::to_json(Value(text), -1)) {
    if (c == '<') {
      out += "\\u003c";
    } else {
      out += c;
    }
  }
  return out;
}

std::string seconds(TimePoint t) {
  return t == kTimeNever ? "null" : short_number(to_seconds(t), 9);
}

// "[a,b,c]" of what `text` makes of each.
std::string list_of(const auto& items, const auto& text) {
  std::string out = "[";
  for (const auto& item : items) {
    if (out.size() > 1) out += ',';
    out += text(item);
  }
  return out + "]";
}

std::string column_of(const RunSeries::Quantity& of, const StepSeries::Rows& rows) {
  std::vector<std::string> columns(of.is_counter ? 1 : 3);
  for (std::size_t row = 0; row < rows.size(); ++row) {
    const std::vector<std::string> cells = cells_of(of, rows, row);
    for (std::size_t i = 0; i < columns.size(); ++i) {
      columns[i] += (row == 0 ? "" : ",") + cells[i];
    }
  }
  std::string out =
      fmt::format(R"({{"name":{},"group":{},"unit":{},"mean":[{}])", json_string(of.name),
                  json_string(of.group), json_string(of.unit), columns[0]);
  if (!of.is_counter) out += fmt::format(R"(,"min":[{}],"max":[{}])", columns[1], columns[2]);
  return out + "}";
}

std::string series_of(const ReportInput& input) {
  const StepSeries::Rows rows(input.told.series().steps(), input.summary.end);
  return fmt::format(R"({{"step_s":{},"rows":{},"columns":{}}})",
                     short_number(to_seconds(rows.step()), 9), rows.size(),
                     list_of(input.told.series().quantities(),
                             [&rows](const auto& of) { return column_of(of, rows); }));
}

std::string mark_of(const RunMark& mark) {
  return fmt::format(R"({{"from":{},"to":{},"what":{},"fault":{}}})", seconds(mark.from),
                     seconds(mark.to), json_string(mark.what), mark.is_fault);
}

std::string decision_of(const Decision& of) {
  return fmt::format(
      R"({{"from":{},"to":{},"group":{},"kind":{},"nodes":{},"pods":{},"decisions":{},)"
      R"("reason":{}}})",
      seconds(of.from), seconds(of.to), json_string(of.group), json_string(name_of(of.kind)),
      of.nodes, of.pods, of.decisions, json_string(of.reason));
}

std::string band_of(const WaitBand& band) {
  return fmt::format(R"({{"name":{},"pods":{},"mean_s":{}}})", json_string(band.name), band.pods,
                     list_of(band.mean, [](Duration d) { return exact_seconds(d); }));
}

std::string spread_of(std::string_view name, const std::vector<SpreadPoint>& points) {
  return fmt::format(R"({{"name":{},"points":{}}})", json_string(name),
                     list_of(points, [](const SpreadPoint& point) {
                       return fmt::format("[{},{}]", exact_seconds(point.within),
                                          short_number(point.share, 6));
                     }));
}

}  // namespace

std::vector<std::string> groups_of(const std::vector<Decision>& decisions) {
  std::set<std::string> groups;
  for (const Decision& of : decisions) groups.insert(of.group);
  return {groups.begin(), groups.end()};
}

std::string report_data(const ReportInput& input, const PodWaits& waits) {
  const std::vector<Decision>& decisions = input.told.decisions().decisions();
  std::string out = fmt::format(R"({{"start":{},"end_s":{},)", json_string(input.start),
                                seconds(input.summary.end));
  out += "\"series\":" + series_of(input);
  out += ",\"marks\":" + list_of(input.told.marks().marks(), mark_of);
  out +=
      ",\"groups\":" + list_of(groups_of(decisions), [](const auto& g) { return json_string(g); });
  out += ",\"decisions\":" + list_of(decisions, decision_of);
  out += ",\"stages\":" + list_of(kStageNames, json_string);
  out += ",\"bands\":" + list_of(waits.bands, band_of);
  out += fmt::format(",\"spread\":[{},{}]", spread_of("all pods", waits.all),
                     spread_of("waited for a new node", waits.scale_up));
  return out + "}";
}

}  // namespace casim::sim
