#include "sim/scenario/label_syntax.h"

#include <algorithm>

#include <fmt/format.h>

namespace casim::sim {
namespace {

constexpr std::size_t kLongestName = 63;
constexpr std::size_t kLongestDomain = 253;

bool is_alphanumeric(char c) {
  return (c >= '0' && c <= '9') || (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z');
}

bool is_name(std::string_view name) {
  return !name.empty() && name.size() <= kLongestName && is_alphanumeric(name.front()) &&
         is_alphanumeric(name.back()) && std::ranges::all_of(name, [](char c) {
           return is_alphanumeric(c) || c == '-' || c == '_' || c == '.';
         });
}

bool is_domain_label(std::string_view label) {
  const auto is_allowed = [](char c) { return is_alphanumeric(c) && !(c >= 'A' && c <= 'Z'); };
  return !label.empty() && is_allowed(label.front()) && is_allowed(label.back()) &&
         std::ranges::all_of(label, [&](char c) { return is_allowed(c) || c == '-'; });
}

bool is_domain(std::string_view domain) {
  if (domain.size() > kLongestDomain) return false;
  while (true) {
    const std::size_t dot = domain.find('.');
    if (!is_domain_label(domain.substr(0, dot))) return false;
    if (dot == std::string_view::npos) return true;
    domain.remove_prefix(dot + 1);
  }
}

}  // namespace

bool is_label_key(std::string_view key) {
  const std::size_t slash = key.find('/');
  if (slash == std::string_view::npos) return is_name(key);
  return is_domain(key.substr(0, slash)) && is_name(key.substr(slash + 1));
}

bool is_label_value(std::string_view value) { return value.empty() || is_name(value); }

std::string problem_of(const Labels& labels) {
  for (const auto& [key, value] : labels) {
    if (!is_label_key(key)) {
      return fmt::format("\"{}\" is no label key, as \"app\" and \"example.com/tier\" are", key);
    }
    if (!is_label_value(value)) {
      return fmt::format(
          "\"{}\" is no label value: at most 63 letters, digits, - _ and dots, "
          "letters or digits at both ends",
          value);
    }
  }
  return "";
}

}  // namespace casim::sim
