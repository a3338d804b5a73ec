#include "sim/metrics/threshold.h"

#include <algorithm>
#include <array>
#include <charconv>
#include <cmath>
#include <optional>
#include <utility>
#include <vector>

#include <fmt/format.h>

#include "src/config/names.h"
#include "src/config/units.h"
#include "src/core/time.h"

namespace casim::sim {
namespace {

using config::Value;
using Kind = ValueType::Kind;

// The longer ones first: "<" begins "<=".
constexpr std::array<std::pair<std::string_view, ThresholdRelation>, 6> kRelations = {
    {{"<=", ThresholdRelation::kAtMost},
     {">=", ThresholdRelation::kAtLeast},
     {"==", ThresholdRelation::kEqual},
     {"!=", ThresholdRelation::kUnequal},
     {"<", ThresholdRelation::kLess},
     {">", ThresholdRelation::kMore}}};

std::string_view trimmed(std::string_view text) {
  const std::size_t from = std::min(text.find_first_not_of(" \t"), text.size());
  text.remove_prefix(from);
  text.remove_suffix(text.size() - std::min(text.find_last_not_of(" \t") + 1, text.size()));
  return text;
}

std::optional<double> number_of(std::string_view text) {
  double number = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
  if (error != std::errc() || end != text.data() + text.size() || !std::isfinite(number)) {
    return std::nullopt;
  }
  return number;
}

std::expected<Value, std::string> seconds_bound(std::string_view text) {
  const auto duration = config::parse_duration(text);
  if (duration) return Value(to_seconds(*duration));
  return std::unexpected(
      fmt::format("\"{}\": {}; expected a duration such as 90s or 4m", text, duration.error()));
}

std::expected<Value, std::string> bound_of(std::string_view text, const ValueType& type,
                                           ThresholdRelation relation) {
  if (text.empty()) return std::unexpected("there is nothing to compare with");
  if (type.kind == Kind::kInteger || type.kind == Kind::kNumber) return parse_bound(text, type);
  if (relation != ThresholdRelation::kEqual && relation != ThresholdRelation::kUnequal) {
    return std::unexpected("texts and flags are compared by == and != only");
  }
  if (type.kind == Kind::kText) return Value(text);
  if (text == "true") return Value(true);
  if (text == "false") return Value(false);
  return std::unexpected(fmt::format("\"{}\": expected true or false", text));
}

template <class T>
bool compare(const T& measured, ThresholdRelation relation, const T& bound) {
  switch (relation) {
    case ThresholdRelation::kLess:
      return measured < bound;
    case ThresholdRelation::kAtMost:
      return measured <= bound;
    case ThresholdRelation::kMore:
      return measured > bound;
    case ThresholdRelation::kAtLeast:
      return measured >= bound;
    case ThresholdRelation::kEqual:
      return measured == bound;
    case ThresholdRelation::kUnequal:
      return measured != bound;
  }
  return false;
}

// Null: there is none.
Value measured_at(const SummaryValues::Match& found) {
  const Value* value = &found.row->value;
  for (const std::string& name : found.names) {
    value = value->find(name);
    if (value == nullptr) break;
  }
  if (value != nullptr) return *value;
  return is_zero_if_absent(*found.row) ? Value(0) : Value();
}

}  // namespace

std::string unknown_value(std::string_view path, const SummaryValues& values) {
  std::vector<std::string> paths;
  for (const SummaryValue& row : values.rows()) {
    if (row.path.find("[]") == std::string::npos) paths.push_back(row.path);
  }
  const auto nearest = config::nearest_name(path, paths);
  return fmt::format("no value \"{}\" in a summary{}; casim schema --result lists them", path,
                     nearest ? fmt::format("; did you mean \"{}\"?", *nearest) : "");
}

std::expected<Value, std::string> parse_bound(std::string_view text, const ValueType& type) {
  if (type.unit == "s") return seconds_bound(text);
  const bool is_share = type.unit == "share";
  std::string_view digits = text;
  double factor = 1;
  if (is_share && digits.ends_with('%')) {
    digits = trimmed(digits.substr(0, digits.size() - 1));
    factor = 0.01;
  } else if (!type.unit.empty() && digits.ends_with(type.unit)) {
    digits = trimmed(digits.substr(0, digits.size() - type.unit.size()));
  }
  if (const auto number = number_of(digits)) return Value(*number * factor);
  return std::unexpected(fmt::format("\"{}\": expected a number{}", text,
                                     is_share            ? ", of 0 to 1 or in %"
                                     : type.unit.empty() ? ""
                                                         : fmt::format(" of {}", type.unit)));
}

std::expected<SummaryThreshold, std::string> parse_threshold(std::string_view text,
                                                             const SummaryValues& values) {
  const std::size_t at = text.find_first_of("<>=!");
  if (at == std::string_view::npos) {
    return std::unexpected("no comparison; allowed: <, <=, >, >=, ==, !=");
  }
  const auto* written = std::ranges::find_if(
      kRelations, [&](const auto& one) { return text.substr(at).starts_with(one.first); });
  if (written == kRelations.end()) {
    return std::unexpected(fmt::format("unknown comparison \"{}\"; allowed: <, <=, >, >=, ==, !=",
                                       text.substr(at, 1)));
  }
  SummaryThreshold out{.text = std::string(text),
                       .path = std::string(trimmed(text.substr(0, at))),
                       .type = {},
                       .relation = written->second,
                       .bound = {}};
  const SummaryValues::Match found = values.match(out.path);
  if (found.row == nullptr) return std::unexpected(unknown_value(out.path, values));
  out.type = found.row->type;
  auto bound = bound_of(trimmed(text.substr(at + written->first.size())), out.type, out.relation);
  if (!bound) return std::unexpected(bound.error());
  out.bound = *std::move(bound);
  return out;
}

ThresholdVerdict judge(const SummaryThreshold& threshold, const SummaryValues& values) {
  ThresholdVerdict out{threshold.text, measured_at(values.match(threshold.path)), false};
  const Value& measured = out.measured;
  if (const auto number = measured.as_double()) {
    out.holds = compare(*number, threshold.relation, *threshold.bound.as_double());
  } else if (const std::string* text = measured.as_string()) {
    out.holds = compare(*text, threshold.relation, *threshold.bound.as_string());
  } else if (const bool* flag = measured.as_bool()) {
    out.holds = compare(*flag, threshold.relation, *threshold.bound.as_bool());
  }
  return out;
}

std::string measured_text(const Value& measured, const ValueType& type) {
  if (measured.is_null()) return type.unit == "s" ? "never" : "none";
  if (const std::string* text = measured.as_string()) return *text;
  if (const bool* flag = measured.as_bool()) return *flag ? "true" : "false";
  if (type.kind == Kind::kInteger) return fmt::format("{} {}", *measured.as_int64(), type.unit);
  const double number = *measured.as_double();
  if (type.unit == "share") return fmt::format("{:.2f} %", 100 * number);
  return fmt::format("{:.2f} {}", number, type.unit);
}

}  // namespace casim::sim
