#include "src/live/http_face.h"

#include <charconv>
#include <stdexcept>
#include <utility>

#include <boost/beast/http/field.hpp>
#include <boost/beast/http/status.hpp>

namespace casim::live {
namespace {

namespace beast_http = boost::beast::http;

constexpr const char* kMetricsType = "text/plain; version=0.0.4; charset=utf-8";

http::ServerOptions options_of(const std::string& address) {
  http::ServerOptions options;
  const auto colon = address.rfind(':');
  if (colon == std::string::npos) throw std::runtime_error("http: \"" + address + "\" has no port");
  options.address = address.substr(0, colon);
  if (options.address.starts_with('[') && options.address.ends_with(']')) {
    options.address = options.address.substr(1, options.address.size() - 2);
  }
  const char* end = address.data() + address.size();
  const auto [at, error] = std::from_chars(address.data() + colon + 1, end, options.port);
  if (error != std::errc{} || at != end) {
    throw std::runtime_error("http: \"" + address + "\" has no port from 0 to 65535");
  }
  options.max_connections = 64;
  return options;
}

http::Response response_of(beast_http::status status, std::string text, const char* type) {
  http::Response response;
  response.result(status);
  response.set(beast_http::field::content_type, type);
  response.body() = std::move(text);
  return response;
}

http::Response response_of(const HealthAnswer& answer) {
  return response_of(
      answer.is_well ? beast_http::status::ok : beast_http::status::service_unavailable,
      answer.text + "\n", "text/plain; charset=utf-8");
}

}  // namespace

HttpFace::HttpFace(asio::any_io_executor executor, const std::string& address,
                   HealthQuestions questions)
    : questions_(std::move(questions)),
      server_(
          std::move(executor), options_of(address),
          [this](http::Request request) -> Awaitable<http::Reply> { co_return answer(request); }) {}

http::Response HttpFace::answer(const http::Request& request) const {
  const std::string path(request.target().substr(0, request.target().find('?')));
  if (request.method() != beast_http::verb::get && request.method() != beast_http::verb::head) {
    return response_of(beast_http::status::method_not_allowed, "only GET\n", "text/plain");
  }
  if (path == "/metrics") {
    return response_of(beast_http::status::ok, questions_.metrics(), kMetricsType);
  }
  if (path == "/readyz") return response_of(questions_.is_ready());
  if (path == "/healthz") return response_of(questions_.is_alive());
  return response_of(beast_http::status::not_found, "/metrics, /readyz, /healthz\n", "text/plain");
}

Awaitable<void> HttpFace::shut_down() { return server_.shut_down(std::chrono::seconds(1)); }

}  // namespace casim::live
