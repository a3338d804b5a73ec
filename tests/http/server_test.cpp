// The server on loopback, met by clients that write bytes. Real sockets, and as little waiting as
// will do.
#include "src/http/server.h"

#include <functional>
#include <stdexcept>
#include <string>
#include <thread>
#include <utility>

#include <boost/asio/io_context.hpp>
#include <boost/asio/post.hpp>

#include "src/async/gate.h"
#include "src/async/task_scope.h"
#include "tests/catch.h"
#include "tests/http/client.h"

namespace casim::http {
namespace {

using namespace std::chrono_literals;

struct World {
  explicit World(Handler handler, ServerOptions options = {})
      : server(io.get_executor(), std::move(options), std::move(handler)) {}

  // Runs the client beside the server, which goes down when the client is through.
  void meet(const std::function<void()>& client, Duration grace = 10s) {
    std::thread other([&] {
      client();
      asio::post(io, [&] { spawn(io.get_executor(), server.shut_down(grace)); });
    });
    io.run();
    other.join();
  }

  asio::io_context io{1};
  Server server;
};

// Says what it was asked.
Awaitable<Reply> echo(Request request) {
  Response response(boost::beast::http::status::ok, 11);
  response.body() = std::string(request.method_string()) + " " + std::string(request.target()) +
                    " " + request.body();
  co_return response;
}

std::string get(const std::string& target, const std::string& headers = "") {
  return "GET " + target + " HTTP/1.1\r\nHost: x\r\n" + headers + "\r\n";
}

}  // namespace

TEST_CASE("what a handler throws ends the program, and nothing is touched that is gone", "[http]") {
  std::thread clients;
  const auto run = [&clients] {
    World world([](Request) -> Awaitable<Reply> { throw std::runtime_error("no answer"); });
    clients = std::thread([port = world.server.port()] {
      const TestClient idle(port);
      TestClient asking(port);
      asking.send(get("/"));
      asking.rest();
    });
    world.io.run();
  };
  CHECK_THROWS_WITH(run(), "no answer");
  clients.join();
}

TEST_CASE("a connection serves one request after the other", "[http]") {
  World world(echo);
  world.meet([&world] {
    TestClient client(world.server.port());
    client.send(get("/a"));
    CHECK_THAT(client.reply(),
               ContainsSubstring("HTTP/1.1 200 OK") && ContainsSubstring("GET /a "));
    client.send("POST /b HTTP/1.1\r\nHost: x\r\nContent-Length: 3\r\n\r\nxyz" + get("/c"));
    CHECK_THAT(client.reply(), ContainsSubstring("POST /b xyz"));
    CHECK_THAT(client.reply(), ContainsSubstring("GET /c "));
    client.send(get("/d", "Connection: close\r\n"));
    const std::string last = client.rest();
    CHECK_THAT(last, ContainsSubstring("GET /d ") && ContainsSubstring("Connection: close"));
  });
}

TEST_CASE("a request of HTTP 1.0 and one of HEAD get the reply that they can read", "[http]") {
  World world(echo);
  world.meet([&world] {
    TestClient old(world.server.port());
    old.send("GET /old HTTP/1.0\r\n\r\n");
    CHECK_THAT(old.rest(), ContainsSubstring("HTTP/1.0 200 OK") && ContainsSubstring("GET /old "));
    TestClient head(world.server.port());
    head.send("HEAD /h HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n");
    const std::string reply = head.rest();
    CHECK_THAT(reply, ContainsSubstring("Content-Length: 8"));
    CHECK(reply.ends_with("\r\n\r\n"));
  });
}

TEST_CASE("what is no request or too long is answered, and the connection ends", "[http]") {
  struct Row {
    const char* name;
    std::string request;
    const char* status;
  };

  const auto row = GENERATE(values<Row>({
      {"no HTTP", "\x16\x03\x01\r\n\r\n", "HTTP/1.1 400 "},
      {"no version", "GET /\r\n\r\n", "HTTP/1.1 400 "},
      {"length is no number", "POST / HTTP/1.1\r\nContent-Length: x\r\n\r\n", "HTTP/1.1 400 "},
      {"long header", get("/", "A: " + std::string(2000, 'a') + "\r\n"), "HTTP/1.1 431 "},
      {"long body", "POST / HTTP/1.1\r\nContent-Length: 101\r\n\r\n" + std::string(101, 'b'),
       "HTTP/1.1 413 "},
      {"long chunks",
       "POST / HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\n80\r\n" + std::string(128, 'b') +
           "\r\n0\r\n\r\n",
       "HTTP/1.1 413 "},
  }));
  CAPTURE(row.name);
  ServerOptions options;
  options.header_limit = 1000;
  options.body_limit = 100;
  World world(echo, options);
  std::string reply;
  world.meet([&] {
    TestClient client(world.server.port());
    client.send(row.request);
    reply = client.rest();
  });
  CHECK(reply.starts_with(row.status));
  CHECK_THAT(reply, ContainsSubstring("Connection: close"));
}

TEST_CASE("a broken reply is sent as it is, and ends by a close or a reset", "[http]") {
  const std::string bytes = GENERATE("", "HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\nabc");
  const bool reset = GENERATE(false, true);
  World world([&](Request) -> Awaitable<Reply> { co_return BrokenReply{bytes, reset}; });
  std::string seen;
  world.meet([&] {
    TestClient client(world.server.port());
    client.send(get("/"));
    seen = client.rest();
  });
  if (reset) {
    CHECK(seen.ends_with("reset"));
  } else {
    CHECK(seen == bytes);
  }
}

TEST_CASE("a client that is too slow loses its connection without a word", "[http]") {
  ServerOptions options;
  options.read_timeout = 10ms;
  options.idle_timeout = 10ms;
  World world(echo, options);
  world.meet([&world] {
    TestClient silent(world.server.port());
    TestClient slow(world.server.port());
    slow.send("GET / HTT");
    CHECK(slow.rest().empty());
    CHECK(silent.rest().empty());
  });
}

TEST_CASE("more clients than there are places wait for one", "[http]") {
  ServerOptions options;
  options.max_connections = 1;
  World world(echo, options);
  world.meet([&world] {
    auto first = std::make_unique<TestClient>(world.server.port());
    TestClient second(world.server.port());
    second.send(get("/second", "Connection: close\r\n"));
    first->send(get("/first"));
    CHECK_THAT(first->reply(), ContainsSubstring("/first"));
    first.reset();
    CHECK_THAT(second.rest(), ContainsSubstring("/second"));
  });
}

TEST_CASE("going down waits for the request under way, and closes what is idle", "[http]") {
  asio::io_context io{1};
  Gate asked(io.get_executor());
  Gate may_answer(io.get_executor());
  Server server(io.get_executor(), {}, [&](Request request) -> Awaitable<Reply> {
    asked.open();
    co_await may_answer.wait();
    Reply reply = co_await echo(std::move(request));
    co_return reply;
  });
  auto go_down = [&]() -> Awaitable<void> {
    co_await asked.wait();
    asio::post(io, [&] { may_answer.open(); });
    co_await server.shut_down(1h);
  };
  spawn(io.get_executor(), go_down());
  std::string busy_reply;
  std::string idle_reply;
  std::thread other([&] {
    TestClient idle(server.port());
    TestClient busy(server.port());
    busy.send(get("/busy"));
    busy_reply = busy.rest();
    idle_reply = idle.rest();
  });
  io.run();
  other.join();
  CHECK_THAT(busy_reply, ContainsSubstring("/busy") && ContainsSubstring("Connection: close"));
  CHECK(idle_reply.empty());
}

TEST_CASE("going down without grace cancels the request under way", "[http]") {
  asio::io_context io{1};
  Gate asked(io.get_executor());
  Gate never(io.get_executor());
  Server server(io.get_executor(), {}, [&](Request) -> Awaitable<Reply> {
    asked.open();
    co_await never.wait();
    co_return Response();
  });
  auto go_down = [&]() -> Awaitable<void> {
    co_await asked.wait();
    co_await server.shut_down(Duration::zero());
  };
  spawn(io.get_executor(), go_down());
  std::string reply = "unset";
  std::thread other([&] {
    TestClient client(server.port());
    client.send(get("/"));
    reply = client.rest();
  });
  io.run();
  other.join();
  CHECK((reply.empty() || reply == "reset"));
}

TEST_CASE("a place that is taken or does not exist is refused with its name", "[http]") {
  World world(echo);
  CHECK(world.server.url() == "http://127.0.0.1:" + std::to_string(world.server.port()));
  ServerOptions same;
  same.port = static_cast<std::uint16_t>(world.server.port());
  asio::io_context io;
  CHECK_THROWS_WITH(
      Server(io.get_executor(), same, echo),
      ContainsSubstring("cannot listen at 127.0.0.1 port " + std::to_string(world.server.port())));
  ServerOptions wrong;
  wrong.address = "localhost:80";
  CHECK_THROWS_WITH(Server(io.get_executor(), wrong, echo), ContainsSubstring("localhost:80"));
  world.meet([] {});
}

}  // namespace casim::http
