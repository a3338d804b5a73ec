// How a fact lists its fields.
#pragma once

#include <string_view>
#include <tuple>

// The one listing of a fact's fields: their values for the digest, their names for the event log. A
// macro, because a second list of names would drift from the first.
#define CASIM_FACT_FIELDS(...)                              \
  static constexpr std::string_view kFields = #__VA_ARGS__; \
  auto fields() const { return std::tie(__VA_ARGS__); }
