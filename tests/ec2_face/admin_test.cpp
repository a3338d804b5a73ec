// The second address of casim ec2.
#include <string>

#include "tests/ec2_face/live_world.h"

namespace casim::sim {

TEST_CASE("time stands still until it is moved, but for what calls take", "[ec2]") {
  LiveWorld world;
  world.meet([&] {
    Caller caller(world.ec2.url());
    Caller admin(world.ec2.admin_url());
    CHECK_THAT(admin.ask("GET", "/state").body, ContainsSubstring("\"since_start\": \"0s\""));
    CHECK_THAT(caller.form(kLaunch).body, ContainsSubstring("<name>pending</name>"));
    CHECK_THAT(admin.ask("GET", "/state").body, ContainsSubstring("\"pending\": 1"));
    CHECK_THAT(admin.ask("POST", "/time", R"({"advance": "1h"})").body,
               ContainsSubstring("\"stepped\": true"));
    CHECK_THAT(admin.ask("GET", "/state").body, ContainsSubstring("\"running\": 1"));
    CHECK_THAT(caller.form("Action=DescribeInstances").body,
               ContainsSubstring("<name>running</name>"));
    const std::string state = admin.ask("GET", "/state").body;
    CHECK_THAT(state, ContainsSubstring("\"since_start\": \"1h"));
    CHECK_THAT(state, ContainsSubstring("\"RunInstances\": {") &&
                          ContainsSubstring("\"DescribeInstances\": {"));
  });
}

TEST_CASE("the same calls get the same answers under the same seed", "[ec2]") {
  std::string first;
  for (int i = 0; i < 2; ++i) {
    LiveWorld world;
    world.meet([&] {
      Caller caller(world.ec2.url());
      const std::string body = caller.form(kLaunch + "&ClientToken=t").body;
      const std::string all = body.substr(0, body.find("<launchTime>"));
      if (first.empty()) first = all;
      CHECK(all == first);
    });
  }
}

TEST_CASE("faults are added and ended while EC2 answers", "[ec2]") {
  LiveWorld world;
  world.meet([&] {
    Caller caller(world.ec2.url());
    Caller admin(world.ec2.admin_url());
    const std::string list = "Action=DescribeInstances";
    const HttpAnswer added = admin.ask("POST", "/faults", R"({"kind": "ec2_outage", "for": "1h"})");
    CHECK(added.status == 201);
    CHECK_THAT(added.body, ContainsSubstring("\"id\": 1"));
    CHECK(caller.form(list).code() == "ServiceUnavailable");
    CHECK_THAT(admin.ask("GET", "/faults").body, ContainsSubstring("ec2_outage"));
    CHECK(admin.ask("DELETE", "/faults/1").status == 200);
    CHECK(caller.form(list).code().empty());
    CHECK(admin.ask("DELETE", "/faults/1").status == 404);
    admin.ask("POST", "/faults", R"({"kind": "ec2_throttle", "at": "10m", "for": "10m"})");
    CHECK(caller.form(list).code().empty());
    admin.ask("POST", "/time", R"({"advance": "10m"})");
    CHECK(caller.form(list).code() == "RequestLimitExceeded");
    admin.ask("POST", "/time", R"({"advance": "10m"})");
    CHECK(caller.form(list).code().empty());
  });
}

TEST_CASE("what cannot be taken back says so", "[ec2]") {
  const auto* fault =
      GENERATE(as<const char*>(), R"({"kind": "ec2_throttle", "for": "1h", "tokens_taken": 0.5})",
               R"({"kind": "machine_vanishes", "group": "a"})");
  LiveWorld world;
  world.meet([&] {
    Caller admin(world.ec2.admin_url());
    CHECK(admin.ask("POST", "/faults", fault).status == 201);
    const HttpAnswer ended = admin.ask("DELETE", "/faults/1");
    CHECK(ended.status == 409);
    CHECK_THAT(ended.body, ContainsSubstring("ends by itself"));
  });
}

TEST_CASE("what the second address does not know is refused, with what it does", "[ec2]") {
  struct Row {
    const char* method;
    const char* target;
    const char* body;
    int status;
    const char* says;
  };

  const auto row = GENERATE(values<Row>({
      {"GET", "/", "", 404, "GET /state"},
      {"POST", "/state", "", 404, "GET /state"},
      {"POST", "/time", "", 400, "time"},
      {"POST", "/time", "{}", 400, "advance"},
      {"POST", "/time", R"({"advance": "-1s"})", 400, "advance"},
      {"POST", "/time", R"({"advance": "soon"})", 400, "advance"},
      {"POST", "/time", R"({"advanc": "1s"})", 400, "advance"},
      {"POST", "/faults", "[]", 400, "fault"},
      {"POST", "/faults", R"({"kind": "ec2_outag", "for": "1s"})", 400, "ec2_outage"},
      {"POST", "/faults", R"({"kind": "ec2_outage"})", 400, "for"},
      {"POST", "/faults", R"({"kind": "node_crash", "down_for": "1s"})", 400,
       "befalls more than EC2"},
      {"POST", "/faults", R"({"kind": "connection_reset", "for": "1s", "cut": "off"})", 400,
       "in_body"},
      {"DELETE", "/faults/x", "", 404, "number"},
      {"DELETE", "/faults/7", "", 404, "7"},
  }));
  CAPTURE(row.method, row.target, row.body);
  LiveWorld world;
  world.meet([&] {
    const HttpAnswer answer = Caller(world.ec2.admin_url()).ask(row.method, row.target, row.body);
    CHECK(answer.status == row.status);
    CHECK_THAT(answer.body, ContainsSubstring("\"error\"") && ContainsSubstring(row.says));
  });
}

TEST_CASE("with a pace virtual time flows, and can be moved on", "[ec2]") {
  LiveEc2Options options = stepped();
  options.stepped = false;
  options.speed = 1000;
  LiveWorld world(std::move(options));
  world.meet([&] {
    Caller caller(world.ec2.url());
    Caller admin(world.ec2.admin_url());
    CHECK(caller.form(kLaunch).status == 200);
    CHECK_THAT(admin.ask("POST", "/time", R"({"advance": "100h"})").body,
               ContainsSubstring("\"speed\": 1000"));
    CHECK_THAT(caller.form("Action=DescribeInstances").body,
               ContainsSubstring("<name>running</name>"));
    CHECK_THAT(admin.ask("GET", "/state").body, ContainsSubstring("\"since_start\": \"100h"));
  });
}

}  // namespace casim::sim
