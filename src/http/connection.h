// One connection to a server, plain or with TLS. Inside of the client only.
#pragma once

#include <expected>
#include <memory>
#include <optional>

#include <boost/asio/ssl/context.hpp>

#include "src/http/client.h"
#include "src/http/message.h"

namespace casim::http {

class Connection {
 public:
  virtual ~Connection() = default;

  virtual Awaitable<std::optional<ClientError>> open(const ClientOptions& options) = 0;
  // The connection is of no use after an error, nor where the reply says so.
  virtual Awaitable<std::expected<Response, ClientError>> exchange(
      const Request& request, const ClientOptions& options) = 0;
  // Nothing has come since the last reply: neither an end nor bytes that nobody asked for.
  virtual bool is_quiet() = 0;
};

// `tls` outlives it; null: plain.
std::unique_ptr<Connection> make_connection(asio::any_io_executor executor,
                                            asio::ssl::context* tls);

}  // namespace casim::http
