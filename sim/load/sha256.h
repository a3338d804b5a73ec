// Which file it was: SHA-256 of its bytes.
#pragma once

#include <string>
#include <string_view>

namespace casim::sim {

std::string sha256_of(std::string_view bytes);  // 64 hexadecimal digits, lower case

}  // namespace casim::sim
