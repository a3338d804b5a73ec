// What summary.json holds, for editors, programs and people.
#pragma once

#include <string>

namespace casim::sim {

// JSON Schema, draft 2020-12, of summary.json (casim schema --result). Besides the standard
// keywords each value has "x-unit", where it has a unit, and "x-better": "lower", "higher" or
// "neither".
std::string result_schema();

}  // namespace casim::sim
