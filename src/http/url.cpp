#include "src/http/url.h"

#include <algorithm>
#include <charconv>

#include <fmt/format.h>

namespace casim::http {
namespace {

std::unexpected<Error> wrong(std::string_view text, std::string_view why) {
  return failure(ErrorCode::kInvalidArgument,
                 fmt::format("\"{}\" {}; expected is something like https://ec2.us-east-1."
                             "amazonaws.com or http://127.0.0.1:8080",
                             text, why));
}

bool is_port(std::string_view text) {
  unsigned value = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  return error == std::errc{} && end == text.data() + text.size() && value > 0 && value < 65536;
}

}  // namespace

std::string Url::authority() const {
  const std::string name = host.find(':') == std::string::npos ? host : "[" + host + "]";
  return port == (is_tls ? "443" : "80") ? name : name + ":" + port;
}

Result<Url> parse_url(std::string_view text) {
  Url url;
  std::string_view rest = text;
  if (rest.starts_with("https://")) {
    rest.remove_prefix(8);
  } else if (rest.starts_with("http://")) {
    rest.remove_prefix(7);
    url.is_tls = false;
  } else {
    return wrong(text, "begins with neither https:// nor http://");
  }
  if (rest.find_first_of("?#@ ") != std::string_view::npos) {
    return wrong(text, "has a query, a fragment, a user or a space");
  }
  const auto slash = rest.find('/');
  url.path = slash == std::string_view::npos ? "/" : std::string(rest.substr(slash));
  std::string_view authority = rest.substr(0, slash);
  std::string_view port;
  if (authority.starts_with('[')) {
    const auto end = authority.find(']');
    if (end == std::string_view::npos) return wrong(text, "has a bracket without end");
    url.host = authority.substr(1, end - 1);
    port = authority.substr(end + 1);
  } else {
    const auto colon = authority.find(':');
    url.host = authority.substr(0, colon);
    if (colon != std::string_view::npos) port = authority.substr(colon);
  }
  if (url.host.empty()) return wrong(text, "names no host");
  if (port.empty()) {
    url.port = url.is_tls ? "443" : "80";
  } else if (port.starts_with(':') && is_port(port.substr(1))) {
    url.port = port.substr(1);
  } else {
    return wrong(text, "has no port from 1 to 65535 behind its colon");
  }
  return url;
}

std::string to_string(const Url& url) {
  return fmt::format("{}://{}{}", url.is_tls ? "https" : "http", url.authority(), url.path);
}

}  // namespace casim::http
