// The version of casim's results: it changes when the same scenario and seed give other numbers.
#pragma once

#include <string_view>

namespace casim {

inline constexpr std::string_view kResultsVersion = "0.8.0";

}  // namespace casim
