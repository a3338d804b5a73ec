#include "src/config/cursor.h"

#include <algorithm>
#include <map>

#include <fmt/format.h>
#include <fmt/ranges.h>

#include "src/config/names.h"

namespace casim::config {
namespace {

std::string range_text(const std::optional<Bound>& min, const std::optional<Bound>& max) {
  if (min && max && min->inclusive && max->inclusive) {
    return min->text == max->text ? min->text : fmt::format("from {} to {}", min->text, max->text);
  }
  std::string text;
  if (min) text = fmt::format("{} {}", min->inclusive ? "at least" : "above", min->text);
  if (min && max) text += " and ";
  if (max) text += fmt::format("{} {}", max->inclusive ? "at most" : "below", max->text);
  return text;
}

void check_size(const Cursor& from, std::size_t size, const Rules& rules) {
  const std::size_t min = rules.min_items.value_or(0);
  if (size < min) {
    from.error(
        fmt::format("must have at least {} {}, found {}", min, min == 1 ? "item" : "items", size));
  }
}

void check_unique(const Cursor& from, const Value::List& items, const std::string& member) {
  std::map<std::string, std::size_t> first;
  for (std::size_t i = 0; i < items.size(); ++i) {
    const Value* key = member.empty() ? &items[i] : items[i].find(member);
    if (key == nullptr) continue;
    const auto [entry, is_new] = first.emplace(to_json(*key, -1), i);
    if (is_new) continue;
    const Cursor item = from.at(items[i], i);
    const Cursor place = member.empty() ? item : item.at(*key, member);
    std::string other = from.at(items[entry->second], entry->second).path();
    if (!member.empty()) append_key(other, member);
    place.error(fmt::format("{} is already at {}", found_text(*key), other));
  }
}

}  // namespace

std::string Cursor::path() const {
  if (parent_ == nullptr) return {};
  std::string text = parent_->path();
  if (key_.data() != nullptr) {
    append_key(text, key_);
  } else {
    append_index(text, index_);
  }
  return text;
}

void Cursor::error(std::string message) const {
  problems_.error(value_, path(), std::move(message));
}

void Cursor::warning(std::string message) const {
  problems_.warning(value_, path(), std::move(message));
}

void Cursor::mismatch(std::string_view expected, std::string_view reason) const {
  error(fmt::format("expected {}, found {}{}{}", expected, found_text(value_),
                    reason.empty() ? "" : ": ", reason));
}

bool is_comment_key(std::string_view key) { return key.starts_with("//"); }

bool is_in_range(const Cursor& from, long double amount, const Rules& rules,
                 const std::optional<Bound>& least) {
  const auto& min = rules.min ? rules.min : least;
  const auto& max = rules.max;
  const bool too_low = min && (min->inclusive ? amount < min->value : amount <= min->value);
  const bool too_high = max && (max->inclusive ? amount > max->value : amount >= max->value);
  if (!too_low && !too_high) return true;
  from.error(fmt::format("must be {}, found {}", range_text(min, max), found_text(from.value())));
  return false;
}

Rules rules_of_items(const Rules& rules) {
  Rules result = rules;
  result.min_items.reset();
  result.unique.reset();
  return result;
}

std::optional<std::size_t> read_name(const Cursor& from, std::span<const std::string_view> names,
                                     const Rules&) {
  const std::string* text = from.value().as_string();
  if (text == nullptr) {
    from.mismatch(fmt::format("one of {}", fmt::join(names, ", ")));
    return std::nullopt;
  }
  for (std::size_t i = 0; i < names.size(); ++i) {
    if (names[i] == *text) return i;
  }
  from.error(fmt::format("unknown name {}{}", found_text(from.value()), suggestion(*text, names)));
  return std::nullopt;
}

const Value::List* read_list(const Cursor& from, const Rules& rules) {
  const Value::List* items = from.value().as_list();
  if (items == nullptr) {
    from.mismatch("a list");
    return nullptr;
  }
  check_size(from, items->size(), rules);
  if (rules.unique) check_unique(from, *items, *rules.unique);
  return items;
}

const Value::Object* read_map(const Cursor& from, const Rules& rules) {
  const Value::Object* entries = from.value().as_object();
  if (entries == nullptr) {
    from.mismatch("an object");
    return nullptr;
  }
  const auto size = std::ranges::count_if(
      *entries, [](const Value::Entry& entry) { return !is_comment_key(entry.key); });
  check_size(from, static_cast<std::size_t>(size), rules);
  return entries;
}

std::optional<std::size_t> read_only_key(const Cursor& from,
                                         std::span<const std::string_view> names) {
  const Value::Object* entries = from.value().as_object();
  const std::string expected =
      fmt::format("an object with one of the keys {}", fmt::join(names, ", "));
  if (entries == nullptr) {
    from.mismatch(expected);
    return std::nullopt;
  }
  std::optional<std::size_t> found;
  std::size_t count = 0;
  for (const auto& [key, value] : *entries) {
    if (is_comment_key(key)) continue;
    ++count;
    const auto name = std::ranges::find(names, key);
    if (name != names.end()) {
      found = static_cast<std::size_t>(name - names.begin());
    } else {
      from.at(value, key).error("unknown key" + suggestion(key, names));
      return std::nullopt;
    }
  }
  if (count == 1) return found;
  from.error(fmt::format("expected {}, found {} keys", expected, count));
  return std::nullopt;
}

}  // namespace casim::config
