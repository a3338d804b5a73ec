#include "sim/study/comparison.h"

#include <algorithm>
#include <cmath>
#include <map>
#include <string_view>
#include <tuple>
#include <utility>

#include <fmt/format.h>

#include "sim/metrics/collectors.h"
#include "sim/study/summary_leaves.h"

namespace casim::sim {
namespace {

using config::Value;

// "first-burst, seed 1"; nothing: that is no summary.
std::optional<std::string> name_of(const Value& summary) {
  const Value* scenario = summary.find("scenario");
  const Value* seed = summary.find("seed");
  if (scenario == nullptr || scenario->as_string() == nullptr || seed == nullptr ||
      !seed->as_uint64()) {
    return std::nullopt;
  }
  return fmt::format("{}, seed {}", *scenario->as_string(), *seed->as_uint64());
}

// A number that is not there any more is the worst of all: never.
bool is_worse(const Value& base, const Value& now, Better better) {
  if (better == Better::kNeither || base.is_null()) return false;
  if (now.is_null()) return true;
  const auto before = base.as_double();
  const auto after = now.as_double();
  if (before && after) return better == Better::kLower ? *after > *before : *after < *before;
  if (base.as_bool() != nullptr && now.as_bool() != nullptr) {
    return *base.as_bool() == (better == Better::kHigher);
  }
  return false;
}

ChangedValue change(const std::string& path, const Value& base, const Value& now,
                    const SummaryValues& table) {
  ChangedValue out{.path = path, .type = {}, .base = base, .now = now, .difference = {}};
  if (is_threshold(path)) {
    out.type = ValueType::flag();
    out.is_worse = is_worse(base, now, Better::kHigher);
    return out;
  }
  const SummaryValues::Match match = table.match(path);
  if (match.row == nullptr) return out;
  out.type = match.row->type;
  const bool is_zero = is_zero_if_absent(*match.row);
  if (is_zero && base.is_null()) out.base = Value(0);
  if (is_zero && now.is_null()) out.now = Value(0);
  out.is_worse = is_worse(out.base, out.now, match.row->better);
  const auto before = out.base.as_double();
  const auto after = out.now.as_double();
  if (before && after) out.difference = *after - *before;
  return out;
}

}  // namespace

// Means of stages add up to the mean of all, so the stage that moved most made most of it.
std::optional<Comparison::Stage> stage_of(const std::vector<ChangedValue>& changed) {
  constexpr std::string_view kBefore = "scale_up_latency.stages.";
  constexpr std::string_view kAfter = ".mean";
  std::optional<Comparison::Stage> out;
  for (const ChangedValue& value : changed) {
    if (!value.difference || !value.path.starts_with(kBefore) || !value.path.ends_with(kAfter)) {
      continue;
    }
    if (out && std::abs(*value.difference) <= std::abs(out->seconds)) continue;
    out = Comparison::Stage{.name = value.path.substr(
                                kBefore.size(), value.path.size() - kBefore.size() - kAfter.size()),
                            .seconds = *value.difference};
  }
  if (!out) return out;
  const auto total = std::ranges::find(changed, "scale_up_latency.total.mean", &ChangedValue::path);
  if (total != changed.end()) out->total_seconds = total->difference.value_or(0);
  return out;
}

namespace {

// What kind it is agrees with what a summary has there; else why not.
std::string misfit(const SummaryLeaf& leaf, const SummaryValues& table) {
  const SummaryValues::Match match = table.match(leaf.path);
  if (match.row == nullptr || leaf.value.is_null()) return "";
  const ValueType::Kind kind = match.row->type.kind;
  const bool fits = kind == ValueType::Kind::kInteger  ? leaf.value.as_int64().has_value()
                    : kind == ValueType::Kind::kNumber ? leaf.value.as_double().has_value()
                    : kind == ValueType::Kind::kFlag   ? leaf.value.as_bool() != nullptr
                                                       : leaf.value.as_string() != nullptr;
  return fits ? "" : leaf.path + ": is no value of a summary";
}

// Why a summary cannot be compared; empty: it can.
std::string unusable(const Value& summary, const std::vector<SummaryLeaf>& leaves,
                     const SummaryValues& table) {
  for (const SummaryLeaf& leaf : leaves) {
    if (const std::string why = misfit(leaf, table); !why.empty()) return why;
  }
  const Value* partial = summary.find("partial");
  if (partial == nullptr || partial->as_bool() == nullptr || *partial->as_bool()) {
    return "the run was stopped before its end";
  }
  return "";
}

// A statistic of nobody is no bad one: nobody had to wait.
bool is_of_nobody(const std::string& path, const Value& summary) {
  const Value* at = &summary;
  std::size_t from = 0;
  for (std::size_t dot = path.find('.'); dot != std::string::npos; dot = path.find('.', from)) {
    at = at->find(path.substr(from, dot - from));
    if (at == nullptr) return false;
    from = dot + 1;
  }
  const Value* count = at->find("count");
  return count != nullptr && count->as_int64() == 0;
}

}  // namespace

std::expected<Comparison, std::string> compare_summaries(const Value& base, const Value& now,
                                                         bool across) {
  const auto name = name_of(base);
  const auto name_now = name_of(now);
  if (!name || !name_now) {
    return std::unexpected(
        fmt::format("the {} is no summary.json of casim", !name ? "base" : "new result"));
  }
  const Value* schema = base.find("schema_version");
  const Value* schema_now = now.find("schema_version");
  if (schema == nullptr || schema_now == nullptr || !(*schema == *schema_now)) {
    return std::unexpected("the two summaries have different schema versions");
  }
  if (!across && *name != *name_now) {
    return std::unexpected(fmt::format(
        "{} and {} are different runs; --across compares them all the same", *name, *name_now));
  }
  const SummaryValues table = values_of(Summary{});
  Comparison out;
  out.name = *name == *name_now ? *name : fmt::format("{} against {}", *name_now, *name);
  out.has_other_digest = member_text(base, "digest") != member_text(now, "digest");
  if (member_text(base, "version") != member_text(now, "version")) {
    out.version_before = member_text(base, "version");
    out.version_now = member_text(now, "version");
  }
  const std::vector<SummaryLeaf> before = leaves_of(base);
  std::map<std::string, const Value*> after;
  const std::vector<SummaryLeaf> after_leaves = leaves_of(now);
  for (const auto& [summary, leaves, which] :
       {std::tuple(&base, &before, "base"), std::tuple(&now, &after_leaves, "new result")}) {
    const std::string why = unusable(*summary, *leaves, table);
    if (!why.empty()) return std::unexpected(fmt::format("{}, the {}: {}", *name, which, why));
  }
  for (const SummaryLeaf& leaf : after_leaves) after[leaf.path] = &leaf.value;
  const auto note = [&](const std::string& path, const Value& old_value, const Value& new_value) {
    ++out.values;
    if (old_value == new_value) return;
    ChangedValue& changed = out.changed.emplace_back(change(path, old_value, new_value, table));
    if (is_of_nobody(path, base) || is_of_nobody(path, now)) changed.is_worse = false;
  };
  for (const SummaryLeaf& leaf : before) {
    const auto same = after.find(leaf.path);
    note(leaf.path, leaf.value, same == after.end() ? Value() : *same->second);
    if (same != after.end()) after.erase(same);
  }
  for (const SummaryLeaf& leaf : after_leaves) {
    if (after.contains(leaf.path)) note(leaf.path, Value(), leaf.value);
  }
  out.stage = stage_of(out.changed);
  return out;
}

}  // namespace casim::sim
