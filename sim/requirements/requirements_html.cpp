#include "sim/requirements/requirements_html.h"

#include <utility>
#include <vector>

#include <fmt/format.h>

#include "sim/report/html_text.h"
#include "sim/requirements/requirements_text.h"

namespace casim::sim {
namespace {

std::vector<std::string> escaped(const std::vector<std::string>& texts) {
  std::vector<std::string> out;
  out.reserve(texts.size());
  for (const std::string& text : texts) out.push_back(escape_html(text));
  return out;
}

std::string table_html(const RequirementTable& table) {
  HtmlTable out(escaped(table.columns));
  for (const std::vector<std::string>& row : table.rows) out.row(escaped(row));
  return out.html();
}

}  // namespace

std::string to_html(const Requirements& requirements) {
  std::string out =
      fmt::format("<details><summary>{}</summary><p class=\"note\">{}</p>",
                  escape_html(title_of(requirements)), escape_html(kRequirementsLegend));
  for (const RequirementSection& section : requirements.sections) {
    out += "<h3>" + escape_html(section.title) + "</h3>";
    if (!section.table.rows.empty()) out += table_html(section.table);
    if (section.statements.empty()) continue;
    out += "<ul>";
    for (const RequirementStatement& statement : section.statements) {
      out += fmt::format("<li><i>{}</i>: {}</li>", name_of(statement.basis),
                         escape_html(statement.text));
    }
    out += "</ul>";
  }
  return out + "</details>";
}

}  // namespace casim::sim
