// The functions of a source and how long they are, found by their braces.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

namespace casim::tidy {

struct Function {
  std::size_t first_line = 0;  // of its signature, counted from 1
  std::size_t lines = 0;       // signature and body
};

// Definitions at the level of a namespace or a class; a lambda counts with who holds it.
std::vector<Function> functions_in(const std::string& text);

}  // namespace casim::tidy
