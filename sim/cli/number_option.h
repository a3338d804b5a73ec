// Numbers on the command line.
#pragma once

#include <charconv>
#include <limits>
#include <optional>
#include <string>

#include <fmt/format.h>

#include "sim/cli/options.h"

namespace casim::sim {

// How many times as fast as real time `live` and `ec2` go at most.
inline constexpr double kFastestPace = 1'000'000;

// The value of an option that is given or has a default. None: it is no such number, and a mistake
// was named.
template <class Number>
std::optional<Number> number_option(const po::variables_map& values, const char* option,
                                    Number least, Number most) {
  const auto& text = values[option].as<std::string>();
  Number number{};
  const char* const end = text.data() + text.size();
  const auto [stop, error] = std::from_chars(text.data(), end, number);
  if (error == std::errc() && stop == end && number >= least && number <= most) return number;
  const std::string range = most == std::numeric_limits<Number>::max()
                                ? fmt::format("of at least {}", least)
                                : fmt::format("from {} to {}", least, most);
  fmt::print(stderr, "casim: --{} takes a number {}, not \"{}\"\n", option, range, text);
  return std::nullopt;
}

}  // namespace casim::sim
