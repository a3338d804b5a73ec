// Catch2 2.13 (Debian 12) and 3.x (Debian 13) behind one include: its macros, and these names.
#pragma once

#if __has_include(<catch2/catch_all.hpp>)
#include <catch2/catch_all.hpp>
using Catch::Approx;
using Catch::Generators::range;
using Catch::Matchers::ContainsSubstring;
#else
#include <string>

#include <catch2/catch.hpp>

inline auto ContainsSubstring(const std::string& part) { return Catch::Contains(part); }
#endif
