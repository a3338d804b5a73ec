#include "sim/metrics/summary_values.h"

#include <algorithm>
#include <cassert>
#include <span>
#include <stdexcept>
#include <utility>

#include "sim/metrics/summary_path.h"

namespace casim::sim {
namespace {

using config::Value;

Value& member(Value& object, const std::string& key) {
  Value* found = object.find(key);
  return found != nullptr ? *found : object.set(key, Value());
}

// Puts a value where the steps lead from `node`; a step for many spreads it over them.
void place(Value& node, std::span<const PathStep> steps, const Value& value) {
  if (steps.empty()) {
    node = value;
    return;
  }
  const auto rest = steps.subspan(1);
  switch (steps.front().kind) {
    case PathStep::Kind::kName:
      place(member(node, steps.front().name), rest, value);
      return;
    case PathStep::Kind::kAnyName:
      if (value.is_null()) return;
      if (node.is_null()) node = Value::Object{};
      for (const auto& [name, item] : *value.as_object()) place(member(node, name), rest, item);
      return;
    case PathStep::Kind::kEachItem: {
      const Value::List& items = *value.as_list();
      if (node.is_null()) node = Value(Value::List(items.size()));
      for (std::size_t i = 0; i < items.size(); ++i) {
        place(node.as_list()->at(i), rest, items[i]);
      }
      return;
    }
  }
}

// Names may have dots in them (m6i.large), so a step for any name takes one part or more.
bool matches(std::span<const PathStep> steps, std::string_view path,
             std::vector<std::string>& names) {
  if (steps.empty()) return false;
  const PathStep& step = steps.front();
  if (step.kind == PathStep::Kind::kEachItem) return false;
  const auto rest = steps.subspan(1);
  for (std::size_t dot = path.find('.');; dot = path.find('.', dot + 1)) {
    const bool is_last = dot == std::string_view::npos;
    const std::string_view part = path.substr(0, dot);
    const bool is_it = step.kind == PathStep::Kind::kAnyName ? !part.empty() : part == step.name;
    if (is_it) {
      if (step.kind == PathStep::Kind::kAnyName) names.emplace_back(part);
      if (is_last ? rest.empty() : matches(rest, path.substr(dot + 1), names)) return true;
      if (step.kind == PathStep::Kind::kAnyName) names.pop_back();
    }
    if (is_last || step.kind == PathStep::Kind::kName) return false;
  }
}

}  // namespace

bool is_zero_if_absent(const SummaryValue& row) {
  if (row.type.kind == ValueType::Kind::kInteger) return true;
  const bool is_by_name = row.path.find('{') != std::string::npos;
  return row.type.kind == ValueType::Kind::kNumber && is_by_name && !row.type.nullable &&
         row.type.unit != "share";
}

void SummaryValues::add(std::string path, ValueType type, Value value, std::string meaning,
                        Better better) {
  assert(find(path) == nullptr);
  rows_.push_back({std::move(path), type, std::move(meaning), better, std::move(value)});
}

const SummaryValue* SummaryValues::find(std::string_view path) const {
  const auto row = std::ranges::find(rows_, path, &SummaryValue::path);
  return row == rows_.end() ? nullptr : &*row;
}

const Value& SummaryValues::at(std::string_view path) const {
  const SummaryValue* row = find(path);
  if (row == nullptr) throw std::logic_error("no summary value " + std::string(path));
  return row->value;
}

SummaryValues::Match SummaryValues::match(std::string_view path) const {
  for (const SummaryValue& row : rows_) {
    std::vector<std::string> names;
    if (matches(steps_of(row.path), path, names)) return {&row, std::move(names)};
  }
  return {};
}

Value SummaryValues::tree() const {
  Value root;
  for (const SummaryValue& row : rows_) place(root, steps_of(row.path), row.value);
  return root;
}

Value seconds_or_null(const std::optional<Duration>& duration) {
  return duration ? Value(to_seconds(*duration)) : Value();
}

Value by_name(const std::map<std::string, std::int64_t>& counts) {
  Value::Object out;
  for (const auto& [name, count] : counts) out.push_back({name, count});
  return out;
}

Value by_name(const std::map<std::string, std::map<std::string, std::int64_t>>& counts) {
  Value::Object out;
  for (const auto& [name, inner] : counts) out.push_back({name, by_name(inner)});
  return out;
}

}  // namespace casim::sim
