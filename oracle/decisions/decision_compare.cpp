// What a decision must agree with: only what the case expects, and as exactly as it says.
#include <algorithm>
#include <cmath>

#include "oracle/decisions/decision.h"

namespace casim::oracle {
namespace {

Json sorted(Json value) {
  if (value.is_structured()) {
    for (Json& element : value) element = sorted(std::move(element));
  }
  if (value.is_array()) std::sort(value.begin(), value.end());
  return value;
}

bool is_near(const Json& a, const Json& b, double tolerance) {
  if (a.is_object() && b.is_object()) {
    return std::all_of(a.items().begin(), a.items().end(), [&](const auto& item) {
      return b.contains(item.key()) && is_near(item.value(), b.at(item.key()), tolerance);
    });
  }
  if (!a.is_number() || !b.is_number()) return false;
  const double x = a.get<double>();
  const double y = b.get<double>();
  return std::abs(x - y) <= tolerance * std::abs(x);
}

bool contains_text(const Json& texts, const std::string& part) {
  return std::any_of(texts.begin(), texts.end(), [&](const Json& text) {
    return text.get<std::string>().find(part) != std::string::npos;
  });
}

// An element that is null in the case's list may be anything.
bool same_list(const Json& expected, const Json& got) {
  if (!got.is_array() || expected.size() != got.size()) return false;
  for (std::size_t i = 0; i < expected.size(); ++i) {
    if (!expected[i].is_null() && expected[i] != got[i]) return false;
  }
  return true;
}

bool same_part(const Json& expected, const Json& got) {
  for (const auto& [key, value] : expected.items()) {
    const auto found = got.find(key);
    if (found == got.end() || *found != value) return false;
  }
  return true;
}

bool is_same(const std::string& key, const Json& expected, const Decision& decision,
             bool without_order) {
  const Json& got = decision.got.at(key);
  if (const auto also = decision.also.find(key); also != decision.also.end()) {
    if (also->second == expected) return true;
  }
  if (const auto tolerance = decision.tolerance.find(key); tolerance != decision.tolerance.end()) {
    return is_near(expected, got, tolerance->second);
  }
  if (key.ends_with("_contains")) return contains_text(got, expected.get<std::string>());
  if (decision.partial.contains(key) && expected.is_object()) return same_part(expected, got);
  if (without_order || decision.unordered.contains(key)) return sorted(expected) == sorted(got);
  return expected.is_array() ? same_list(expected, got) : expected == got;
}

}  // namespace

std::string difference(const Json& expect, const Decision& decision, std::string_view determinism) {
  const bool is_set = determinism == "set";
  if (!is_set && determinism != "exact" && determinism != "counts") {
    return fmt::format("unknown determinism \"{}\"", determinism);
  }
  for (const auto& [key, expected] : expect.items()) {
    if (!decision.got.contains(key)) return fmt::format("unknown expectation \"{}\"", key);
    if (is_same(key, expected, decision, is_set)) continue;
    return fmt::format("{}: expected {}, got {}", key, expected.dump(),
                       decision.got.at(key).dump());
  }
  return "";
}

}  // namespace casim::oracle
