// Optional values, lists and maps. Included by codec.h.
#pragma once

#include <cstddef>
#include <map>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "src/config/codec.h"

namespace casim::config {

template <class T>
struct Codec<std::optional<T>> {
  static void read(const Cursor& from, std::optional<T>& out, const Rules& rules) {
    if (from.value().is_null()) {
      out.reset();
      return;
    }
    T item = out ? std::move(*out) : T{};
    Codec<T>::read(from, item, rules);
    out = std::move(item);
  }

  // Absence is written, so that it also survives where the default is a value.
  static Value write(const std::optional<T>& in, const Rules& rules, const WriteContext& context) {
    return in ? Codec<T>::write(*in, rules, context) : Value();
  }

  static Value schema(const std::optional<T>& defaults, const Rules& rules,
                      SchemaBuilder& builder) {
    return nullable_schema(Codec<T>::schema(defaults.value_or(T{}), rules, builder));
  }
};

template <class T>
struct Codec<std::vector<T>> {
  static void read(const Cursor& from, std::vector<T>& out, const Rules& rules) {
    const Value::List* items = read_list(from, rules);
    if (items == nullptr) return;
    std::vector<T> result;
    result.reserve(items->size());
    const Rules item_rules = rules_of_items(rules);
    for (std::size_t i = 0; i < items->size(); ++i) {
      T item{};
      Codec<T>::read(from.at((*items)[i], i), item, item_rules);
      result.push_back(std::move(item));
    }
    out = std::move(result);
  }

  static Value write(const std::vector<T>& in, const Rules& rules, const WriteContext& context) {
    Value::List items;
    items.reserve(in.size());
    for (const T& item : in) items.push_back(Codec<T>::write(item, rules, context));
    return Value(std::move(items));
  }

  static Value schema(const std::vector<T>&, const Rules& rules, SchemaBuilder& builder) {
    return list_schema(Codec<T>::schema(T{}, rules_of_items(rules), builder), rules);
  }
};

template <class T>
struct Codec<std::map<std::string, T>> {
  using Map = std::map<std::string, T>;

  static void read(const Cursor& from, Map& out, const Rules& rules) {
    const Value::Object* entries = read_map(from, rules);
    if (entries == nullptr) return;
    Map result;
    const Rules item_rules = rules_of_items(rules);
    for (const auto& [key, value] : *entries) {
      if (is_comment_key(key)) continue;
      Codec<T>::read(from.at(value, key), result[key], item_rules);
    }
    out = std::move(result);
  }

  static Value write(const Map& in, const Rules& rules, const WriteContext& context) {
    Value::Object entries;
    for (const auto& [key, item] : in) {
      entries.push_back({key, Codec<T>::write(item, rules, context)});
    }
    return Value(std::move(entries));
  }

  static Value schema(const Map&, const Rules& rules, SchemaBuilder& builder) {
    return map_schema(Codec<T>::schema(T{}, rules_of_items(rules), builder), rules);
  }
};

}  // namespace casim::config
