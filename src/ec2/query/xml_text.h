// Text inside of XML 1.0: which characters it may hold, and how they are written.
#pragma once

#include <string>
#include <string_view>

namespace casim::ec2::query {

// UTF-8 without the characters that no XML document may hold, such as most control characters.
bool is_xml_text(std::string_view text);

// As the content of an element: markup is escaped, and so is white space that parsers would change
// or drop. What may not stand in XML becomes U+FFFD.
std::string escape_xml(std::string_view text);

}  // namespace casim::ec2::query
