#include "sim/report/html_text.h"

#include <algorithm>
#include <stdexcept>

#include <fmt/format.h>

#include "sim/metrics/summary_path.h"

namespace casim::sim {
namespace {

using config::Value;

// One step of a JSON pointer (RFC 6901).
std::string pointer_step(std::string_view name) {
  std::string out = "/";
  for (const char c : name) {
    if (c == '~') {
      out += "~0";
    } else if (c == '/') {
      out += "~1";
    } else {
      out += c;
    }
  }
  return out;
}

std::string pointer_of(std::string_view path, const std::vector<std::string>& names) {
  std::string out;
  std::size_t name = 0;
  for (const PathStep& step : steps_of(path)) {
    out += pointer_step(step.kind == PathStep::Kind::kAnyName ? names.at(name++) : step.name);
  }
  return out;
}

std::string summary_cell(const std::string& pointer, const Value& value, const ValueType& type) {
  const std::string* text = value.as_string();
  return data_cell(text != nullptr ? *text : config::to_json(value, -1),
                   fmt::format("data-path=\"{}\"", escape_html(pointer)), plain_text(value, type));
}

}  // namespace

std::string escape_html(std::string_view text) {
  std::string out;
  for (const char c : text) {
    switch (c) {
      case '&':
        out += "&amp;";
        break;
      case '<':
        out += "&lt;";
        break;
      case '>':
        out += "&gt;";
        break;
      case '"':
        out += "&quot;";
        break;
      default:
        out += c;
    }
  }
  return out;
}

std::string fill_page(std::string_view page, const PageParts& parts) {
  std::string out;
  while (true) {
    const std::size_t open = page.find("{{");
    out += page.substr(0, open);
    if (open == std::string_view::npos) return out;
    const std::size_t close = page.find("}}", open);
    const auto part = parts.find(page.substr(open + 2, close - open - 2));
    if (part == parts.end()) throw std::logic_error("the page names a part that there is not");
    out += part->second;
    page.remove_prefix(close + 2);
  }
}

std::string plain_text(const Value& value, const ValueType& type) {
  if (value.is_null()) return type.unit == "s" ? "never" : "none";
  if (const std::string* text = value.as_string()) return *text;
  if (const bool* flag = value.as_bool()) return *flag ? "true" : "false";
  if (type.kind == ValueType::Kind::kInteger) {
    const auto whole = value.as_int64();
    return whole ? std::to_string(*whole) : std::to_string(*value.as_uint64());
  }
  const double number = *value.as_double();
  if (type.unit == "share") return fmt::format("{:.2f} %", 100 * number);
  return fmt::format("{:.2f}{}{}", number, type.unit.empty() ? "" : " ", type.unit);
}

std::string data_cell(std::string_view exact, std::string_view attributes, std::string_view text) {
  return fmt::format("<data value=\"{}\" {}>{}</data>", escape_html(exact), attributes,
                     escape_html(text));
}

const ValueType& SummaryCells::type_of(std::string_view path) const {
  const auto row = std::ranges::find(values_.rows(), path, &SummaryValue::path);
  if (row == values_.rows().end()) throw std::logic_error("no value " + std::string(path));
  return row->type;
}

const Value* SummaryCells::find(std::string_view path,
                                const std::vector<std::string>& names) const {
  const Value* value = &values_.at(path);
  for (const std::string& name : names) {
    value = value->find(name);
    if (value == nullptr) return nullptr;
  }
  return value;
}

std::string SummaryCells::cell(std::string_view path, const std::vector<std::string>& names) const {
  const Value* value = find(path, names);
  return value == nullptr ? "" : summary_cell(pointer_of(path, names), *value, type_of(path));
}

std::string SummaryCells::bare_cell(std::string_view path) const {
  ValueType type = type_of(path);
  type.unit = "";
  return summary_cell(pointer_of(path, {}), values_.at(path), type);
}

std::string SummaryCells::item_cell(std::string_view path, std::size_t item) const {
  // Its step without a name takes the number's place.
  std::string pointer;
  for (const PathStep& step : steps_of(path)) {
    pointer +=
        pointer_step(step.kind == PathStep::Kind::kEachItem ? std::to_string(item) : step.name);
  }
  return summary_cell(pointer, values_.at(path).as_list()->at(item), type_of(path));
}

HtmlTable::HtmlTable(const std::vector<std::string>& columns) {
  html_ = "<div class=\"scroll\"><table><thead><tr>";
  for (const std::string& column : columns) {
    const bool is_marked = column.starts_with('#') || column.starts_with('~');
    classes_.emplace_back(!is_marked              ? ""
                          : column.front() == '#' ? " class=\"n\""
                                                  : " class=\"wide\"");
    html_ += fmt::format("<th scope=\"col\"{}>{}</th>", classes_.back(),
                         escape_html(column.substr(is_marked ? 1 : 0)));
  }
  html_ += "</tr></thead><tbody>";
}

void HtmlTable::row(const std::vector<std::string>& cells, std::string_view row_class) {
  html_ += row_class.empty() ? "<tr>" : fmt::format("<tr class=\"{}\">", row_class);
  for (std::size_t i = 0; i < cells.size(); ++i) {
    html_ += i == 0 ? fmt::format("<th scope=\"row\"{}>{}</th>", classes_.at(i), cells[i])
                    : fmt::format("<td{}>{}</td>", classes_.at(i), cells[i]);
  }
  html_ += "</tr>";
}

}  // namespace casim::sim
