// The HTTP client against servers that behave, and some that do not.
#include "src/http/client.h"

#include <deque>

#include <boost/asio/connect.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>

#include "src/async/task_scope.h"
#include "src/http/server.h"
#include "src/live/system_clock.h"
#include "tests/catch.h"

using namespace casim;
using namespace casim::http;
using namespace std::chrono_literals;

namespace {

using Answer = std::expected<ClientReply, ClientError>;

// A server that answers with what stands in line, and a client of it.
struct ClientWorld {
  explicit ClientWorld(Duration read_timeout = 5s)
      : server(io.get_executor(), {},
               [this](Request request) -> Awaitable<Reply> { return answer(std::move(request)); }),
        client({.server = {false, "127.0.0.1", std::to_string(server.port()), "/"},
                .connect_timeout = 5s,
                .read_timeout = read_timeout},
               clock, io.get_executor()) {}

  Awaitable<Reply> answer(Request request) {
    targets.push_back(std::string(request.target()));
    if (replies.empty()) {
      Response ok;
      ok.result(200);
      ok.set("X-Seen", std::string(request["X-Sent"]));
      ok.body() = "you said " + request.body();
      co_return ok;
    }
    Reply next = std::move(replies.front());
    replies.pop_front();
    co_return next;
  }

  // Sends so many, one after the other.
  std::vector<Answer> send(int count) {
    std::vector<Answer> answers;
    spawn(io.get_executor(), run(count, answers));
    io.restart();
    io.run();
    return answers;
  }

  Awaitable<void> run(int count, std::vector<Answer>& answers) {
    for (int i = 0; i < count; ++i) {
      ClientRequest request{
          .method = "POST", .target = "/x", .headers = {{"X-Sent", "1"}}, .body = "b"};
      answers.push_back(co_await client.send(std::move(request)));
    }
    co_await server.shut_down(1s);
  }

  asio::io_context io{1};
  SystemClock clock{io.get_executor()};
  std::deque<Reply> replies;
  std::vector<std::string> targets;
  Server server;
  Client client;
};

}  // namespace

TEST_CASE("requests go over one connection as long as it is kept", "[http]") {
  ClientWorld world;
  const auto answers = world.send(3);
  for (const Answer& answer : answers) {
    REQUIRE(answer);
    CHECK(answer->status == 200);
    CHECK(answer->body == "you said b");
    CHECK(answer->header("x-seen") == "1");
  }
  CHECK(world.client.totals().requests == 3);
  CHECK(world.client.totals().connections == 1);
}

TEST_CASE("each way to fail is told from the others", "[http]") {
  struct Row {
    const char* name;
    BrokenReply reply;
    ClientFault fault;
  };

  const auto row = GENERATE(values<Row>({
      {"closed without a byte", {"", false}, ClientFault::kReset},
      {"reset without a byte", {"", true}, ClientFault::kReset},
      {"cut in the headers", {"HTTP/1.1 200 OK\r\nContent-Le", false}, ClientFault::kIncomplete},
      {"headers only",
       {"HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\n", false},
       ClientFault::kIncomplete},
      {"shorter than announced",
       {"HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\nabc", false},
       ClientFault::kIncomplete},
      {"chunks without the last",
       {"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n", false},
       ClientFault::kIncomplete},
      {"no HTTP", {"220 mail.example.com ESMTP\r\n", false}, ClientFault::kUnreadable},
  }));
  CAPTURE(row.name);
  ClientWorld world;
  world.replies.emplace_back(row.reply);
  const auto answers = world.send(2);
  REQUIRE_FALSE(answers[0]);
  CHECK(static_cast<int>(answers[0].error().fault) == static_cast<int>(row.fault));
  CHECK(answers[1]);  // on another connection
  CHECK(world.client.totals().connections == 2);
}

TEST_CASE("a server that says nothing is given up", "[http]") {
  asio::io_context io{1};
  SystemClock clock{io.get_executor()};
  asio::ip::tcp::acceptor silent(io, {asio::ip::make_address("127.0.0.1"), 0});
  Client client(
      {.server = {false, "127.0.0.1", std::to_string(silent.local_endpoint().port()), "/"},
       .read_timeout = 20ms},
      clock, io.get_executor());
  std::optional<Answer> answer;
  spawn(io.get_executor(), [](Client& c, std::optional<Answer>& out) -> Awaitable<void> {
    ClientRequest request;
    out = co_await c.send(std::move(request));
  }(client, answer));
  io.run();
  REQUIRE(answer.has_value());
  REQUIRE_FALSE(answer->has_value());
  CHECK(answer->error().fault == ClientFault::kReadTimeout);
}

TEST_CASE("nobody listens, or the name is unknown", "[http]") {
  asio::io_context io{1};
  SystemClock clock{io.get_executor()};
  std::string port;
  {
    const asio::ip::tcp::acceptor free(io, {asio::ip::make_address("127.0.0.1"), 0});
    port = std::to_string(free.local_endpoint().port());
  }
  Client client({.server = {false, "127.0.0.1", port, "/"}}, clock, io.get_executor());
  std::optional<Answer> answer;
  spawn(io.get_executor(), [](Client& c, std::optional<Answer>& out) -> Awaitable<void> {
    ClientRequest request;
    out = co_await c.send(std::move(request));
  }(client, answer));
  io.run();
  REQUIRE(answer.has_value());
  REQUIRE_FALSE(answer->has_value());
  CHECK(answer->error().fault == ClientFault::kNoConnection);
}

TEST_CASE("URLs of endpoints are read, and others refused with a reason", "[http]") {
  CHECK(parse_url("https://ec2.us-east-1.amazonaws.com") ==
        Url{true, "ec2.us-east-1.amazonaws.com", "443", "/"});
  CHECK(parse_url("http://[::1]:8080/x") == Url{false, "::1", "8080", "/x"});
  CHECK(parse_url("http://[::1]:8080/x")->authority() == "[::1]:8080");
  for (const char* text : {"", "ec2.amazonaws.com", "ftp://x", "https://", "https://u@x",
                           "https://x?y", "https://x:0", "https://x:99999", "https://[::1"}) {
    CAPTURE(text);
    CHECK_FALSE(parse_url(text));
  }
}
