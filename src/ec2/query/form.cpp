#include "src/ec2/query/form.h"

#include <algorithm>
#include <optional>

#include <fmt/format.h>

namespace casim::ec2::query {
namespace {

bool stands_for_itself(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
         std::string_view("-._~").find(c) != std::string_view::npos;
}

std::optional<unsigned> digit_of(char c) {
  if (c >= '0' && c <= '9') return static_cast<unsigned>(c - '0');
  if (c >= 'a' && c <= 'f') return static_cast<unsigned>(c - 'a') + 10;
  if (c >= 'A' && c <= 'F') return static_cast<unsigned>(c - 'A') + 10;
  return std::nullopt;
}

}  // namespace

std::string escape_form(std::string_view text) {
  std::string out;
  for (const char c : text) {
    if (stands_for_itself(c)) {
      out += c;
    } else if (c == ' ') {
      out += '+';
    } else {
      out += fmt::format("%{:02X}", static_cast<unsigned char>(c));
    }
  }
  return out;
}

std::expected<std::string, std::string> unescape_form(std::string_view text) {
  std::string out;
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (text[i] != '%') {
      out += text[i] == '+' ? ' ' : text[i];
      continue;
    }
    const auto high = i + 2 < text.size() ? digit_of(text[i + 1]) : std::nullopt;
    const auto low = i + 2 < text.size() ? digit_of(text[i + 2]) : std::nullopt;
    if (!high || !low) {
      return std::unexpected(fmt::format("\"{}\" is no percent code", text.substr(i, 3)));
    }
    out += static_cast<char>(*high << 4 | *low);
    i += 2;
  }
  return out;
}

std::string name_below(std::string_view place, std::string_view name) {
  std::string out(place);
  if (name.empty()) return out;
  if (!out.empty()) out += '.';
  const std::size_t first = out.size();
  out += name;
  if (out[first] >= 'a' && out[first] <= 'z')
    out[first] = static_cast<char>(out[first] - 'a' + 'A');
  return out;
}

std::expected<Form, std::string> parse_form(std::string_view text) {
  Form form;
  while (!text.empty()) {
    const std::string_view pair = text.substr(0, text.find('&'));
    text.remove_prefix(std::min(text.size(), pair.size() + 1));
    if (pair.empty()) continue;
    const std::size_t sign = pair.find('=');
    auto name = unescape_form(pair.substr(0, sign));
    if (!name) return std::unexpected(std::move(name.error()));
    auto value =
        unescape_form(sign == std::string_view::npos ? std::string_view() : pair.substr(sign + 1));
    if (!value) return std::unexpected(std::move(value.error()));
    form.emplace_back(*std::move(name), *std::move(value));
  }
  return form;
}

}  // namespace casim::ec2::query
