#include "sim/study/summary_leaves.h"

#include <algorithm>
#include <array>

#include <fmt/format.h>

namespace casim::sim {
namespace {

using config::Value;

// What says which run it was, and no result of it.
constexpr std::array<std::string_view, 8> kIdentity = {
    "schema_version", "version", "scenario", "description", "seed", "digest", "facts", "notes"};

constexpr std::string_view kThresholds = "thresholds";

// A list is one value.
void collect(const Value& value, const std::string& path, std::vector<SummaryLeaf>& out) {
  const Value::Object* members = value.as_object();
  if (members == nullptr) {
    out.push_back({path, value});
    return;
  }
  for (const auto& [key, member] : *members) {
    collect(member, path.empty() ? key : path + "." + key, out);
  }
}

// Whether each holds, by what it says.
void collect_thresholds(const Value& thresholds, std::vector<SummaryLeaf>& out) {
  if (thresholds.as_list() == nullptr) return;
  for (const Value& one : *thresholds.as_list()) {
    const Value* holds = one.find("holds");
    const std::string path = fmt::format("{}[\"{}\"]", kThresholds, member_text(one, "threshold"));
    if (holds != nullptr) out.push_back({path, *holds});
  }
}

}  // namespace

std::string member_text(const Value& object, std::string_view key) {
  const Value* text = object.find(key);
  return text != nullptr && text->as_string() != nullptr ? *text->as_string() : "";
}

bool is_threshold(std::string_view path) { return path.starts_with(kThresholds); }

std::string threshold_of(std::string_view path) {
  constexpr std::size_t kBefore = kThresholds.size() + 2;  // ["
  constexpr std::size_t kAfter = 2;                        // "]
  return std::string(path.substr(kBefore, path.size() - kBefore - kAfter));
}

std::vector<SummaryLeaf> leaves_of(const Value& summary) {
  std::vector<SummaryLeaf> out;
  if (summary.as_object() == nullptr) return out;
  for (const auto& [key, member] : *summary.as_object()) {
    if (key == kThresholds) {
      collect_thresholds(member, out);
    } else if (std::ranges::find(kIdentity, key) == kIdentity.end()) {
      collect(member, key, out);
    }
  }
  return out;
}

}  // namespace casim::sim
