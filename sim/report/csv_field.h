// Fields of CSV files, as RFC 4180 says.
#pragma once

#include <string>

namespace casim::sim {

// A field with a comma, a quote or an end of line is quoted.
inline std::string csv_field(const std::string& text) {
  if (text.find_first_of(",\"\n") == std::string::npos) return text;
  std::string out = "\"";
  for (char c : text) {
    if (c == '"') out += '"';
    out += c;
  }
  return out + '"';
}

}  // namespace casim::sim
