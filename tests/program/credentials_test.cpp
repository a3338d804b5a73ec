#include "src/ec2/credentials/credentials.h"

#include <fstream>
#include <map>

#include <boost/asio/io_context.hpp>

#include "src/async/task_scope.h"
#include "src/ec2/credentials/file_credentials.h"
#include "src/ec2/credentials/imds_credentials.h"
#include "src/http/server.h"
#include "src/live/system_clock.h"
#include "tests/catch.h"
#include "tests/provider/stores.h"

using namespace casim;
using namespace casim::ec2;
using namespace std::chrono_literals;

namespace {

Result<Credentials> get(CredentialSource& source, asio::io_context& io) {
  std::optional<Result<Credentials>> answer;
  spawn(io.get_executor(),
        [](CredentialSource& s, std::optional<Result<Credentials>>& out) -> Awaitable<void> {
          out = co_await s.get();
        }(source, answer));
  io.restart();
  io.run();
  return *answer;
}

Environment credentials_environment(std::map<std::string, std::string> variables) {
  return [variables](const std::string& name) -> std::optional<std::string> {
    const auto found = variables.find(name);
    return found == variables.end() ? std::nullopt : std::optional(found->second);
  };
}

void write(const std::filesystem::path& file, const std::string& text) {
  std::ofstream(file, std::ios::trunc) << text;
}

}  // namespace

TEST_CASE("credentials of the environment are all or none", "[ec2]") {
  asio::io_context io{1};
  EnvironmentCredentials all(credentials_environment({{"AWS_ACCESS_KEY_ID", "id"},
                                                      {"AWS_SECRET_ACCESS_KEY", "secret"},
                                                      {"AWS_SESSION_TOKEN", "token"}}));
  CHECK(get(all, io) == Credentials{"id", "secret", "token"});
  EnvironmentCredentials half(credentials_environment({{"AWS_ACCESS_KEY_ID", "id"}}));
  CHECK(get(half, io).error().code == casim::ErrorCode::kUnauthenticated);
  EnvironmentCredentials none(credentials_environment({}));
  CHECK(get(none, io).error().code == casim::ErrorCode::kFailedPrecondition);
}

TEST_CASE("a credentials file is read by its profile", "[ec2]") {
  const char* text =
      "# mine\n[default]\naws_access_key_id = a\naws_secret_access_key=b\n\n[ other ]\r\n"
      "aws_access_key_id=c\r\n aws_secret_access_key = d=e \r\naws_session_token=t\r\n[half]\n"
      "aws_access_key_id=x";
  CHECK(parse_credentials_file(text, "default") == Credentials{"a", "b"});
  CHECK(parse_credentials_file(text, "other") == Credentials{"c", "d=e", "t"});
  CHECK_FALSE(parse_credentials_file(text, "half"));
  CHECK_FALSE(parse_credentials_file(text, "none"));
  CHECK_FALSE(parse_credentials_file("", "default"));
}

TEST_CASE("a file is read again when it has changed, and only then", "[ec2]") {
  asio::io_context io{1};
  provider::TemporaryFolder folder;
  const auto file = folder / "credentials";
  FileCredentials source(file, "default", false);
  CHECK(get(source, io).error().code == casim::ErrorCode::kUnauthenticated);
  write(file, "[default]\naws_access_key_id=a\naws_secret_access_key=b\n");
  CHECK(get(source, io) == Credentials{"a", "b"});
  const auto reads = source.reads();
  CHECK(get(source, io) == Credentials{"a", "b"});
  CHECK(source.reads() == reads);
  write(file, "[default]\naws_access_key_id=a2\naws_secret_access_key=b\n");
  CHECK(get(source, io) == Credentials{"a2", "b"});
  source.on_refused({"other", "b"});  // not what it gave
  CHECK(get(source, io));
  CHECK(source.reads() == reads + 1);
  source.on_refused({"a2", "b"});
  CHECK(get(source, io));
  CHECK(source.reads() == reads + 2);
}

TEST_CASE("a mounted Secret is read as one version, however its link moves", "[ec2]") {
  asio::io_context io{1};
  provider::TemporaryFolder folder;
  const auto mount = folder / "secret";
  const auto put_version = [&](const char* name, const char* id) {
    std::filesystem::create_directories(mount / name);
    write(mount / name / "aws_access_key_id", std::string(id) + "\n");
    write(mount / name / "aws_secret_access_key", std::string(id) + "-secret");
    std::filesystem::remove(mount / "..data.new");
    std::filesystem::create_directory_symlink(name, mount / "..data.new");
    std::filesystem::rename(mount / "..data.new", mount / "..data");
  };
  put_version("..v1", "one");
  for (const char* key : {"aws_access_key_id", "aws_secret_access_key"}) {
    std::filesystem::create_symlink(std::filesystem::path("..data") / key, mount / key);
  }
  FileCredentials source(mount, "default", false);
  CHECK(get(source, io) == Credentials{"one", "one-secret"});
  put_version("..v2", "two");
  CHECK(get(source, io) == Credentials{"two", "two-secret"});
  std::filesystem::remove_all(mount / "..v2");
  CHECK(get(source, io).error().code == casim::ErrorCode::kUnauthenticated);
}

TEST_CASE("the chain takes the first source that is set up", "[ec2]") {
  asio::io_context io{1};
  provider::TemporaryFolder folder;
  std::vector<std::unique_ptr<CredentialSource>> sources;
  sources.push_back(std::make_unique<EnvironmentCredentials>(credentials_environment({})));
  sources.push_back(std::make_unique<FileCredentials>(folder / "none", "default", true));
  write(folder / "some", "[default]\naws_access_key_id=a\naws_secret_access_key=b\n");
  sources.push_back(std::make_unique<FileCredentials>(folder / "some", "default", true));
  CredentialChain chain(std::move(sources));
  CHECK(get(chain, io) == Credentials{"a", "b"});
  CHECK(chain.name() == (folder / "some").string());
}

TEST_CASE("instance metadata gives keys until they are about to expire", "[ec2]") {
  asio::io_context io{1};
  SystemClock clock{io.get_executor()};
  int puts = 0;
  std::string expiration = "2100-01-01T00:00:00Z";
  http::Server server(io.get_executor(), {}, [&](http::Request request) -> Awaitable<http::Reply> {
    http::Response reply;
    reply.result(200);
    const std::string target(request.target());
    if (request.method_string() == "PUT") {
      ++puts;
      reply.body() = "token-1";
    } else if (request["X-aws-ec2-metadata-token"] != "token-1") {
      reply.result(401);
    } else if (target.ends_with("/security-credentials/")) {
      reply.body() = "role-1\n";
    } else if (target.ends_with("/role-1")) {
      reply.body() = R"({"Code": "Success", "AccessKeyId": "a", "SecretAccessKey": "b", )"
                     R"("Token": "t", "Expiration": ")" +
                     expiration + "\"}";
    }
    co_return reply;
  });
  ImdsCredentials source({false, "127.0.0.1", std::to_string(server.port()), "/"}, clock,
                         io.get_executor());
  std::vector<Result<Credentials>> seen;
  const auto body = [&]() -> Awaitable<void> {
    seen.push_back(co_await source.get());
    seen.push_back(co_await source.get());
    source.on_refused(*seen[0]);
    expiration = "2000-01-01T00:00:00Z";
    seen.push_back(co_await source.get());  // new ones that are old: asked again next time
    expiration = "2100-01-01T00:00:00Z";
    seen.push_back(co_await source.get());
    co_await server.shut_down(1s);
  };
  spawn(io.get_executor(), body());
  io.run();
  REQUIRE(seen.size() == 4);
  for (const auto& each : seen) {
    REQUIRE(each);
    CHECK(each->access_key_id == "a");
    CHECK(each->session_token == "t");
  }
  CHECK(puts == 3);
  CHECK_FALSE(parse_imds_credentials("{\"Code\": \"AssumeRoleUnauthorizedAccess\"}"));
  CHECK_FALSE(parse_imds_credentials("<html>"));
}
