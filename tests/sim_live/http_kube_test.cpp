// Requests to an API server as they are on the wire, by a little one on the loopback.
#include "sim/live/http_kube.h"

#include <optional>
#include <string>
#include <vector>

#include <boost/asio/io_context.hpp>

#include "sim/live/kube_objects.h"
#include "src/async/task_scope.h"
#include "src/http/server.h"
#include "src/live/system_clock.h"
#include "tests/catch.h"
#include "tests/sim_live/fake_kube.h"

namespace casim::sim {
namespace {

struct WireWorld {
  Awaitable<http::Reply> answer(http::Request request) {
    targets.emplace_back(request.target());
    tokens.emplace_back(request["Authorization"]);
    types.emplace_back(request["Content-Type"]);
    KubeRequest asked;
    asked.method = std::string(request.method_string());
    asked.path = std::string(request.target()).substr(4);  // without /k8s
    if (!request.body().empty()) asked.body = nlohmann::json::parse(request.body());
    const Result<KubeReply> reply = co_await fake.send(std::move(asked));
    http::Response response;
    response.result(static_cast<unsigned>(reply->status));
    response.body() = reply->body;
    co_return response;
  }

  // Runs the task beside the server until it has ended.
  void run(Awaitable<void> task) {
    spawn(io.get_executor(), then_stop(std::move(task)));
    io.run();
  }

  Awaitable<void> then_stop(Awaitable<void> task) {
    co_await std::move(task);
    co_await server.shut_down(std::chrono::seconds(5));
  }

  ClusterAccess access() const {
    ClusterAccess out;
    out.server = server.url() + "/k8s";
    out.token = "secret";
    return out;
  }

  asio::io_context io{1};
  SystemClock clock{io.get_executor()};
  FakeKube fake{clock};
  std::vector<std::string> targets;
  std::vector<std::string> tokens;
  std::vector<std::string> types;
  http::Server server{io.get_executor(), http::ServerOptions(),
                      [this](http::Request request) { return answer(std::move(request)); }};
};

Awaitable<void> write_and_read(KubeApi& kube, std::vector<std::string>& log) {
  const nlohmann::json lease = lease_object("n", WallTime());
  const Result<nlohmann::json> made = co_await call(kube, post_of(kLeasesPath, lease));
  log.emplace_back(made ? "made" : made.error().message);
  const Result<nlohmann::json> again = co_await call(kube, post_of(kLeasesPath, lease));
  log.emplace_back(again ? "made" : name_of(again.error().code));
  const WallTime later(std::chrono::seconds(1));
  const Result<nlohmann::json> renewed =
      co_await call(kube, patch_of(lease_path("n"), lease_renewal(later), kMergePatch));
  log.push_back(renewed ? text_at(*renewed, "/spec/renewTime") : renewed.error().message);
  const Result<nlohmann::json> gone = co_await call(kube, get_of(node_path("n")));
  log.emplace_back(gone ? "there" : name_of(gone.error().code));
}

TEST_CASE("an API server is called over HTTP with token and kind of patch", "[live]") {
  WireWorld w;
  HttpKube kube(w.access(), w.clock, w.io.get_executor());
  std::vector<std::string> log;
  w.run(write_and_read(kube, log));
  CHECK(log == std::vector<std::string>{"made", "ALREADY_EXISTS", "1970-01-01T00:00:01.000000Z",
                                        "NOT_FOUND"});
  CHECK(w.targets.at(0) == "/k8s" + std::string(kLeasesPath));
  CHECK(w.tokens == std::vector<std::string>(4, "Bearer secret"));
  CHECK(w.types == std::vector<std::string>{"application/json", "application/json",
                                            "application/merge-patch+json", ""});
}

Awaitable<void> ask_once(KubeApi& kube, std::optional<Error>& error) {
  const Result<nlohmann::json> reply = co_await call(kube, get_of("/version"));
  if (!reply) error = reply.error();
}

TEST_CASE("an API server that is not there is unavailable, and named", "[live]") {
  asio::io_context io{1};
  SystemClock clock(io.get_executor());
  ClusterAccess access;
  access.server = "http://127.0.0.1:1";
  HttpKube kube(access, clock, io.get_executor());
  std::optional<Error> error;
  spawn(io.get_executor(), ask_once(kube, error));
  io.run();
  REQUIRE(error);
  CHECK(error->code == ErrorCode::kUnavailable);
  CHECK(error->message.find("http://127.0.0.1:1") != std::string::npos);
}

TEST_CASE("an access without a URL or with a broken certificate is refused", "[live]") {
  asio::io_context io{1};
  SystemClock clock(io.get_executor());
  ClusterAccess access;
  access.server = "127.0.0.1:6443";
  CHECK_THROWS_AS(HttpKube(access, clock, io.get_executor()), std::runtime_error);
  access.server = "https://127.0.0.1:6443";
  access.ca_pem = "no certificate";
  CHECK_THROWS_AS(HttpKube(access, clock, io.get_executor()), std::runtime_error);
  access.ca_pem = "";
  access.certificate_pem = "no certificate";
  CHECK_THROWS_AS(HttpKube(access, clock, io.get_executor()), std::runtime_error);
}

}  // namespace
}  // namespace casim::sim
