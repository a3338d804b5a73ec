#include "src/server/health_service.h"

#include <future>
#include <memory>
#include <string>
#include <thread>
#include <vector>

#include <grpcpp/grpcpp.h>

#include "src/proto/health.grpc.pb.h"
#include "tests/live/live_world.h"

namespace casim::server {
namespace {

using ::grpc::health::v1::Health;
using ::grpc::health::v1::HealthCheckRequest;
using ::grpc::health::v1::HealthCheckResponse;

// Asks beside the executor, until the server is down.
template <class Ask>
void ask_beside(LiveWorld& world, Ask ask, Duration grace = Duration::zero()) {
  std::thread client([&] {
    const auto stub = Health::NewStub(grpc::CreateChannel(
        "127.0.0.1:" + std::to_string(world.server->port()), grpc::InsecureChannelCredentials()));
    ask(*stub);
    asio::post(world.executor, [&world, grace] { spawn(world.executor, world.stop(grace)); });
  });
  world.io.run();
  client.join();
}

HealthCheckRequest request_for(const std::string& service) {
  HealthCheckRequest request;
  request.set_service(service);
  return request;
}

struct Watched {
  std::vector<int> told;
  grpc::Status end;
};

// Until the server ends it, which would give calls an hour. `meanwhile`: on the executor, once the
// first status was told.
template <class Meanwhile>
Watched watch_to_the_end(LiveWorld& world, const std::string& service, Meanwhile meanwhile) {
  Watched seen;
  grpc::ClientContext context;
  std::unique_ptr<grpc::ClientReader<HealthCheckResponse>> stream;
  std::thread reader;
  ask_beside(
      world,
      [&](Health::Stub& stub) {
        stream = stub.Watch(&context, request_for(service));
        HealthCheckResponse first;
        stream->Read(&first);
        seen.told.push_back(first.status());
        asio::post(world.executor, meanwhile);
        reader = std::thread([&] {
          for (HealthCheckResponse more; stream->Read(&more);) seen.told.push_back(more.status());
          seen.end = stream->Finish();
        });
      },
      std::chrono::hours(1));
  reader.join();
  return seen;
}

}  // namespace

TEST_CASE("a health check is answered for the server as a whole", "[live]") {
  LiveWorld world(GENERATE(By::kTurn, By::kExecutor), Duration::zero());
  HealthCheckResponse before;
  HealthCheckResponse after;
  grpc::Status of_other;
  ask_beside(world, [&](Health::Stub& stub) {
    const auto check = [&stub](const std::string& service, HealthCheckResponse& reply) {
      grpc::ClientContext context;
      return stub.Check(&context, request_for(service), &reply);
    };
    check("", before);
    std::promise<void> is_told;
    asio::post(world.executor, [&] {
      world.server->set_serving(false);
      is_told.set_value();
    });
    is_told.get_future().wait();
    check("", after);
    HealthCheckResponse none;
    of_other = check("other", none);
  });
  CHECK(before.status() == HealthCheckResponse::SERVING);
  CHECK(after.status() == HealthCheckResponse::NOT_SERVING);
  CHECK(of_other.error_code() == grpc::StatusCode::NOT_FOUND);
}

TEST_CASE("who watches the server's health is told each change, once", "[live]") {
  LiveWorld world(GENERATE(By::kTurn, By::kExecutor), Duration::zero());
  std::vector<int> told;
  grpc::Status end;
  ask_beside(world, [&](Health::Stub& stub) {
    grpc::ClientContext context;
    const auto stream = stub.Watch(&context, request_for(""));
    const auto read = [&] {
      HealthCheckResponse reply;
      stream->Read(&reply);
      told.push_back(reply.status());
    };
    const auto set = [&world](bool is_serving) {
      asio::post(world.executor, [&world, is_serving] { world.server->set_serving(is_serving); });
    };
    read();
    set(false);
    set(false);
    read();
    set(true);
    read();
    context.TryCancel();
    end = stream->Finish();
  });
  CHECK(told == std::vector<int>{HealthCheckResponse::SERVING, HealthCheckResponse::NOT_SERVING,
                                 HealthCheckResponse::SERVING});
  CHECK(end.error_code() == grpc::StatusCode::CANCELLED);
}

TEST_CASE("who watches an unknown service is told so, and holds up no end of the server",
          "[live]") {
  LiveWorld world(GENERATE(By::kTurn, By::kExecutor), Duration::zero());
  const Watched seen = watch_to_the_end(world, "other", [] {});
  CHECK(seen.told == std::vector<int>{HealthCheckResponse::SERVICE_UNKNOWN});
  CHECK(seen.end.error_code() == grpc::StatusCode::UNAVAILABLE);
}

TEST_CASE("who watches is told that the server serves no more before it ends", "[live]") {
  LiveWorld world(GENERATE(By::kTurn, By::kExecutor), Duration::zero());
  const Watched seen = watch_to_the_end(world, "", [&world] { world.server->set_serving(false); });
  CHECK(seen.told ==
        std::vector<int>{HealthCheckResponse::SERVING, HealthCheckResponse::NOT_SERVING});
  CHECK(seen.end.error_code() == grpc::StatusCode::UNAVAILABLE);
}

}  // namespace casim::server
