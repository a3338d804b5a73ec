// HTTP/1.1 to one server: connections are kept and used again, TLS is verified, every step has its
// time limit. One send is one request on the wire: what to do about a failure is the caller's.
// Live only: time limits are the operating system's timers.
#pragma once

#include <cstddef>
#include <cstdint>
#include <expected>
#include <filesystem>
#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "src/core/asio.h"
#include "src/core/clock.h"
#include "src/core/time.h"
#include "src/http/url.h"

namespace casim::http {

using HeaderField = std::pair<std::string, std::string>;

// Host, Content-Length and Connection are added.
struct ClientRequest {
  std::string method = "GET";
  std::string target = "/";
  std::vector<HeaderField> headers = {};
  std::string body = {};
};

struct ClientReply {
  int status = 0;
  std::vector<HeaderField> headers;
  std::string body;

  // The first of that name, whatever its case; empty: there is none.
  std::string_view header(std::string_view name) const;
};

// How far a request came.
enum class ClientFault : std::uint8_t {
  kNoConnection,    // the name is unknown, nobody listens, no way there
  kConnectTimeout,  // name, connection or TLS took too long
  kTls,             // the certificate is not to be trusted, or there is no common TLS
  kReset,           // the connection ended without a byte of a reply
  kReadTimeout,     // no reply in time, or it stopped in the middle
  kIncomplete,      // the reply ended before its end
  kUnreadable,      // no HTTP/1.1, or larger than the limit
};

struct ClientError {
  ClientFault fault = ClientFault::kNoConnection;
  std::string message;
};

// Whom to trust and who one is, where files do not say it.
struct ClientTls {
  std::string ca_pem = {};           // trusted instead of the system's; empty: those
  std::string certificate_pem = {};  // of the client; empty: none
  std::string key_pem = {};
  std::string server_name = {};  // that the server's certificate must have; empty: its host
  bool verifies = true;          // false: any certificate will do
};

struct ClientOptions {
  Url server;
  Duration connect_timeout = std::chrono::seconds(10);
  // Without a byte read or written.
  Duration read_timeout = std::chrono::seconds(60);
  Duration idle_timeout = std::chrono::seconds(20);  // of a kept connection; older: not used again
  std::size_t max_idle = 16;                         // kept connections
  std::size_t max_body = std::size_t{64} << 20;      // of a reply
  std::filesystem::path ca_file = {};  // trusted instead of the system's; empty: those
  ClientTls tls = {};
};

class Client {
 public:
  // Throws std::runtime_error when a certificate or key cannot be read. Clock and executor outlive
  // it.
  Client(ClientOptions options, Clock& clock, asio::any_io_executor executor);
  // Requires: no send under way.
  ~Client();

  // Cancelling it closes its connection.
  Awaitable<std::expected<ClientReply, ClientError>> send(ClientRequest request);

  const Url& server() const;

  // Since it was made.
  struct Totals {
    std::uint64_t requests = 0;
    std::uint64_t connections = 0;
  };

  Totals totals() const;

 private:
  struct State;
  std::unique_ptr<State> state_;
};

}  // namespace casim::http
