#include "src/config/tree_builder.h"

#include <algorithm>

#include <fmt/format.h>

#include "src/config/names.h"

namespace casim::config {
namespace {

struct Size {
  std::size_t values = 1;
  std::size_t depth = 0;
};

Size size_of(const Value& value) {
  Size size;
  const auto add = [&size](const Value& child) {
    const Size part = size_of(child);
    size.values += part.values;
    size.depth = std::max(size.depth, part.depth + 1);
  };
  if (const auto* items = value.as_list()) std::ranges::for_each(*items, add);
  if (const auto* entries = value.as_object()) {
    std::ranges::for_each(*entries, add, &Value::Entry::value);
  }
  return size;
}

}  // namespace

bool TreeBuilder::fail(int line, int column, std::string message) {
  problems_.add({Severity::kError, origin_->name, line, column, path(), std::move(message)});
  return false;
}

std::string TreeBuilder::path() const {
  std::string text;
  for (const Level& level : levels_) {
    if (const auto* items = level.container.as_list()) {
      append_index(text, items->size());
    } else if (!level.keys.empty()) {
      append_key(text, level.key);
    }
  }
  return text;
}

bool TreeBuilder::within_limits(const Value& value, int line) {
  const Size size = size_of(value);
  value_count_ += size.values;
  if (value_count_ > most_values_) {
    return fail(line, 0, fmt::format("more than {} values", most_values_));
  }
  if (levels_.size() + size.depth > static_cast<std::size_t>(kMaxDepth)) {
    return fail(line, 0, fmt::format("nested more than {} deep", kMaxDepth));
  }
  return true;
}

bool TreeBuilder::begin(Value empty_container, int line) {
  empty_container.set_position(origin_, line);
  if (!within_limits(empty_container, line)) return false;
  if (levels_.size() == static_cast<std::size_t>(kMaxDepth)) {
    return fail(line, 0, fmt::format("nested more than {} deep", kMaxDepth));
  }
  levels_.push_back({.container = std::move(empty_container), .key = {}, .keys = {}});
  return true;
}

bool TreeBuilder::key(std::string name, int line) {
  Level& level = levels_.back();
  level.is_duplicate = !level.keys.insert(name).second;
  level.key = std::move(name);
  if (level.is_duplicate) fail(line, 0, "duplicate key");
  return true;
}

bool TreeBuilder::end() {
  Value done = std::move(levels_.back().container);
  levels_.pop_back();
  attach(std::move(done));
  return true;
}

bool TreeBuilder::value(Value value, int line) {
  if (!within_limits(value, line)) return false;
  value.set_position(origin_, line);
  attach(std::move(value));
  return true;
}

void TreeBuilder::attach(Value value) {
  if (levels_.empty()) {
    root_ = std::move(value);
    last_ = &root_;
    return;
  }
  Level& level = levels_.back();
  if (auto* items = level.container.as_list()) {
    items->push_back(std::move(value));
    last_ = &items->back();
  } else if (level.is_duplicate) {
    last_ = &level.container.set(level.key, std::move(value));
  } else {
    auto& entries = *level.container.as_object();
    entries.push_back({level.key, std::move(value)});
    last_ = &entries.back().value;
  }
}

}  // namespace casim::config
