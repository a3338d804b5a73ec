// What a member must satisfy beyond its type. Several rules of one member all hold:
//   v.field("min", g.min, "...", at_least(0), at_most(1000));
// On a list, size rules concern the list and all others each item. Durations, quantities, rates
// and money are never negative unless a rule gives another minimum.
#pragma once

#include <concepts>
#include <cstddef>
#include <initializer_list>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "src/config/units.h"

namespace casim::config {

struct Bound {
  long double value = 0;  // in the smallest unit of the type; holds every int64 exactly
  std::string text;       // as shown: "0s"
  bool inclusive = true;
};

// What the amounts of a Distribution are: seconds, plain numbers, thousandths of a CPU, bytes.
enum class Amount { kDuration, kNumber, kCpu, kBytes };

struct Rules {
  std::optional<Bound> min = std::nullopt;
  std::optional<Bound> max = std::nullopt;
  std::optional<std::size_t> min_items = std::nullopt;
  std::optional<std::size_t> max_items = std::nullopt;
  // The member that must differ between items; "" for the items themselves.
  std::optional<std::string> unique = std::nullopt;
  std::vector<std::string> one_of = {};  // strings, or the keys of a map; empty: any
  std::optional<Amount> amount = std::nullopt;
  bool not_blank = false;
  bool file_exists = false;
};

Rules merge(std::initializer_list<Rules> rules);

Bound bound_of(Duration d);
Bound bound_of(MilliCpu amount);
Bound bound_of(Bytes amount);
Bound bound_of(Price price);
Bound bound_of(Rate rate);
Bound bound_of(long double number);

template <class T>
Bound to_bound(T value) {
  if constexpr (std::integral<T> || std::floating_point<T>) {
    return bound_of(static_cast<long double>(value));
  } else if constexpr (std::convertible_to<T, Duration>) {
    return bound_of(Duration(value));
  } else {
    return bound_of(value);
  }
}

template <class T>
Rules at_least(T value) {
  return {.min = to_bound(value)};
}

template <class T>
Rules at_most(T value) {
  return {.max = to_bound(value)};
}

template <class T>
Rules above(T value) {
  Rules rules{.min = to_bound(value)};
  rules.min->inclusive = false;
  return rules;
}

template <class T>
Rules below(T value) {
  Rules rules{.max = to_bound(value)};
  rules.max->inclusive = false;
  return rules;
}

inline Rules probability() { return merge({at_least(0), at_most(1)}); }

inline Rules at_least_one() { return {.min_items = 1}; }

inline Rules items(std::size_t min, std::size_t max) {
  return {.min_items = min, .max_items = max};
}

// Items differ, or differ in one member: unique("name").
inline Rules unique(std::string member = "") { return {.unique = std::move(member)}; }

// Allowed strings (with "did you mean"), or allowed keys of a map.
inline Rules one_of(std::vector<std::string> names) { return {.one_of = std::move(names)}; }

// A string that says something.
inline Rules not_blank() { return {.not_blank = true}; }

// A path to a file that can be seen when the configuration is read.
inline Rules file_exists() { return {.file_exists = true}; }

// What a Distribution yields; durations unless said otherwise.
inline Rules amounts(Amount amount) { return {.amount = amount}; }

}  // namespace casim::config
