// Text for terminals that may be narrow.
#pragma once

#include <string>
#include <string_view>

namespace casim::sim {

// Broken at spaces, so that a narrow terminal does not cut numbers in two. The text begins at
// column `indent`, where its later lines begin too; `width` below 40 counts as 40.
std::string wrapped(std::string_view text, std::size_t indent, int width);

}  // namespace casim::sim
