#include <algorithm>

#include <fmt/format.h>

#include "sim/report/report_sections.h"

namespace casim::sim {

std::string settling_html(const SummaryCells& cells) {
  constexpr std::size_t kShown = 50;
  const auto path = [](std::string_view member) {
    return fmt::format("convergence.disturbances[].{}", member);
  };
  const std::size_t all = cells.values().at(path("verdict")).as_list()->size();
  if (all == 0) return "";
  HtmlTable table(
      {"disturbance", "#at", "verdict", "#first node Ready", "#service settled", "#size settled"});
  for (std::size_t i = 0; i < std::min(all, kShown); ++i) {
    std::vector<std::string> row;
    for (const char* member :
         {"what", "at", "verdict", "first_node", "service_settled", "size_settled"}) {
      row.push_back(cells.item_cell(path(member), i));
    }
    table.row(row);
  }
  std::string out = fmt::format(
      "<h3>How the cluster settled: {}</h3>{}<p class=\"note\">From each disturbance until no pod "
      "waited that a group could hold, and until targets and schedulable nodes were one; never: "
      "not before the next one, or not for the hold. At most {} nodes above the ideal peak, {} in "
      "excess over the run.",
      cells.cell("convergence.verdict"), table.html(), cells.cell("convergence.overshoot"),
      cells.cell("convergence.excess_node_hours"));
  if (all > kShown) out += fmt::format(" The first {} of {} are shown.", kShown, all);
  return out + "</p>";
}

}  // namespace casim::sim
