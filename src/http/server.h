// A small HTTP/1.1 server: accepts connections, reads one request after the other, asks the handler
// and writes what it answers. Without TLS, so it listens on loopback unless told otherwise.
//
// What a client does wrong is answered by the server itself: 400 for what is no HTTP, 413 and 431
// for what is too long; then the connection ends. A client that is too slow loses it without a
// word. One executor, one thread at a time.
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <variant>

#include "src/core/asio.h"
#include "src/core/time.h"
#include "src/http/message.h"

namespace casim::http {

// Instead of a reply: these bytes as they are, and then the end of the connection.
struct BrokenReply {
  std::string bytes;
  bool reset = false;  // by a reset, which may overtake the bytes; else in order
};

using Reply = std::variant<Response, BrokenReply>;

// A response needs status, headers and body; its version, length and Connection are the server's.
// What the handler throws leaves the executor's run.
using Handler = std::function<Awaitable<Reply>(Request request)>;

struct ServerOptions {
  std::string address = "127.0.0.1";
  std::uint16_t port = 0;  // 0: one that is free
  std::uint32_t header_limit = 16 * 1024;
  std::uint64_t body_limit = 1024 * 1024;
  Duration read_timeout = std::chrono::seconds(30);   // of a request, from its first byte
  Duration idle_timeout = std::chrono::seconds(120);  // between two requests
  Duration write_timeout = std::chrono::seconds(30);
  int max_connections = 256;  // at once; further ones wait for a place
};

class Server {
 public:
  // Listens at once, and serves as soon as the executor runs. Throws std::runtime_error where it
  // cannot listen. The handler is called until shut_down() is over.
  Server(asio::any_io_executor executor, ServerOptions options, Handler handler);
  // Requires: shut_down() is over, or an exception flies.
  ~Server();
  Server(const Server&) = delete;
  Server& operator=(const Server&) = delete;

  int port() const;
  std::string url() const;  // "http://127.0.0.1:8080"

  // Takes no more requests, lets those under way come to their end for so long, and cancels them
  // then.
  Awaitable<void> shut_down(Duration grace);

 private:
  class Connection;
  struct State;
  std::shared_ptr<State> state_;
};

}  // namespace casim::http
