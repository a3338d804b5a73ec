// casim ec2 over HTTP, request by request.
#include <set>
#include <string>
#include <vector>

#include "src/http/date.h"
#include "tests/ec2_face/live_world.h"

namespace casim::sim {
namespace {

std::string id_in(const std::string& body) {
  const std::size_t at = body.find("<instanceId>") + 12;
  return body.substr(at, body.find('<', at) - at);
}

}  // namespace

TEST_CASE("a call is answered as EC2 answers it", "[ec2]") {
  LiveWorld world;
  SystemClock real(boost::asio::system_executor{});
  world.meet([&] {
    Caller caller(world.ec2.url());
    const HttpAnswer launched = caller.form(kLaunch);
    CHECK(launched.status == 200);
    CHECK(launched.header("Content-Type") == "text/xml;charset=UTF-8");
    CHECK_THAT(launched.body,
               ContainsSubstring("<RunInstancesResponse xmlns=\"http://ec2.amazonaws"
                                 ".com/doc/2016-11-15/\"><requestId>" +
                                 launched.header("x-amzn-RequestId") + "</requestId>"));
    const auto date = http::parse_date(launched.header("Date"));
    REQUIRE(date);
    CHECK(std::chrono::abs(*date - real.wall_now()) < std::chrono::minutes(2));
    const HttpAnswer other = caller.ask("GET", "/?Action=DescribeInstances&Version=2016-11-15");
    CHECK_THAT(other.body, ContainsSubstring(id_in(launched.body)));
    CHECK(other.header("x-amzn-RequestId") != launched.header("x-amzn-RequestId"));
    const HttpAnswer wrong = caller.form("Action=TerminateInstances&InstanceId.1=i-1");
    CHECK(wrong.status == 400);
    CHECK(wrong.code() == "InvalidInstanceID.Malformed");
    CHECK_THAT(wrong.body, ContainsSubstring("<RequestID>" + wrong.header("x-amzn-RequestId") +
                                             "</RequestID>"));
    CHECK(caller.ask("POST", "/other").code() == "InvalidAction");
    CHECK(caller.ask("PUT", "/").code() == "InvalidAction");
  });
}

TEST_CASE("a launch says image and type, or gets EC2's own", "[ec2]") {
  LiveWorld world;
  world.meet([&] {
    Caller caller(world.ec2.url());
    const std::string run = "Action=RunInstances&MinCount=1&MaxCount=1";
    CHECK(caller.form(run).code() == "MissingParameter");
    CHECK_THAT(caller.form(run + "&ImageId=ami-1").body,
               ContainsSubstring("<instanceType>m1.small</instanceType>"));
    CHECK(caller.form(run + "&LaunchTemplate.LaunchTemplateId=lt-1").code() == "MissingParameter");
    CHECK(
        caller.form(run + "&LaunchTemplate.LaunchTemplateId=lt-1&InstanceType=m6i.large").status ==
        200);
  });
}

// What is wrong with a request on every action: an error that says so, and nothing changes.
TEST_CASE("bad input is refused on every action, and nothing is done", "[ec2]") {
  struct Row {
    std::string form;
    const char* code;
  };

  LiveWorld world;
  world.meet([&] {
    Caller caller(world.ec2.url());
    Caller admin(world.ec2.admin_url());
    const std::string id = id_in(caller.form(kLaunch).body);
    admin.ask("POST", "/time", R"({"advance": "1h"})");  // it runs, whatever calls take from now on
    const std::string before = admin.ask("GET", "/instances").body;
    const std::string unknown = "i-0123456789abcdef0";
    const std::string fleet =
        "Action=CreateFleet&Type=instant&LaunchTemplateConfigs.1.Overrides.1.InstanceType=m6i.large"
        "&TargetCapacitySpecification.TotalTargetCapacity=";
    std::vector<Row> rows = {
        {"Action=Explode", "InvalidAction"},
        {kLaunch + "&MaxCount=2", "InvalidParameterValue"},
        {"Action=RunInstances&ImageId=a&MinCount=0&MaxCount=1", "InvalidParameterValue"},
        {"Action=RunInstances&ImageId=a&MinCount=-1&MaxCount=-1", "InvalidParameterValue"},
        {"Action=RunInstances&ImageId=a&MinCount=2&MaxCount=1", "InvalidParameterValue"},
        {"Action=RunInstances&ImageId=a&MinCount=1&MaxCount=2147483647", "RequestLimitExceeded"},
        {"Action=RunInstances&ImageId=a&MinCount=1&MaxCount=99999999999", "InvalidParameterValue"},
        {kLaunch + "&InstanceMarketOptions.MarketType=free", "InvalidParameterValue"},
        {kLaunch + "&ClientToken=" + std::string(65, 't'), "InvalidParameterValue"},
        {kLaunch + "&ClientToken=%C3%A9", "InvalidParameterValue"},
        {kLaunch + "&SubnetId=subnet-none", "InvalidSubnetID.NotFound"},
        {kLaunch + "&TagSpecification.1.ResourceType=instance&TagSpecification.1.Tag.1.Key=" +
             std::string(128, 'k'),
         "InvalidParameterValue"},
        {kLaunch +
             "&TagSpecification.1.ResourceType=instance&TagSpecification.1.Tag.1.Key=k"
             "&TagSpecification.1.Tag.1.Value=" +
             std::string(257, 'v'),
         "InvalidParameterValue"},
        {"Action=DescribeInstances&InstanceId.1=" + unknown, "InvalidInstanceID.NotFound"},
        {"Action=DescribeInstances&MaxResults=-5", "InvalidParameterValue"},
        {"Action=DescribeInstances&MaxResults=1001", "InvalidParameterValue"},
        {"Action=DescribeInstances&NextToken=x", "InvalidPaginationToken"},
        {"Action=DescribeInstances&Filter.1.Name=colour&Filter.1.Value.1=x",
         "InvalidParameterValue"},
        {"Action=TerminateInstances", "MissingParameter"},
        {"Action=TerminateInstances&InstanceId.1=" + id + "&InstanceId.2=" + unknown,
         "InvalidInstanceID.NotFound"},
        {"Action=StopInstances&InstanceId.1=" + id + "&Hibernate=true",
         "UnsupportedHibernationConfiguration"},
        {"Action=StopInstances&InstanceId.1=", "InvalidInstanceID.Malformed"},
        {"Action=StartInstances&InstanceId.1=" + unknown, "InvalidInstanceID.NotFound"},
        {"Action=CreateTags&ResourceId.1=" + id, "MissingParameter"},
        {"Action=CreateTags&ResourceId.1=vol-1&Tag.1.Key=a", "InvalidID"},
        {"Action=CreateTags&ResourceId.1=" + id + "&Tag.1.Key=", "InvalidParameterValue"},
        {"Action=CreateTags&ResourceId.1=" + id + "&Tag.1.Key=a&Tag.2.Key=a",
         "InvalidParameterValue"},
        {"Action=DescribeTags&MaxResults=4", "InvalidParameterValue"},
        {"Action=DescribeTags&Filter.1.Name=colour", "InvalidParameterValue"},
        {"Action=DescribeInstanceStatus&InstanceId.1=" + id + "&MaxResults=5",
         "InvalidParameterCombination"},
        {"Action=DescribeInstanceTypes&InstanceType.1=m6i.gigantic", "InvalidInstanceType"},
        {"Action=DescribeInstanceTypes&MaxResults=101", "InvalidParameterValue"},
        {fleet + "0", "InvalidParameterValue"},
        {fleet + "-2", "InvalidParameterValue"},
        {fleet + "9999999999", "InvalidParameterValue"},
        {fleet + "1&Type=maintain", "InvalidParameterValue"},
        {"Action=CreateFleet&Type=instant&TargetCapacitySpecification.TotalTargetCapacity=1",
         "MissingParameter"},
        {fleet + "1&Type=request", "InvalidParameterValue"},
    };
    for (const ec2::ActionInfo& action : ec2::kActions) {
      const std::string name = "Action=" + std::string(action.name);
      rows.push_back({name + "&Bogus=1&MinCount=1&MaxCount=1", "UnknownParameter"});
      rows.push_back({name + "&DryRun=maybe&MinCount=1&MaxCount=1",
                      action.name == "RunInstances" ? "InvalidParameterValue" : nullptr});
      rows.push_back({name + "&DryRun=%FF", "InvalidParameterValue"});
      rows.push_back({name + "&DryRun=true&DryRun=true", "InvalidParameterValue"});
    }
    for (const Row& row : rows) {
      CAPTURE(row.form);
      const HttpAnswer answer = caller.form(row.form);
      CHECK(answer.status >= 400);
      if (row.code != nullptr) CHECK(answer.code() == row.code);
    }
    CHECK(admin.ask("GET", "/instances").body == before);
  });
}

TEST_CASE("pages have tokens that come once", "[ec2]") {
  LiveWorld world;
  world.meet([&] {
    Caller caller(world.ec2.url());
    caller.form(kLaunch + "&ClientToken=a");
    CHECK(
        caller.form("Action=RunInstances&ImageId=a&InstanceType=m6i.large&MinCount=11&MaxCount=11")
            .status == 200);
    std::set<std::string> tokens;
    for (int i = 0; i < 3; ++i) {
      const auto page =
          ec2::query::decode_reply(ec2::Action::kDescribeInstances, 200,
                                   caller.form("Action=DescribeInstances&MaxResults=5").body);
      REQUIRE(page);
      const auto& reply = std::get<ec2::DescribeInstancesReply>(*page);
      CHECK(reply.instances.size() == 5);
      CHECK(tokens.insert(reply.next_token).second);
    }
  });
}

TEST_CASE("a cut reply ends where the fault says, after the call had its effect", "[ec2]") {
  struct Row {
    const char* cut;
    const char* begins;
    const char* ends;
  };

  const auto row = GENERATE(values<Row>({
      {"reset", "", "reset"},
      {"nothing", "", ""},
      {"in_headers", "HTTP/1.1 200 OK\r\n", ""},
      {"after_headers", "HTTP/1.1 200 OK\r\n", "\r\n\r\n"},
      {"in_body", "HTTP/1.1 200 OK\r\n", ""},
      {"in_chunks", "HTTP/1.1 200 OK\r\n", "</RunInstancesResponse>\r\n"},
      {"in_503", "HTTP/1.1 503 Service Unavailable\r\n", ""},
  }));
  CAPTURE(row.cut);
  LiveWorld world;
  world.meet([&] {
    Caller admin(world.ec2.admin_url());
    const HttpAnswer added = admin.ask(
        "POST", "/faults",
        fmt::format(R"({{"kind": "connection_reset", "for": "1h", "cut": "{}"}})", row.cut));
    CHECK(added.status == 201);
    const std::string seen = Caller(world.ec2.url()).broken(kLaunch);
    CHECK(seen.starts_with(row.begins));
    CHECK(seen.ends_with(row.ends));
    const std::string cut = row.cut;
    CHECK((seen.find("\r\n\r\n") != std::string::npos) ==
          (cut != "reset" && cut != "nothing" && cut != "in_headers"));
    CHECK_THAT(admin.ask("GET", "/state").body, ContainsSubstring("\"pending\": 1"));
  });
}

}  // namespace casim::sim
