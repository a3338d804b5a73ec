#include "sim/report/wrapped_text.h"

#include <algorithm>

namespace casim::sim {

std::string wrapped(std::string_view text, std::size_t indent, int given_width) {
  const auto width = static_cast<std::size_t>(std::max(given_width, 40));
  std::string out;
  std::size_t column = indent;
  for (std::size_t from = 0; from < text.size();) {
    const std::size_t space = std::min(text.find(' ', from), text.size());
    const std::string_view word = text.substr(from, space - from);
    if (column + word.size() > width && column > indent) {
      out += "\n" + std::string(indent, ' ');
      column = indent;
    } else if (from > 0) {
      out += ' ';
    }
    out += word;
    column += word.size() + 1;
    from = space + 1;
  }
  return out;
}

}  // namespace casim::sim
