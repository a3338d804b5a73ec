#include "src/ec2/query/xml_text.h"

#include <cstddef>
#include <cstdint>

namespace casim::ec2::query {
namespace {

constexpr std::string_view kReplacement = "\xEF\xBF\xBD";  // U+FFFD

// How many bytes the character at the front has; 0: it is none that XML may hold.
std::size_t length_of_character(std::string_view text) {
  const auto byte = [text](std::size_t i) { return static_cast<unsigned char>(text[i]); };
  const unsigned char lead = byte(0);
  if (lead < 0x80) return lead >= 0x20 || lead == '\t' || lead == '\n' || lead == '\r' ? 1 : 0;
  const std::size_t length = lead >= 0xF0 ? 4 : lead >= 0xE0 ? 3 : 2;
  if (lead < 0xC2 || lead > 0xF4 || text.size() < length) return 0;
  auto code = static_cast<std::uint32_t>(lead & (0xFF >> (length + 1)));
  for (std::size_t i = 1; i < length; ++i) {
    if ((byte(i) & 0xC0) != 0x80) return 0;
    code = code << 6 | (byte(i) & 0x3F);
  }
  const bool is_too_long = (length == 3 && code < 0x800) || (length == 4 && code < 0x10000);
  const bool is_surrogate = code >= 0xD800 && code <= 0xDFFF;
  if (is_too_long || is_surrogate || code > 0x10FFFF || code == 0xFFFE || code == 0xFFFF) return 0;
  return length;
}

std::string_view escaped(char c) {
  switch (c) {
    case '&':
      return "&amp;";
    case '<':
      return "&lt;";
    case '>':
      return "&gt;";
    case '"':
      return "&quot;";
    case '\r':
      return "&#13;";  // parsers make a line feed of a bare one
    default:
      return {};
  }
}

// Text of white space alone is dropped by some parsers, unless it is escaped.
std::string escape_blank(std::string_view text) {
  std::string out;
  for (const char c : text) out += "&#" + std::to_string(static_cast<int>(c)) + ";";
  return out;
}

}  // namespace

bool is_xml_text(std::string_view text) {
  while (!text.empty()) {
    const std::size_t length = length_of_character(text);
    if (length == 0) return false;
    text.remove_prefix(length);
  }
  return true;
}

std::string escape_xml(std::string_view text) {
  if (text.find_first_not_of(" \t\n\r") == std::string_view::npos) return escape_blank(text);
  std::string out;
  while (!text.empty()) {
    const std::size_t length = length_of_character(text);
    if (length == 0) {
      out += kReplacement;
      text.remove_prefix(1);
      continue;
    }
    const std::string_view in_place = escaped(text.front());
    out += in_place.empty() ? text.substr(0, length) : in_place;
    text.remove_prefix(length);
  }
  return out;
}

}  // namespace casim::ec2::query
