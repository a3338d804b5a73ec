// The numbers of a page: <data value="..." data-path="...">text</data>.
#pragma once

#include <cmath>
#include <map>
#include <regex>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "tests/catch.h"

namespace casim::sim {

inline std::string unescape(std::string text) {
  for (const auto& [from, to] :
       {std::pair{"&lt;", "<"}, {"&gt;", ">"}, {"&quot;", "\""}, {"&amp;", "&"}}) {
    for (std::size_t at = 0; (at = text.find(from, at)) != std::string::npos; ++at) {
      text.replace(at, std::string_view(from).size(), to);
    }
  }
  return text;
}

struct DataCell {
  std::map<std::string, std::string> attributes;
  std::string text;
};

inline std::vector<DataCell> data_cells(const std::string& page) {
  static const std::regex kAttribute(R"re(([a-z-]+)="([^"]*)")re");
  std::vector<DataCell> out;
  for (std::size_t at = 0; (at = page.find("<data ", at)) != std::string::npos;) {
    const std::size_t close = page.find('>', at);
    const std::size_t end = page.find("</data>", close);
    const std::string head = page.substr(at, close - at);
    DataCell cell;
    for (std::sregex_iterator it(head.begin(), head.end(), kAttribute), none; it != none; ++it) {
      cell.attributes[(*it)[1]] = unescape((*it)[2]);
    }
    cell.text = unescape(page.substr(close + 1, end - close - 1));
    out.push_back(std::move(cell));
    at = end;
  }
  return out;
}

// The text is the number, rounded to the decimals that it has; of a share in percent.
inline void check_text(const std::string& text, double exact) {
  std::size_t used = 0;
  const double shown = std::stod(text, &used);
  const std::size_t dot = text.find('.');
  const std::size_t decimals = dot < used ? used - dot - 1 : 0;
  const double scale = text.ends_with(" %") ? 100 : 1;
  CHECK(std::abs(shown - scale * exact) <=
        0.5000001 * std::pow(10.0, -static_cast<double>(decimals)));
}

}  // namespace casim::sim
