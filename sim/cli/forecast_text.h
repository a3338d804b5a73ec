// What a load would offer, for people: numbers over time with a bar for the CPU, peaks, groups.
#pragma once

#include <string>

#include "sim/scenario/load_forecast.h"

namespace casim::sim {

std::string to_text(const LoadForecast& forecast);

}  // namespace casim::sim
