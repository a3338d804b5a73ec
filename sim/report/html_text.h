// HTML of a report: text that is safe in it, and cells that hold a number exactly.
#pragma once

#include <functional>
#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "sim/metrics/summary_values.h"

namespace casim::sim {

std::string escape_html(std::string_view text);

using PageParts = std::map<std::string, std::string, std::less<>>;

// A template with a part in the place of each {{name}}. Requires: `parts` has all of them.
std::string fill_page(std::string_view page, const PageParts& parts);

// 12 to "12", in seconds "77.14 s", a share "3.10 %"; null to "never" or "none".
std::string plain_text(const config::Value& value, const ValueType& type);

// Values of a summary as <data value="77.135" data-path="/scale_up_latency/total/p99">77.14
// s</data>: the value to the last digit of summary.json, where it stands there (a JSON pointer),
// and in short.
class SummaryCells {
 public:
  explicit SummaryCells(SummaryValues values) : values_(std::move(values)) {}

  const SummaryValues& values() const { return values_; }

  // `path` as a row has it; `names` for each "{name}" in it. What the summary does not have under
  // those names is an empty cell.
  std::string cell(std::string_view path, const std::vector<std::string>& names = {}) const;

  std::string bare_cell(std::string_view path) const;  // without its unit
  // Of a path with one "[]", an item of the list. Requires: it has that many.
  std::string item_cell(std::string_view path, std::size_t item) const;

  // Null: there is none of those names.
  const config::Value* find(std::string_view path,
                            const std::vector<std::string>& names = {}) const;

  std::int64_t count(std::string_view path) const { return *values_.at(path).as_int64(); }

 private:
  const ValueType& type_of(std::string_view path) const;

  SummaryValues values_;
};

// The same for a number that stands in another file of the result: `attributes` say where.
std::string data_cell(std::string_view exact, std::string_view attributes, std::string_view text);

// A table that scrolls by itself where the page is narrow.
class HtmlTable {
 public:
  // A column whose name begins with '#' holds numbers, one with '~' a picture.
  explicit HtmlTable(const std::vector<std::string>& columns);

  // Cells are HTML; the first one names the row.
  void row(const std::vector<std::string>& cells, std::string_view row_class = "");

  std::string html() const { return html_ + "</tbody></table></div>"; }

 private:
  std::string html_;
  std::vector<std::string> classes_;  // of the cells of each column
};

}  // namespace casim::sim
