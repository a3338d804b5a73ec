#include "src/config/yaml_scalars.h"

#include <algorithm>
#include <charconv>
#include <cmath>
#include <cstdint>
#include <optional>
#include <string_view>

namespace casim::config {
namespace {

constexpr std::string_view kDigits = "0123456789";

std::size_t take_digits(std::string_view& text) {
  const std::size_t count = std::min(text.find_first_not_of(kDigits), text.size());
  text.remove_prefix(count);
  return count;
}

// False: an exponent without digits.
bool take_exponent(std::string_view& text) {
  if (!text.starts_with('e') && !text.starts_with('E')) return true;
  text.remove_prefix(1);
  if (text.starts_with('+') || text.starts_with('-')) text.remove_prefix(1);
  return take_digits(text) > 0;
}

bool is_json_number(std::string_view text) {
  if (text.starts_with('-')) text.remove_prefix(1);
  const bool leading_zero = text.starts_with('0');
  const std::size_t whole = take_digits(text);
  if (whole == 0 || (leading_zero && whole > 1)) return false;
  if (text.starts_with('.')) {
    text.remove_prefix(1);
    if (take_digits(text) == 0) return false;
  }
  return take_exponent(text) && text.empty();
}

// [-+]?(\.[0-9]+|[0-9]+(\.[0-9]*)?)([eE][-+]?[0-9]+)?
bool is_yaml_float(std::string_view text) {
  if (text.starts_with('-') || text.starts_with('+')) text.remove_prefix(1);
  const std::size_t whole = take_digits(text);
  std::size_t fraction = 0;
  if (text.starts_with('.')) {
    text.remove_prefix(1);
    fraction = take_digits(text);
  }
  return whole + fraction > 0 && take_exponent(text) && text.empty();
}

template <class Number>
std::optional<Number> number_of(std::string_view text) {
  Number number{};
  const char* end = text.data() + text.size();
  const auto result = std::from_chars(text.data(), end, number);
  if (result.ec != std::errc{} || result.ptr != end) return std::nullopt;
  return number;
}

int take_base(std::string_view& digits) {
  if (digits.size() < 2 || digits[0] != '0') return 10;
  const char mark = static_cast<char>(digits[1] | 0x20);
  const int base = mark == 'x' ? 16 : mark == 'o' ? 8 : mark == 'b' ? 2 : 0;
  digits.remove_prefix(base == 0 ? 1 : 2);
  return base == 0 ? 8 : base;
}

struct GoInteger {
  bool is_negative = false;
  std::uint64_t magnitude = 0;
};

// strconv.ParseInt(text, 0, 64), or ParseUint: a sign, then 0x, 0o, 0b or 0 for the base.
std::optional<GoInteger> go_integer(std::string_view text) {
  GoInteger out;
  out.is_negative = text.starts_with('-');
  if (out.is_negative || text.starts_with('+')) text.remove_prefix(1);
  const int base = take_base(text);
  const char* end = text.data() + text.size();
  const auto result = std::from_chars(text.data(), end, out.magnitude, base);
  if (result.ec != std::errc{} || result.ptr != end) return std::nullopt;
  constexpr std::uint64_t kLeast = std::uint64_t{1} << 63;
  if (out.is_negative && out.magnitude > kLeast) return std::nullopt;
  return out;
}

// A word in lower case, with a capital, or in capitals.
bool is_word(std::string_view text, std::string_view lower) {
  if (text.size() != lower.size()) return false;
  std::string capital(lower);
  capital[0] = static_cast<char>(capital[0] - 0x20);
  std::string capitals(lower);
  std::ranges::transform(capitals, capitals.begin(),
                         [](char c) { return static_cast<char>(c - 0x20); });
  return text == lower || text == capital || text == capitals;
}

bool is_any(std::string_view text, std::initializer_list<std::string_view> words) {
  return std::ranges::any_of(words, [text](auto word) { return is_word(text, word); });
}

}  // namespace

Value json_scalar(const std::string& text) {
  if (text == "true") return Value(true);
  if (text == "false") return Value(false);
  if (is_json_number(text)) {
    if (const auto number = number_of<std::int64_t>(text)) return Value(*number);
    if (const auto number = number_of<std::uint64_t>(text)) return Value(*number);
    if (const auto number = number_of<double>(text)) return Value(*number);
  }
  return Value(text);
}

Value yaml11_scalar(const std::string& text) {
  if (is_any(text, {"y", "yes", "on", "true"})) return Value(true);
  if (is_any(text, {"n", "no", "off", "false"})) return Value(false);
  if (text.empty() || text == "~" || is_word(text, "null")) return Value();
  const bool may_be_number = (kDigits.find(text[0]) != std::string_view::npos) || text[0] == '-' ||
                             text[0] == '+' || text[0] == '.';
  if (!may_be_number) return Value(text);
  std::string plain = text;
  if (text[0] != '.') {
    std::erase(plain, '_');
    if (const auto whole = go_integer(plain)) {
      if (!whole->is_negative) return Value(whole->magnitude);
      return Value(static_cast<std::int64_t>(~whole->magnitude + 1));
    }
  }
  if (is_yaml_float(plain)) {
    std::string_view digits = plain;
    if (digits.starts_with('+')) digits.remove_prefix(1);
    if (const auto number = number_of<double>(digits)) return Value(*number);
  }
  return Value(text);
}

}  // namespace casim::config
