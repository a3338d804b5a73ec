// The part of URLs that an API endpoint has: "https://host:port/path".
#pragma once

#include <string>
#include <string_view>

#include "src/core/result.h"

namespace casim::http {

struct Url {
  bool is_tls = true;
  std::string host;  // without the brackets of an IPv6 address
  std::string port;  // "443"
  std::string path;  // "/" at least

  // As it stands in a Host header: the port only where it is not the scheme's own.
  std::string authority() const;

  bool operator==(const Url&) const = default;
};

// INVALID_ARGUMENT with a sentence: no http or https, no host, a user, a query.
Result<Url> parse_url(std::string_view text);
std::string to_string(const Url& url);

}  // namespace casim::http
