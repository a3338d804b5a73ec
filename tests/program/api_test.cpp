// The real API client against an EC2 in the test: what is sent, and what each failure becomes.
#include "src/ec2/http/http_api.h"

#include <deque>

#include <boost/asio/io_context.hpp>

#include "src/async/task_scope.h"
#include "src/ec2/query/codec.h"
#include "src/ec2/sigv4.h"
#include "src/http/date.h"
#include "src/http/server.h"
#include "src/live/system_clock.h"
#include "tests/catch.h"

namespace casim::ec2 {
namespace {

using namespace std::chrono_literals;

// Keys by turns: each refusal brings the next ones.
class ListedCredentials : public CredentialSource {
 public:
  Awaitable<Result<Credentials>> get() override {
    if (keys.empty()) co_return failure(casim::ErrorCode::kUnauthenticated, "none are there");
    co_return keys.front();
  }

  void on_refused(const Credentials&) override {
    if (keys.size() > 1) keys.pop_front();
  }

  std::string name() const override { return "list"; }

  std::deque<Credentials> keys{{"AKID1", "secret1"}};
};

struct Seen : AttemptObserver {
  void on_attempt(const AttemptSeen& attempt) override { all.push_back(attempt); }

  std::vector<AttemptSeen> all;
};

struct ApiWorld {
  // The server's answer to the n-th request.
  using Script = std::function<http::Reply(const http::Request&, std::size_t n)>;

  explicit ApiWorld(Script s) : script(std::move(s)) {}

  Attempt<AnyReply> call(AnyRequest request) {
    std::optional<Attempt<AnyReply>> answer;
    spawn(io.get_executor(), run(std::move(request), answer));
    io.restart();
    io.run();
    return *answer;
  }

  Awaitable<void> run(AnyRequest request, std::optional<Attempt<AnyReply>>& answer) {
    answer = co_await api.call(std::move(request));
    co_await server.shut_down(1s);
  }

  asio::io_context io{1};
  SystemClock clock{io.get_executor()};
  Script script;
  std::vector<http::Request> requests;
  http::Server server{
      io.get_executor(), {}, [this](http::Request request) -> Awaitable<http::Reply> {
        requests.push_back(request);
        co_return script(request, requests.size());
      }};
  http::Client client{{.server = {false, "127.0.0.1", std::to_string(server.port()), "/"}},
                      clock,
                      io.get_executor()};
  ListedCredentials credentials;
  Seen seen;
  HttpApi api{"us-east-1",
              {.clock = clock, .client = client, .credentials = credentials, .observer = seen}};
};

http::Reply ok_reply() {
  http::Response reply;
  reply.result(200);
  reply.set("x-amzn-RequestId", "req-7");
  reply.body() = query::encode_reply(to_any<TerminateInstancesRequest>({}), "req-7");
  return reply;
}

http::Reply error_reply_of(ErrorCode code,
                           std::vector<std::pair<std::string, std::string>> headers = {}) {
  const AttemptError error = error_reply(code, "because");
  http::Response reply;
  reply.result(static_cast<unsigned>(error.http_status));
  for (const auto& [name, value] : headers) reply.set(name, value);
  reply.body() = query::encode_error(error, "req-8");
  return reply;
}

AnyRequest some_request() {
  TerminateInstancesRequest request;
  request.instance_ids = {"i-1"};
  return request;
}

// As EC2 would: of what arrived.
bool is_signed_by(const http::Request& request, const std::string& secret) {
  const auto authorization = parse_authorization(std::string(request["authorization"]));
  if (!authorization) return false;
  RequestToSign signing;
  for (const std::string& name : authorization->signed_headers) {
    signing.headers.push_back({name, std::string(request[name])});
  }
  signing.payload_hash = sha256_hex(request.body());
  return authorization->signature ==
         sign(signing, std::string(request["x-amz-date"]), authorization->scope, secret);
}

}  // namespace

TEST_CASE("a call is one signed request, and its reply is read", "[ec2]") {
  ApiWorld world([](const auto&, auto) { return ok_reply(); });
  world.credentials.keys = {{"AKID1", "secret1", "session"}};
  REQUIRE(world.call(some_request()));
  REQUIRE(world.requests.size() == 1);
  CHECK(is_signed_by(world.requests[0], "secret1"));
  CHECK_FALSE(is_signed_by(world.requests[0], "secret2"));
  CHECK(world.requests[0]["x-amz-security-token"] == "session");
  CHECK(world.requests[0].body().starts_with("Action=TerminateInstances&Version=2016-11-15"));
  CHECK(world.seen.all.at(0).request_id == "req-7");
  CHECK(world.seen.all.at(0).outcome.empty());
}

TEST_CASE("what fails is told as the retry code knows it", "[ec2]") {
  struct Row {
    const char* name;
    http::Reply reply;
    const char* reason;
    Fault fault;
  };

  const auto row = GENERATE(values<Row>({
      {"throttled", error_reply_of(ErrorCode::kRequestLimitExceeded), "RequestLimitExceeded",
       Fault::kNone},
      {"no capacity", error_reply_of(ErrorCode::kInsufficientInstanceCapacity),
       "InsufficientInstanceCapacity", Fault::kNone},
      {"reset", http::BrokenReply{"", true}, "ConnectionReset", Fault::kReset},
      {"cut off", http::BrokenReply{"HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\n<a", false},
       "IncompleteReply", Fault::kIncompleteReply},
  }));
  CAPTURE(row.name);
  ApiWorld world([&row](const auto&, auto) { return row.reply; });
  const auto answer = world.call(some_request());
  REQUIRE_FALSE(answer);
  CHECK(reason_of(answer.error()) == row.reason);
  CHECK(answer.error().fault == row.fault);
  CHECK(world.requests.size() == 1);
  CHECK(world.seen.all.at(0).outcome == row.reason);
}

TEST_CASE("what a server says of the time to wait is passed on", "[ec2]") {
  ApiWorld world([](const auto&, auto) {
    return error_reply_of(ErrorCode::kRequestLimitExceeded,
                          {{"x-amz-retry-after", "1500"}, {"Retry-After", "3"}});
  });
  const auto answer = world.call(some_request());
  REQUIRE_FALSE(answer);
  CHECK(answer.error().retry_after == Duration(1500ms));
  CHECK(answer.error().http_retry_after == Duration(3s));
}

TEST_CASE("keys that EC2 refuses are looked for once more, and never a third time", "[ec2]") {
  ApiWorld world([](const auto& request, auto) {
    return is_signed_by(request, "secret2") ? ok_reply()
                                            : error_reply_of(ErrorCode::kRequestExpired);
  });

  SECTION("others are there") {
    world.credentials.keys.push_back({"AKID2", "secret2"});
    CHECK(world.call(some_request()));
    CHECK(world.requests.size() == 2);
  }
  SECTION("the same ones") {
    const auto answer = world.call(some_request());
    REQUIRE_FALSE(answer);
    CHECK(reason_of(answer.error()) == "RequestExpired");
    CHECK(world.requests.size() == 1);
  }
  SECTION("others that are no better") {
    world.credentials.keys.push_back({"AKID3", "secret3"});
    world.credentials.keys.push_back({"AKID2", "secret2"});
    CHECK_FALSE(world.call(some_request()));
    CHECK(world.requests.size() == 2);
  }
  SECTION("none at all") {
    world.credentials.keys.clear();
    const auto answer = world.call(some_request());
    REQUIRE_FALSE(answer);
    CHECK(reason_of(answer.error()) == "NoCredentials");
    CHECK(world.requests.empty());
  }
}

TEST_CASE("a clock that EC2 refuses is corrected by the reply's date", "[ec2]") {
  std::vector<WallTime> stamps;
  ApiWorld world([&stamps](const http::Request& request, std::size_t) {
    stamps.push_back(*parse_amz_time(std::string(request["x-amz-date"])));
    return error_reply_of(ErrorCode::kAuthFailure,
                          {{"Date", http::write_date(stamps.front() + std::chrono::hours(1))}});
  });
  world.credentials.keys.push_back({"AKID2", "secret2"});  // so that it asks a second time
  const auto answer = world.call(some_request());
  REQUIRE_FALSE(answer);
  CHECK(answer.error().clock_difference > Duration(50min));
  REQUIRE(stamps.size() == 2);
  CHECK(stamps[1] - stamps[0] > Duration(50min));
}

TEST_CASE("each Region has its endpoint", "[ec2]") {
  CHECK(endpoint_of("us-east-1") == "https://ec2.us-east-1.amazonaws.com");
  CHECK(endpoint_of("cn-north-1") == "https://ec2.cn-north-1.amazonaws.com.cn");
}

}  // namespace casim::ec2
