// Merge keys of YAML 1.1: `<<: *defaults`. Inside of config only.
#pragma once

#include "src/config/value.h"

namespace casim::config {

// Puts what a key "<<" holds (an object, or a list of them) into the object that has it, where
// that says nothing itself. Everywhere in the tree.
void merge_keys(Value& tree);

}  // namespace casim::config
