#include "sim/requirements/requirements_text.h"

#include <algorithm>
#include <cstddef>
#include <utility>

#include <fmt/format.h>

#include "sim/report/wrapped_text.h"

namespace casim::sim {
namespace {

std::string in_bold_line(const std::string& text, const TerminalStyle& style) {
  return style.colour ? fmt::format("\033[1m{}\033[0m\n", text) : text + "\n";
}

// Behind a label; later lines begin below the first.
std::string labelled(const std::string& label, const std::string& text,
                     const TerminalStyle& style) {
  return label + wrapped(text, label.size(), style.width) + "\n";
}

std::vector<std::size_t> widths_of(const RequirementTable& table) {
  std::vector<std::size_t> widths;
  for (std::size_t i = 0; i < table.columns.size(); ++i) {
    std::size_t width = table.columns[i].size();
    for (const std::vector<std::string>& row : table.rows) width = std::max(width, row[i].size());
    widths.push_back(width);
  }
  return widths;
}

// The last cell may have several lines.
std::string line_of(const std::vector<std::string>& cells, const std::vector<std::size_t>& widths,
                    const TerminalStyle& style) {
  std::string label = "  ";
  for (std::size_t i = 0; i + 1 < cells.size(); ++i) {
    label += fmt::format("{:<{}}  ", cells[i], widths[i]);
  }
  return labelled(label, cells.back(), style);
}

std::string table_text(const RequirementTable& table, const TerminalStyle& style) {
  std::string out;
  if (!table.has_sentences) {
    const std::vector<std::size_t> widths = widths_of(table);
    out += line_of(table.columns, widths, style);
    for (const std::vector<std::string>& row : table.rows) out += line_of(row, widths, style);
    return out;
  }
  for (const std::vector<std::string>& row : table.rows) {
    out += labelled("  ", row.front(), style);
    for (std::size_t i = 1; i < row.size(); ++i) {
      out += labelled(fmt::format("      {}: ", table.columns[i]), row[i], style);
    }
  }
  return out;
}

std::string in_cell(std::string_view text) {
  std::string out;
  for (const char c : text) {
    if (c == '|') out += '\\';
    out += c;
  }
  return out;
}

std::string markdown_row(const std::vector<std::string>& cells) {
  std::string out = "|";
  for (const std::string& cell : cells) out += fmt::format(" {} |", in_cell(cell));
  return out + "\n";
}

std::string table_markdown(const RequirementTable& table) {
  std::string out = markdown_row(table.columns) + "|";
  for (std::size_t i = 0; i < table.columns.size(); ++i) out += "---|";
  out += "\n";
  for (const std::vector<std::string>& row : table.rows) out += markdown_row(row);
  return out;
}

config::Value table_value(const RequirementTable& table) {
  config::Value::List rows;
  for (const std::vector<std::string>& row : table.rows) {
    config::Value cells;
    for (std::size_t i = 0; i < row.size(); ++i) cells.set(table.columns[i], row[i]);
    rows.push_back(std::move(cells));
  }
  return config::Value(std::move(rows));
}

}  // namespace

std::string title_of(const Requirements& requirements) {
  return fmt::format("What EC2's API must satisfy for the path {} ({})", requirements.path,
                     requirements.run);
}

std::string to_text(const Requirements& requirements, const TerminalStyle& style) {
  std::string out = in_bold_line(wrapped(title_of(requirements), 0, style.width), style);
  out += labelled("  ", std::string(kRequirementsLegend), style);
  for (const RequirementSection& section : requirements.sections) {
    out += "\n" + in_bold_line(section.title, style);
    if (!section.table.rows.empty()) out += table_text(section.table, style);
    for (const RequirementStatement& statement : section.statements) {
      out += labelled(fmt::format("  {}  ", name_of(statement.basis)), statement.text, style);
    }
  }
  return out;
}

std::string to_markdown(const Requirements& requirements) {
  std::string out = fmt::format("## {}\n\n{}\n", title_of(requirements), kRequirementsLegend);
  for (const RequirementSection& section : requirements.sections) {
    out += fmt::format("\n### {}\n\n", section.title);
    if (!section.table.rows.empty()) out += table_markdown(section.table);
    if (!section.table.rows.empty() && !section.statements.empty()) out += "\n";
    for (const RequirementStatement& statement : section.statements) {
      out += fmt::format("- *{}*: {}\n", name_of(statement.basis), statement.text);
    }
  }
  return out;
}

config::Value to_value(const Requirements& requirements) {
  config::Value out;
  out.set("path", requirements.path);
  out.set("run", requirements.run);
  config::Value::List sections;
  for (const RequirementSection& section : requirements.sections) {
    config::Value one;
    one.set("title", section.title);
    one.set("table", table_value(section.table));
    config::Value::List statements;
    for (const RequirementStatement& statement : section.statements) {
      config::Value said;
      said.set("basis", name_of(statement.basis));
      said.set("text", statement.text);
      statements.push_back(std::move(said));
    }
    one.set("statements", config::Value(std::move(statements)));
    sections.push_back(std::move(one));
  }
  out.set("sections", config::Value(std::move(sections)));
  return out;
}

}  // namespace casim::sim
