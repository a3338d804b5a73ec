// The REST face of casim ec2 over HTTP, request by request.
#include <string>
#include <utility>

#include "sim/ec2_face/rest_openapi.h"
#include "sim/ec2_face/rest_routes.h"
#include "src/config/config.h"
#include "tests/ec2_face/live_world.h"

namespace casim::sim {
namespace {

LiveEc2Options with_rest(RestAccess access = {.is_open_without = true}) {
  LiveEc2Options options = stepped();
  options.rest = std::move(access);
  return options;
}

config::Value parsed(const HttpAnswer& answer) {
  config::Problems problems;
  auto document = config::parse_text(answer.body, config::Format::kJson, {"answer", {}}, problems);
  CAPTURE(answer.body);
  REQUIRE(document);
  return document->root();
}

std::string text_at(const HttpAnswer& answer, const std::string& path) {
  const config::Document document(parsed(answer));
  const config::Value* value = document.find(path);
  CAPTURE(answer.body, path);
  REQUIRE(value != nullptr);
  REQUIRE(value->as_string() != nullptr);
  return *value->as_string();
}

std::string error_of(const HttpAnswer& answer) {
  return std::to_string(answer.status) + " " + text_at(answer, "error.code");
}

const std::string kMachines = "/v1/machines";
const std::string kNew = R"({"instanceType": "m6i.large", "imageId": "ami-1"})";

std::string with_token(const std::string& token) {
  return R"({"instanceType": "m6i.large", "imageId": "ami-1", "clientToken": ")" + token + "\"}";
}

void add_fault(Caller& admin, const std::string& fault) {
  REQUIRE(admin.ask("POST", "/faults", fault).status == 201);
}

}  // namespace

TEST_CASE("a machine is made, read, listed, changed and removed over REST", "[ec2]") {
  LiveWorld world(with_rest());
  world.meet([&] {
    Caller caller(world.ec2.url());
    Caller admin(world.ec2.admin_url());
    const HttpAnswer made =
        caller.ask("POST", kMachines,
                   R"({"instanceType": "m6i.large", "imageId": "ami-1", "zone": "us-east-1b",)"
                   R"( "tags": {"a": "1"}})");
    CHECK(made.status == 201);
    CHECK(made.header("Content-Type") == "application/json");
    const std::string id = text_at(made, "id");
    const std::string place = kMachines + "/" + id;
    CHECK(made.header("Location") == place);
    CHECK(text_at(made, "state") == "pending");
    CHECK(text_at(made, "providerId") == "aws:///us-east-1b/" + id);

    admin.ask("POST", "/time", R"({"advance": "5m"})");
    const HttpAnswer seen = caller.ask("GET", place);
    CHECK(seen.status == 200);
    CHECK(text_at(seen, "state") == "running");
    CHECK(text_at(seen, "lifecycle") == "on-demand");

    const HttpAnswer changed = caller.ask("PATCH", place, R"({"tags": {"a": "2", "b": "\u00e9"}})");
    CHECK(changed.status == 200);
    CHECK(text_at(changed, "tags.a") == "2");
    CHECK(caller.ask("GET", place).body == changed.body);

    const HttpAnswer listed = caller.ask(
        "GET", kMachines + "?tag:b=%C3%A9&instance-state-name=x" + "&instance-state-name=running");
    CHECK(text_at(listed, "machines[0].id") == id);
    CHECK(text_at(listed, "nextToken").empty());
    CHECK(caller.form("Action=DescribeInstances&InstanceId.1=" + id).body.find(id) !=
          std::string::npos);  // one model behind both faces

    const HttpAnswer removed = caller.ask("DELETE", place);
    CHECK(removed.status == 202);
    CHECK(text_at(removed, "state") == "shutting-down");
    CHECK(text_at(removed, "previousState") == "running");
    admin.ask("POST", "/time", R"({"advance": "5m"})");
    CHECK(text_at(caller.ask("GET", place), "state") == "terminated");
    CHECK(caller.ask("DELETE", place).status == 202);
  });
}

TEST_CASE("a repeat with the same client token gets the same machine over REST", "[ec2]") {
  LiveWorld world(with_rest());
  world.meet([&] {
    Caller caller(world.ec2.url());
    const std::string id = text_at(caller.ask("POST", kMachines, with_token("one")), "id");
    CHECK(text_at(caller.ask("POST", kMachines, kNew, "Idempotency-Key: one\r\n"), "id") == id);
    CHECK(text_at(caller.ask("POST", kMachines, with_token("two")), "id") != id);
    CHECK(error_of(caller.ask("POST", kMachines, with_token("one"), "Idempotency-Key: two\r\n")) ==
          "400 InvalidParameterCombination");
    CHECK(error_of(caller.ask("POST", kMachines,
                              R"({"instanceType": "m6i.xlarge", "imageId": "ami-1"})",
                              "Idempotency-Key: one\r\n")) == "409 IdempotentParameterMismatch");
    caller.ask("DELETE", kMachines + "/" + id);
    Caller(world.ec2.admin_url()).ask("POST", "/time", R"({"advance": "10m"})");
    CHECK(error_of(caller.ask("POST", kMachines, with_token("one"))) ==
          "409 IdempotentInstanceTerminated");
  });
}

TEST_CASE("a client token names its machine before anybody knows the id", "[ec2]") {
  LiveWorld world(with_rest());
  world.meet([&] {
    Caller caller(world.ec2.url());
    Caller admin(world.ec2.admin_url());
    const std::string place = kMachines + "/a%2Fb*+c";
    CHECK(error_of(caller.ask("GET", place)) == "404 InvalidInstanceID.NotFound");
    CHECK(error_of(caller.ask("PATCH", place, R"({"tags": {"a": "1"}})")) ==
          "404 InvalidInstanceID.NotFound");
    CHECK(error_of(caller.ask("DELETE", place)) == "404 InvalidInstanceID.NotFound");
    const std::string id = text_at(caller.ask("POST", kMachines, with_token("a/b*+c")), "id");
    caller.ask("POST", kMachines, with_token("a/bxx+c"));  // a wildcard would find it
    CHECK(text_at(caller.ask("GET", place), "id") == id);
    CHECK(text_at(caller.ask("PATCH", place, R"({"tags": {"a": "1"}})"), "tags.a") == "1");
    CHECK(text_at(caller.ask("DELETE", place), "id") == id);
    // Of another zone, by the same token.
    caller.ask("POST", kMachines,
               R"({"instanceType": "m6i.large", "imageId": "i", "zone": "us-east-1c",)"
               R"( "clientToken": "a/b*+c"})");
    CHECK(error_of(caller.ask("GET", place)) == "409 InvalidParameterValue");
  });
}

TEST_CASE("a list over REST comes in pages", "[ec2]") {
  LiveWorld world(with_rest());
  world.meet([&] {
    Caller caller(world.ec2.url());
    for (int i = 0; i < 7; ++i) caller.ask("POST", kMachines, kNew);
    const HttpAnswer first = caller.ask("GET", kMachines + "?maxResults=5");
    CHECK(parsed(first).find("machines")->as_list()->size() == 5);
    const HttpAnswer second =
        caller.ask("GET", kMachines + "?maxResults=5&nextToken=" + text_at(first, "nextToken"));
    CHECK(parsed(second).find("machines")->as_list()->size() == 2);
    CHECK(text_at(second, "nextToken").empty());
  });
}

TEST_CASE("bad input over REST says what, and nothing is done", "[ec2]") {
  struct Row {
    const char* method;
    std::string target;
    std::string body;
    const char* error;
    const char* says;
  };

  LiveWorld world(with_rest());
  world.meet([&] {
    Caller caller(world.ec2.url());
    Caller admin(world.ec2.admin_url());
    const std::string place = kMachines + "/" + text_at(caller.ask("POST", kMachines, kNew), "id");
    admin.ask("POST", "/time", R"({"advance": "1h"})");
    const std::string before = admin.ask("GET", "/instances").body;
    const std::string unknown = kMachines + "/i-0123456789abcdef0";
    const Row rows[] = {
        {"POST", kMachines, "", "400 ValidationError", "body"},
        {"POST", kMachines, "[]", "400 ValidationError", "an object"},
        {"POST", kMachines, "{}", "400 ValidationError", "instanceType: missing"},
        {"POST", kMachines, R"({"instanceTyp": "x"})", "400 ValidationError",
         R"(did you mean \"instanceType\")"},
        {"POST", kMachines, R"({"instanceType": 7, "imageId": "a"})", "400 ValidationError",
         "instanceType: expected"},
        {"POST", kMachines, R"({"instanceType": "m6i.large", "imageId": "a", "lifecycle": "spto"})",
         "400 ValidationError", "spot"},
        {"POST", kMachines, R"({"instanceType": "m6i.large", "imageId": "a", "tags": {"//": "b"}})",
         "400 ValidationError", "must not begin with //"},
        {"POST", kMachines,
         R"({"instanceType": "m6i.large", "imageId": "a", "tags": {"a": "\u0001"}})",
         "400 ValidationError", "control characters"},
        {"POST", kMachines, R"({"instanceType": "m6i.large", "imageId": "a", "subnetId": "none"})",
         "400 InvalidSubnetID.NotFound", "none"},
        {"POST", kMachines, with_token(std::string(65, 't')), "400 InvalidParameterValue", "64"},
        {"GET", kMachines + "?colour=red", "", "400 InvalidParameterValue", "colour"},
        {"GET", kMachines + "?maxResults=many", "", "400 InvalidParameterValue", "5 to 1000"},
        {"GET", kMachines + "?maxResults=4", "", "400 InvalidParameterValue", "4"},
        {"GET", kMachines + "?nextToken=x", "", "400 InvalidPaginationToken", "not valid"},
        {"GET", kMachines + "?a=%zz", "", "400 MalformedQueryString", "%zz"},
        {"GET", kMachines + "?client-token=%FF", "", "400 InvalidParameterValue", "UTF-8"},
        {"GET", unknown, "", "404 InvalidInstanceID.NotFound", "i-0123456789abcdef0"},
        {"GET", kMachines + "/i-1", "", "400 InvalidInstanceID.Malformed", "i-1"},
        {"GET", kMachines + "/null", "", "404 InvalidInstanceID.NotFound", "null"},
        {"GET", kMachines + "/%FF", "", "404 InvalidAction", "GET /v1/machines/{machine}"},
        {"PATCH", place, R"({"tags": {}})", "400 ValidationError", "tags"},
        {"PATCH", place, R"({"state": "stopped"})", "400 ValidationError", "allowed: tags"},
        {"PATCH", place, R"({"tags": {"aws:x": "1"}})", "400 InvalidParameterValue", "reserved"},
        {"DELETE", unknown, "", "404 InvalidInstanceID.NotFound", "i-0123456789abcdef0"},
        {"PUT", place, "{}", "405 InvalidAction", "PATCH /v1/machines/{machine}"},
        {"GET", "/v1", "", "404 InvalidAction", "GET /v1/machines"},
        {"GET", "/v1/machines/a/b", "", "404 InvalidAction", "GET /v1/machines"},
    };
    for (const Row& row : rows) {
      CAPTURE(row.method, row.target, row.body);
      const HttpAnswer answer = caller.ask(row.method, row.target, row.body);
      CHECK(error_of(answer) == row.error);
      CHECK_THAT(answer.body, ContainsSubstring(row.says));
      CHECK(text_at(answer, "error.requestId") == answer.header("x-amzn-RequestId"));
    }
    CHECK(caller.ask("PUT", place).header("Allow") == "GET, PATCH, DELETE");
    CHECK(admin.ask("GET", "/instances").body == before);
  });
}

TEST_CASE("who has no token is not let in", "[ec2]") {
  LiveWorld world(with_rest({.token = "secret"}));
  world.meet([&] {
    Caller caller(world.ec2.url());
    const HttpAnswer none = caller.ask("GET", kMachines);
    CHECK(error_of(none) == "401 MissingAuthenticationToken");
    CHECK(none.header("WWW-Authenticate") == "Bearer realm=\"casim\"");
    CHECK(error_of(caller.ask("GET", "/v1/other")) == "401 MissingAuthenticationToken");
    for (const char* header : {"Bearer secre", "Bearer secrets", "Bearer  secret"}) {
      CAPTURE(header);
      CHECK(error_of(caller.ask("POST", kMachines, kNew,
                                std::string("Authorization: ") + header + "\r\n")) ==
            "401 AuthFailure");
    }
    CHECK(error_of(caller.ask("GET", kMachines, "", "Authorization: Basic secret\r\n")) ==
          "401 MissingAuthenticationToken");
    CHECK(caller.ask("GET", kMachines, "", "Authorization: bearer secret\r\n").status == 200);
    CHECK(caller.ask("GET", "/v1/openapi.json").status == 200);
    CHECK(caller.form("Action=DescribeInstances").status == 200);
    CHECK_THAT(Caller(world.ec2.admin_url()).ask("GET", "/state").body,
               !ContainsSubstring("RunInstances"));
  });
}

TEST_CASE("without a token nobody is let in where the REST face is not open", "[ec2]") {
  LiveWorld world(with_rest({}));
  world.meet([&] {
    Caller caller(world.ec2.url());
    const HttpAnswer answer = caller.ask("GET", kMachines, "", "Authorization: Bearer \r\n");
    CHECK(error_of(answer) == "401 MissingAuthenticationToken");
    CHECK_THAT(answer.body, ContainsSubstring("--rest-token"));
  });
}

TEST_CASE("faults of EC2 are those of the REST face", "[ec2]") {
  struct Row {
    const char* fault;
    const char* error;
  };

  const auto row = GENERATE(values<Row>({
      {R"({"kind": "ec2_outage", "for": "1h"})", "503 ServiceUnavailable"},
      {R"({"kind": "ec2_throttle", "for": "1h"})", "429 RequestLimitExceeded"},
      {R"({"kind": "capacity_loss", "for": "1h"})", "500 InsufficientInstanceCapacity"},
      {R"({"kind": "expired_credentials", "for": "1h"})", "400 RequestExpired"},
  }));
  CAPTURE(row.fault);
  LiveWorld world(with_rest());
  world.meet([&] {
    Caller caller(world.ec2.url());
    Caller admin(world.ec2.admin_url());
    add_fault(admin, row.fault);
    CHECK(error_of(caller.ask("POST", kMachines, kNew)) == row.error);
    admin.ask("DELETE", "/faults/1");
    CHECK(caller.ask("POST", kMachines, kNew).status == 201);
  });
}

TEST_CASE("a slow EC2 is a slow REST face", "[ec2]") {
  LiveWorld world(with_rest());
  world.meet([&] {
    Caller caller(world.ec2.url());
    Caller admin(world.ec2.admin_url());
    add_fault(admin, R"({"kind": "ec2_brownout", "for": "1h", "delay": "30s"})");
    const auto since_start = [&] {
      const auto passed =
          config::parse_duration(text_at(admin.ask("GET", "/state"), "time.since_start"));
      REQUIRE(passed);
      return *passed;
    };
    const Duration before = since_start();
    const std::string id = text_at(caller.ask("POST", kMachines, kNew), "id");
    const Duration made = since_start();
    CHECK(made - before > std::chrono::seconds(30));
    caller.ask("PATCH", kMachines + "/" + id, R"({"tags": {"a": "1"}})");
    CHECK(since_start() - made > std::chrono::seconds(60));  // a look, and the tags
  });
}

TEST_CASE("a reply that is cut ends the connection after the effect over REST", "[ec2]") {
  struct Row {
    const char* cut;
    const char* begins;
  };

  const auto row = GENERATE(values<Row>({
      {"reset", "reset"},
      {"nothing", ""},
      {"in_body", "HTTP/1.1 201 Created\r\n"},
      {"in_503", "HTTP/1.1 503 Service Unavailable\r\n"},
  }));
  CAPTURE(row.cut);
  LiveWorld world(with_rest());
  world.meet([&] {
    Caller admin(world.ec2.admin_url());
    add_fault(admin,
              fmt::format(R"({{"kind": "connection_reset", "for": "1h", "cut": "{}"}})", row.cut));
    http::TestClient client(port_of(world.ec2.url()));
    const std::string body = with_token("one");
    client.send(fmt::format("POST /v1/machines HTTP/1.1\r\nHost: x\r\nContent-Length: {}\r\n\r\n{}",
                            body.size(), body));
    const std::string seen = client.rest();
    CHECK(seen.starts_with(row.begins));
    CHECK(seen.find("providerId") == std::string::npos);
    admin.ask("DELETE", "/faults/1");
    Caller caller(world.ec2.url());
    const HttpAnswer again = caller.ask("POST", kMachines, with_token("one"));
    CHECK(again.status == 201);
    CHECK(parsed(caller.ask("GET", kMachines)).find("machines")->as_list()->size() == 1);
  });
}

TEST_CASE("what cuts the first call of two keeps the second from being made", "[ec2]") {
  LiveWorld world(with_rest());
  world.meet([&] {
    Caller caller(world.ec2.url());
    Caller admin(world.ec2.admin_url());
    const std::string id = text_at(caller.ask("POST", kMachines, kNew), "id");
    add_fault(admin,
              R"({"kind": "connection_reset", "for": "1h", "actions": ["DescribeInstances"]})");
    http::TestClient client(port_of(world.ec2.url()));
    client.send("PATCH /v1/machines/" + id +
                " HTTP/1.1\r\nHost: x\r\nContent-Length: 20\r\n\r\n{\"tags\": {\"a\": \"1\"}}");
    CHECK(client.rest() == "reset");
    CHECK_THAT(admin.ask("GET", "/state").body, !ContainsSubstring("CreateTags"));
  });
}

TEST_CASE("the OpenAPI document names every route and every schema that it refers to", "[ec2]") {
  const config::Document document(rest_openapi());
  for (const RestRoute& route : rest_routes()) {
    CAPTURE(route.path);
    const config::Value* path = document.root().find("paths")->find(route.path);
    REQUIRE(path != nullptr);
    const bool has_operation =
        std::ranges::any_of(*path->as_object(), [&](const config::Value::Entry& entry) {
          return *entry.value.find("operationId")->as_string() == route.id;
        });
    CHECK(has_operation);
  }
  const std::string text = config::to_json(document.root());
  for (std::size_t at = 0; (at = text.find("\"#/components/", at)) != std::string::npos;) {
    const std::size_t begin = at + 3;
    at = text.find('"', begin);
    std::string path = text.substr(begin, at - begin);
    std::ranges::replace(path, '/', '.');
    CAPTURE(path);
    CHECK(document.find(path) != nullptr);
  }
}

}  // namespace casim::sim
