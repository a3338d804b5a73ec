// Forms as HTTP bodies and queries carry them: "a=1&b=x+y%2Fz". Source: ec2.md 1.1.
#pragma once

#include <expected>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace casim::ec2::query {

// Names with their values, in order.
using Form = std::vector<std::pair<std::string, std::string>>;

// Letters, digits and -._~ stand for themselves, a space is +, all else is percent bytes.
std::string escape_form(std::string_view text);

// The text that was escaped so. The error says what is wrong.
std::expected<std::string, std::string> unescape_form(std::string_view text);

// "Filter.1" and "name" to "Filter.1.Name": the name of a parameter below another. Each empty: the
// other.
std::string name_below(std::string_view place, std::string_view name);

// The error says what is wrong. A name without "=" has an empty value.
std::expected<Form, std::string> parse_form(std::string_view text);

}  // namespace casim::ec2::query
