// The times of HTTP headers: "Mon, 30 Nov 2026 07:00:00 GMT".
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "src/core/time.h"

namespace casim::http {

std::string write_date(WallTime time);                      // cut to the second
std::optional<WallTime> parse_date(std::string_view text);  // none: not of that form

}  // namespace casim::http
