#include "src/ec2/action.h"

#include "tests/catch.h"

using namespace casim::ec2;

TEST_CASE("actions are read as they are written", "[ec2]") {
  for (const ActionInfo& row : kActions) {
    CAPTURE(row.name);
    CHECK(action_named(row.name) == row.action);
    CHECK(name_of(row.action) == row.name);
  }
  CHECK_FALSE(action_named("RunInstance"));
  CHECK_FALSE(action_named(""));
}

TEST_CASE("a configuration may name every action", "[ec2]") {
  const auto names = enum_names(Action{});
  REQUIRE(names.size() == kActionCount);
  for (const auto& [action, name] : names) CHECK(name_of(action) == name);
}

TEST_CASE("a request knows its action, and which actions change something", "[ec2]") {
  struct Row {
    AnyRequest request;
    const char* name;
    bool mutates;
  };

  const auto row = GENERATE(values<Row>({
      {RunInstancesRequest{}, "RunInstances", true},
      {DescribeInstancesRequest{}, "DescribeInstances", false},
      {TerminateInstancesRequest{}, "TerminateInstances", true},
      {StopInstancesRequest{}, "StopInstances", true},
      {StartInstancesRequest{}, "StartInstances", true},
      {CreateTagsRequest{}, "CreateTags", true},
      {DescribeTagsRequest{}, "DescribeTags", false},
      {DescribeInstanceStatusRequest{}, "DescribeInstanceStatus", false},
      {DescribeInstanceTypesRequest{}, "DescribeInstanceTypes", false},
      {CreateFleetRequest{}, "CreateFleet", true},
  }));
  CAPTURE(row.name);
  CHECK(name_of(action_of(row.request)) == row.name);
  CHECK(info_of(action_of(row.request)).mutates == row.mutates);
}

TEST_CASE("a reply keeps its action's type on the way", "[ec2]") {
  DescribeInstancesReply reply;
  reply.next_token = "more";
  const AnyReply any = to_any<DescribeInstancesRequest>(reply);
  CHECK(any.index() == index_of(Action::kDescribeInstances));
  CHECK(reply_from<DescribeInstancesRequest>(any).next_token == "more");
}
