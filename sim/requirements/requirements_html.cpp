#include "sim/requirements/requirements_html.h"

#include <fmt/format.h>

#include "sim/report/html_text.h"

namespace casim::sim {
namespace {

std::string html_table(const RequirementTable& table) {
  HtmlTable out(table.columns);
  for (const std::vector<std::string>& row : table.rows) {
    std::vector<std::string> cells;
    for (const std::string& cell : row) cells.push_back(escape_html(cell));
    out.row(cells);
  }
  return out.html();
}

}  // namespace

std::string to_html(const Requirements& requirements) {
  std::string out;
  for (const RequirementSection& section : requirements.sections) {
    out += fmt::format("<h3>{}</h3>", escape_html(section.title));
    if (!section.table.rows.empty()) out += html_table(section.table);
    if (section.statements.empty()) continue;
    out += "<ul>";
    for (const RequirementStatement& statement : section.statements) {
      out += fmt::format("<li><i>{}</i>: {}</li>", name_of(statement.basis),
                         escape_html(statement.text));
    }
    out += "</ul>";
  }
  return out;
}

}  // namespace casim::sim
