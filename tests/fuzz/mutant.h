// Scenarios that a user could have written by mistake: good ones whose values go to extremes,
// whose members vanish, move, repeat or change their names and kinds. Still JSON.
#pragma once

#include <string>
#include <vector>

#include <nlohmann/json.hpp>

#include "tests/fuzz/choices.h"

namespace casim::fuzz {

using Json = nlohmann::ordered_json;

// All of scenarios/ (below the working directory) with numbers a hundredth of theirs, and one that
// names every member there is.
std::vector<Json> base_scenarios();

// One of them with one to six changes, as text.
std::string mutant(const std::vector<Json>& bases, Choices& choices);

}  // namespace casim::fuzz
