#include "src/http/connection.h"

#include <type_traits>
#include <utility>

#include <openssl/ssl.h>
#include <sys/socket.h>
#include <boost/asio/as_tuple.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/ssl/error.hpp>
#include <boost/asio/ssl/host_name_verification.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <boost/beast/core/flat_buffer.hpp>
#include <boost/beast/core/tcp_stream.hpp>
#include <boost/beast/http/parser.hpp>
#include <boost/beast/http/read.hpp>
#include <boost/beast/http/write.hpp>
#include <boost/beast/ssl/ssl_stream.hpp>
#include <boost/system/system_error.hpp>

namespace casim::http {
namespace {

namespace beast = boost::beast;
using beast::error_code;
using tcp = asio::ip::tcp;
using TlsStream = beast::ssl_stream<beast::tcp_stream>;

// Errors as values, but for the caller's own cancellation, which unwinds it.
constexpr auto kTuple = asio::as_tuple(asio::use_awaitable);

void throw_if_cancelled(const error_code& error) {
  if (error == asio::error::operation_aborted) throw boost::system::system_error(error);
}

ClientFault fault_of_open(const error_code& error) {
  return error == beast::error::timeout ? ClientFault::kConnectTimeout : ClientFault::kNoConnection;
}

// `has_begun`: bytes of the reply had come.
ClientFault fault_of_exchange(const error_code& error, bool has_begun) {
  namespace http = beast::http;
  if (error == beast::error::timeout) return ClientFault::kReadTimeout;
  if (error == http::error::partial_message || error == asio::ssl::error::stream_truncated) {
    return has_begun ? ClientFault::kIncomplete : ClientFault::kReset;
  }
  if (error.category() == http::make_error_code(http::error::bad_version).category() &&
      error != http::error::end_of_stream) {
    return ClientFault::kUnreadable;
  }
  return has_begun ? ClientFault::kIncomplete : ClientFault::kReset;
}

template <class Stream>
class StreamConnection final : public Connection {
  static constexpr bool kIsTls = std::is_same_v<Stream, TlsStream>;

 public:
  template <class... Arguments>
  explicit StreamConnection(Arguments&&... arguments)
      : stream_(std::forward<Arguments>(arguments)...) {}

  Awaitable<std::optional<ClientError>> open(const ClientOptions& options) override {
    beast::tcp_stream& socket = beast::get_lowest_layer(stream_);
    tcp::resolver resolver(socket.get_executor());
    auto [unknown, addresses] =
        co_await resolver.async_resolve(options.server.host, options.server.port, kTuple);
    throw_if_cancelled(unknown);
    if (unknown) {
      co_return ClientError{ClientFault::kNoConnection,
                            options.server.host + ": " + unknown.message()};
    }
    socket.expires_after(options.connect_timeout);
    auto [unreachable, address] = co_await socket.async_connect(addresses, kTuple);
    throw_if_cancelled(unreachable);
    if (unreachable) co_return ClientError{fault_of_open(unreachable), unreachable.message()};
    error_code ignored;
    socket.socket().set_option(tcp::no_delay(true), ignored);
    if constexpr (kIsTls) co_return co_await shake_hands(options);
    co_return std::nullopt;
  }

  Awaitable<std::expected<Response, ClientError>> exchange(const Request& request,
                                                           const ClientOptions& options) override {
    beast::tcp_stream& socket = beast::get_lowest_layer(stream_);
    socket.expires_after(options.read_timeout);
    auto [unsent, sent] = co_await beast::http::async_write(stream_, request, kTuple);
    throw_if_cancelled(unsent);
    if (unsent) {
      co_return std::unexpected(ClientError{fault_of_exchange(unsent, false), unsent.message()});
    }
    beast::http::response_parser<beast::http::string_body> parser;
    parser.body_limit(options.max_body);
    parser.header_limit(64 * 1024);
    while (!parser.is_done()) {
      socket.expires_after(options.read_timeout);
      auto [error, size] = co_await beast::http::async_read_some(stream_, buffer_, parser, kTuple);
      throw_if_cancelled(error);
      if (!error) continue;
      const bool has_begun = parser.got_some() || buffer_.size() > 0;
      co_return std::unexpected(ClientError{fault_of_exchange(error, has_begun), error.message()});
    }
    socket.expires_never();
    co_return parser.release();
  }

  bool is_quiet() override {
    if (buffer_.size() > 0) return false;
    char byte = 0;
    const int handle = beast::get_lowest_layer(stream_).socket().native_handle();
    const auto size = ::recv(handle, &byte, 1, MSG_PEEK | MSG_DONTWAIT);
    return size < 0 && (errno == EAGAIN || errno == EWOULDBLOCK);
  }

 private:
  Awaitable<std::optional<ClientError>> shake_hands(const ClientOptions& options)
    requires kIsTls
  {
    const std::string& name = options.tls.server_name;
    const std::string& host = name.empty() ? options.server.host : name;
    SSL_set_tlsext_host_name(stream_.native_handle(), host.c_str());
    if (options.tls.verifies) {
      stream_.set_verify_callback(asio::ssl::host_name_verification(host));
    }
    auto [error] = co_await stream_.async_handshake(asio::ssl::stream_base::client, kTuple);
    throw_if_cancelled(error);
    if (!error) co_return std::nullopt;
    const long verdict = SSL_get_verify_result(stream_.native_handle());
    std::string message = error.message();
    if (verdict != X509_V_OK) {
      message = X509_verify_cert_error_string(verdict);
    }
    const bool is_late = error == beast::error::timeout;
    co_return ClientError{is_late ? ClientFault::kConnectTimeout : ClientFault::kTls,
                          std::move(message)};
  }

  Stream stream_;
  beast::flat_buffer buffer_;
};

}  // namespace

std::unique_ptr<Connection> make_connection(asio::any_io_executor executor,
                                            asio::ssl::context* tls) {
  if (tls == nullptr) {
    return std::make_unique<StreamConnection<beast::tcp_stream>>(std::move(executor));
  }
  return std::make_unique<StreamConnection<TlsStream>>(std::move(executor), *tls);
}

}  // namespace casim::http
