#include "src/config/leaf_codecs.h"

#include <algorithm>

#include <fmt/format.h>

#include "src/config/leaf_schema.h"
#include "src/config/names.h"
#include "src/config/override_text.h"

namespace casim::config {
namespace {

constexpr std::string_view kDuration = "a duration such as \"90s\" or \"1h30m\"";
constexpr std::string_view kWallTime = "a time such as \"2026-01-05T00:00:00Z\"";
constexpr std::string_view kCpu = "an amount of CPU such as \"500m\", \"1.5\" or 4";
constexpr std::string_view kBytes = "an amount of bytes such as \"16Gi\" or \"500M\"";

// The text of a string, or of a number where numbers are as good.
std::optional<std::string> text_of(const Value& value, bool numbers_too) {
  if (const std::string* text = value.as_string()) return *text;
  if (!numbers_too) return std::nullopt;
  if (const auto n = value.as_int64()) return fmt::format("{}", *n);
  if (const auto n = value.as_double()) return fmt::format("{}", *n);
  return std::nullopt;
}

template <class T>
std::optional<T> parse_leaf(const Cursor& from, std::string_view expected, bool numbers_too,
                            Parsed<T> (*parse)(std::string_view)) {
  const auto text = text_of(from.value(), numbers_too);
  if (!text) {
    from.mismatch(expected);
    return std::nullopt;
  }
  const Parsed<T> parsed = parse(*text);
  if (parsed) return *parsed;
  from.mismatch(expected, parsed.error());
  return std::nullopt;
}

// Reads, checks the range and stores.
template <class T>
void read_ranged(const Cursor& from, T& out, const Rules& rules, const std::optional<T>& parsed) {
  if (parsed && is_in_range(from, bound_of(*parsed).value, rules, bound_of(T{}))) out = *parsed;
}

}  // namespace

void read_leaf(const Cursor& from, bool& out, const Rules&) {
  const bool* value = from.value().as_bool();
  if (value == nullptr) return from.mismatch("true or false");
  out = *value;
}

void read_leaf(const Cursor& from, double& out, const Rules& rules) {
  const auto number = from.value().as_double();
  if (!number) return from.mismatch("a number such as 0.5");
  if (is_in_range(from, *number, rules)) out = *number;
}

void read_leaf(const Cursor& from, std::string& out, const Rules& rules) {
  const std::string* text = from.value().as_string();
  const bool is_scalar = from.value().kind() == Value::Kind::kInteger ||
                         from.value().kind() == Value::Kind::kNumber ||
                         from.value().kind() == Value::Kind::kBool;
  // An override says a text without quotes, also where it looks like something else.
  std::string written;
  if (is_scalar && from.value().origin() != nullptr) {
    written = scalar_of_override(*from.value().origin());
    if (!written.empty()) text = &written;
  }
  if (text == nullptr) return from.mismatch("text", is_scalar ? "put it in quotes" : "");
  const bool is_blank = text->find_first_not_of(" \t\r\n") == std::string::npos;
  if (rules.not_blank && is_blank) return from.error("must not be empty");
  if (!rules.one_of.empty() && std::ranges::find(rules.one_of, *text) == rules.one_of.end()) {
    const std::vector<std::string_view> names(rules.one_of.begin(), rules.one_of.end());
    return from.error(
        fmt::format("unknown name {}{}", found_text(Value(*text)), suggestion(*text, names)));
  }
  out = *text;
}

void read_leaf(const Cursor& from, Duration& out, const Rules& rules) {
  const auto parsed = parse_leaf(from, kDuration, false, parse_duration);
  if (parsed && *parsed > kLongestDuration) {
    return from.error(fmt::format("must be at most {} (50 years), found {}",
                                  write_duration(kLongestDuration), found_text(from.value())));
  }
  read_ranged(from, out, rules, parsed);
}

void read_leaf(const Cursor& from, WallTime& out, const Rules&) {
  if (const auto time = parse_leaf(from, kWallTime, false, parse_wall_time)) out = *time;
}

void read_leaf(const Cursor& from, MilliCpu& out, const Rules& rules) {
  read_ranged(from, out, rules, parse_leaf(from, kCpu, true, parse_cpu));
}

void read_leaf(const Cursor& from, Bytes& out, const Rules& rules) {
  read_ranged(from, out, rules, parse_leaf(from, kBytes, true, parse_bytes));
}

void read_leaf(const Cursor& from, std::filesystem::path& out, const Rules& rules) {
  const std::string* text = from.value().as_string();
  if (text == nullptr || text->find('\0') != std::string::npos) {
    return from.mismatch("the path of a file");
  }
  if (rules.not_blank && text->empty()) return from.error("must not be empty");
  out = *text;
  const Origin* origin = from.value().origin();
  if (!text->empty() && out.is_relative() && origin != nullptr) {
    out = (origin->base_directory / out).lexically_normal();
  }
}

void read_leaf(const Cursor& from, Value& out, const Rules&) { out = from.value(); }

Value write_leaf(bool in, const Rules&, const WriteContext&) { return in; }

Value write_leaf(double in, const Rules&, const WriteContext&) { return in; }

Value write_leaf(const std::string& in, const Rules&, const WriteContext&) { return in; }

Value write_leaf(const Duration& in, const Rules&, const WriteContext&) {
  return write_duration(in);
}

Value write_leaf(const WallTime& in, const Rules&, const WriteContext&) {
  return write_wall_time(in);
}

Value write_leaf(const MilliCpu& in, const Rules&, const WriteContext&) { return to_string(in); }

Value write_leaf(const Bytes& in, const Rules&, const WriteContext&) { return to_string(in); }

Value write_leaf(const std::filesystem::path& in, const Rules&, const WriteContext& context) {
  if (in.empty() || context.base_directory.empty()) return in.generic_string();
  const auto file = std::filesystem::absolute(in).lexically_normal();
  const auto base = std::filesystem::absolute(context.base_directory).lexically_normal();
  return file.lexically_proximate(base).generic_string();
}

Value write_leaf(const Value& in, const Rules&, const WriteContext&) { return in; }

}  // namespace casim::config
