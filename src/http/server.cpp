#include "src/http/server.h"

#include <cassert>
#include <list>
#include <optional>
#include <stdexcept>
#include <utility>

#include <fmt/format.h>
#include <boost/asio/as_tuple.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/socket_base.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <boost/asio/write.hpp>
#include <boost/beast/core/flat_buffer.hpp>
#include <boost/beast/core/tcp_stream.hpp>
#include <boost/beast/http/error.hpp>
#include <boost/beast/http/parser.hpp>
#include <boost/beast/http/read.hpp>
#include <boost/beast/http/serializer.hpp>
#include <boost/beast/http/write.hpp>

#include "src/async/gate.h"
#include "src/async/semaphore.h"
#include "src/async/task_scope.h"

namespace casim::http {
namespace {

namespace beast = boost::beast;
namespace protocol = beast::http;
using Tcp = asio::ip::tcp;
using Error = boost::system::error_code;

constexpr auto kTuple = asio::as_tuple(asio::use_awaitable);

// What the server itself says of a request that it could not read; none: nothing, it is gone.
std::optional<Response> complaint_about(const Error& error) {
  const auto say = [](protocol::status status, const std::string& what) {
    Response response(status, 11);
    response.set(protocol::field::content_type, "text/plain");
    response.body() = what + "\n";
    return response;
  };
  if (error == protocol::error::body_limit) {
    return say(protocol::status::payload_too_large, "the body of the request is too long");
  }
  if (error == protocol::error::header_limit || error == protocol::error::buffer_overflow) {
    return say(protocol::status::request_header_fields_too_large,
               "the header of the request is too long");
  }
  const bool is_gone = error == protocol::error::end_of_stream ||
                       error == protocol::error::partial_message ||
                       error.category() != make_error_code(protocol::error::bad_method).category();
  if (is_gone) return std::nullopt;
  return say(protocol::status::bad_request, "this is no HTTP request: " + error.message());
}

}  // namespace

// Shared with what is suspended in it: when an exception ends the program, the executor lets go of
// its coroutines after the server is gone.
struct Server::State {
  State(asio::any_io_executor e, ServerOptions o, Handler h)
      : executor(std::move(e)),
        options(std::move(o)),
        handler(std::move(h)),
        acceptor(executor),
        places(executor, options.max_connections),
        tasks(executor),
        all_gone(executor) {}

  void listen();
  static Awaitable<void> accept(std::shared_ptr<State> state);
  // What is passed dies in reverse order.
  static Awaitable<void> serve(std::shared_ptr<State> state, Semaphore::Permit place,
                               Tcp::socket socket);
  void leave(std::list<Connection*>::iterator place);
  Awaitable<void> cancel_after(Duration grace);

  asio::any_io_executor executor;
  const ServerOptions options;
  const Handler handler;
  Tcp::acceptor acceptor;
  std::string host;
  int port = 0;
  Semaphore places;
  TaskScope tasks;
  std::list<Connection*> connections;
  bool is_closing = false;
  Gate all_gone;  // open when closing and no connection is left
};

// One client's.
class Server::Connection {
 public:
  Connection(State& server, Tcp::socket socket) : server_(server), stream_(std::move(socket)) {}

  Awaitable<void> serve() {
    bool goes_on = true;
    while (goes_on && !server_.is_closing) {
      goes_on = co_await is_there_more();
      if (!goes_on) break;
      is_busy_ = true;
      goes_on = co_await serve_one();
      is_busy_ = false;
    }
    co_await take_leave();
  }

  // Ends it where no request is under way.
  void close_if_idle() {
    if (!is_busy_) stream_.close();
  }

 private:
  // Waits for the first byte of a request. False: there is none.
  Awaitable<bool> is_there_more() {
    if (buffer_.size() > 0) co_return true;
    constexpr std::size_t kFirstBytes = 4096;
    stream_.expires_after(server_.options.idle_timeout);
    const auto [error, size] =
        co_await stream_.async_read_some(buffer_.prepare(kFirstBytes), kTuple);
    buffer_.commit(size);
    co_return !error;
  }

  // False: it was the last one.
  Awaitable<bool> serve_one() {
    protocol::request_parser<protocol::string_body> parser;
    parser.header_limit(server_.options.header_limit);
    parser.body_limit(server_.options.body_limit);
    stream_.expires_after(server_.options.read_timeout);
    const auto [error, size] = co_await protocol::async_read(stream_, buffer_, parser, kTuple);
    if (error) {
      if (auto complaint = complaint_about(error)) co_await write(*std::move(complaint), {});
      co_return false;
    }
    Request request = parser.release();
    const Manner manner{.version = request.version(),
                        .keeps_alive = request.keep_alive(),
                        .is_head = request.method() == protocol::verb::head};
    stream_.expires_never();
    Reply reply = co_await server_.handler(std::move(request));
    if (auto* broken = std::get_if<BrokenReply>(&reply)) {
      co_await write_broken(std::move(*broken));
      co_return false;
    }
    co_return co_await write(std::get<Response>(std::move(reply)), manner);
  }

  // How the request wants its response.
  struct Manner {
    unsigned version = 11;
    bool keeps_alive = false;
    bool is_head = false;  // without the body
  };

  // False: the connection is at its end.
  Awaitable<bool> write(Response response, Manner manner) {
    const bool goes_on = manner.keeps_alive && !server_.is_closing;
    response.version(manner.version);
    response.keep_alive(goes_on);
    response.prepare_payload();
    stream_.expires_after(server_.options.write_timeout);
    protocol::response_serializer<protocol::string_body> serializer(response);
    Error error;
    if (manner.is_head) {
      std::tie(error, std::ignore) =
          co_await protocol::async_write_header(stream_, serializer, kTuple);
    } else {
      std::tie(error, std::ignore) = co_await protocol::async_write(stream_, serializer, kTuple);
    }
    co_return !error && goes_on;
  }

  Awaitable<void> write_broken(BrokenReply broken) {
    stream_.expires_after(server_.options.write_timeout);
    if (!broken.bytes.empty()) {
      co_await asio::async_write(stream_, asio::buffer(broken.bytes), kTuple);
    }
    if (!broken.reset) co_return;
    Error ignored;
    stream_.socket().set_option(asio::socket_base::linger(true, 0), ignored);
    stream_.socket().close(ignored);  // with no time to linger: a reset
  }

  // To close a socket with bytes that nobody read would reset the connection, and the client could
  // lose the last reply.
  Awaitable<void> take_leave() {
    constexpr std::size_t kMost = 16 * 1024 * 1024;
    Error ignored;
    stream_.socket().shutdown(Tcp::socket::shutdown_send, ignored);
    stream_.expires_after(std::chrono::seconds(1));
    for (std::size_t all = 0; all < kMost;) {
      buffer_.clear();
      const auto [error, size] =
          co_await stream_.async_read_some(buffer_.prepare(64 * 1024), kTuple);
      if (error) co_return;
      all += size;
    }
  }

  State& server_;
  beast::tcp_stream stream_;
  beast::flat_buffer buffer_;
  bool is_busy_ = false;
};

void Server::State::listen() {
  Error error;
  const auto address = asio::ip::make_address(options.address, error);
  const auto fail = [this, &error](const char* what) {
    if (!error) return;
    throw std::runtime_error(fmt::format("cannot listen at {} port {}: {}: {}", options.address,
                                         options.port, what, error.message()));
  };
  fail("this is no address");
  const Tcp::endpoint endpoint(address, options.port);
  acceptor.open(endpoint.protocol(), error);
  fail("open");
  acceptor.set_option(asio::socket_base::reuse_address(true), error);
  fail("option");
  acceptor.bind(endpoint, error);
  fail("bind");
  acceptor.listen(asio::socket_base::max_listen_connections, error);
  fail("listen");
  port = acceptor.local_endpoint(error).port();
  host = address.is_v6() ? "[" + address.to_string() + "]" : address.to_string();
}

Awaitable<void> Server::State::accept(std::shared_ptr<State> state) {
  for (;;) {
    Semaphore::Permit place = co_await state->places.acquire();
    auto [error, socket] = co_await state->acceptor.async_accept(kTuple);
    if (state->is_closing) co_return;
    if (error) {
      // Too many open files, or a client that left: there is nothing to do but to go on.
      asio::steady_timer pause(state->executor, std::chrono::milliseconds(10));
      co_await pause.async_wait(kTuple);
      continue;
    }
    state->tasks.spawn(serve(state, std::move(place), std::move(socket)));
  }
}

Awaitable<void> Server::State::serve(std::shared_ptr<State> state,
                                     [[maybe_unused]] Semaphore::Permit place, Tcp::socket socket) {
  Error ignored;
  socket.set_option(Tcp::no_delay(true), ignored);
  Connection connection(*state, std::move(socket));

  struct Entry {
    State& state;
    std::list<Connection*>::iterator at;

    ~Entry() { state.leave(at); }
  } const entry{*state, state->connections.insert(state->connections.end(), &connection)};

  co_await connection.serve();
}

void Server::State::leave(std::list<Connection*>::iterator place) {
  connections.erase(place);
  if (is_closing && connections.empty()) all_gone.open();
}

Awaitable<void> Server::State::cancel_after(Duration grace) {
  asio::steady_timer end(executor, grace);
  co_await end.async_wait(kTuple);
  tasks.cancel();
}

Server::Server(asio::any_io_executor executor, ServerOptions options, Handler handler)
    : state_(std::make_shared<State>(std::move(executor), std::move(options), std::move(handler))) {
  state_->listen();
  state_->tasks.spawn(State::accept(state_));
}

Server::~Server() = default;

int Server::port() const { return state_->port; }

std::string Server::url() const { return fmt::format("http://{}:{}", state_->host, state_->port); }

Awaitable<void> Server::shut_down(Duration grace) {
  State& state = *state_;
  assert(!state.is_closing);
  state.is_closing = true;
  Error ignored;
  state.acceptor.close(ignored);
  for (Connection* connection : state.connections) connection->close_if_idle();
  if (state.connections.empty()) state.all_gone.open();
  state.tasks.spawn(state.cancel_after(grace));
  co_await state.all_gone.wait();
  state.tasks.cancel();  // who waits for the grace's end, for a connection, or for a place
  while (!state.tasks.empty()) co_await asio::post(state.executor, asio::use_awaitable);
}

}  // namespace casim::http
