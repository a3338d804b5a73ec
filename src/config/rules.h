// What a member must satisfy beyond its type. Several rules of one member all hold:
//   v.field("min", g.min, "...", at_least(0), at_most(1000));
// On a list, size rules concern the list and all others each item. Durations and quantities are
// never negative unless a rule gives another minimum.
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

struct Rules {
  std::optional<Bound> min = std::nullopt;
  std::optional<Bound> max = std::nullopt;
  std::optional<std::size_t> min_items = std::nullopt;
  // The member that must differ between items; "" for the items themselves.
  std::optional<std::string> unique = std::nullopt;
  std::vector<std::string> one_of = {};  // empty: any
  bool not_blank = false;
};

Rules merge(std::initializer_list<Rules> rules);

Bound bound_of(Duration d);
Bound bound_of(MilliCpu amount);
Bound bound_of(Bytes amount);
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

inline Rules probability() { return merge({at_least(0), at_most(1)}); }

inline Rules at_least_one() { return {.min_items = 1}; }

// Items differ, or differ in one member: unique("name").
inline Rules unique(std::string member = "") { return {.unique = std::move(member)}; }

// Allowed strings (with "did you mean").
inline Rules one_of(std::vector<std::string> names) { return {.one_of = std::move(names)}; }

// A string that says something.
inline Rules not_blank() { return {.not_blank = true}; }

}  // namespace casim::config
