// Requests as forms, both ways. Names are those that real clients were seen to send (ec2.md 1.1).
#include <algorithm>
#include <string>
#include <utility>
#include <variant>
#include <vector>

#include "src/ec2/query/codec.h"
#include "src/ec2/query/form.h"
#include "tests/catch.h"
#include "tests/ec2_query/samples.h"

namespace casim::ec2::query {
namespace {

struct WrittenRequest {
  const char* name;
  AnyRequest request;
  std::string form;
};

std::vector<WrittenRequest> written_requests() {
  return {
      {"launch", full_launch(),
       "Action=RunInstances&Version=2016-11-15&MinCount=1&MaxCount=3&ImageId=ami-1"
       "&InstanceType=m6i.large&KeyName=k&UserData=IyE%3D&LaunchTemplate.LaunchTemplateId=lt-1"
       "&LaunchTemplate.Version=%24Latest&IamInstanceProfile.Name=prof"
       "&Placement.AvailabilityZone=us-east-1a&InstanceMarketOptions.MarketType=spot"
       "&SubnetId=subnet-1&SecurityGroupId.1=sg-1&SecurityGroupId.2=sg-2"
       "&TagSpecification.1.ResourceType=instance&TagSpecification.1.Tag.1.Key=Name"
       "&TagSpecification.1.Tag.1.Value=a+b&TagSpecification.1.Tag.2.Key=e"
       "&TagSpecification.1.Tag.2.Value=&DisableApiTermination=true&ClientToken=t%2F1&DryRun=true"},
      {"least launch", RunInstancesRequest(),
       "Action=RunInstances&Version=2016-11-15&MinCount=1&MaxCount=1"},
      {"describe", full_describe(),
       "Action=DescribeInstances&Version=2016-11-15&InstanceId.1=i-1&Filter.1.Name=tag%3Ac"
       "&Filter.1.Value.1=a%26b%3Dc&Filter.1.Value.2=%2A&Filter.2.Name=tag-key&MaxResults=5"
       "&NextToken=tok%2F%2B%3D"},
      {"describe all", DescribeInstancesRequest(), "Action=DescribeInstances&Version=2016-11-15"},
      {"terminate", TerminateInstancesRequest{{"i-1", "i-2"}, true},
       "Action=TerminateInstances&Version=2016-11-15&InstanceId.1=i-1&InstanceId.2=i-2&DryRun="
       "true"},
      {"stop", StopInstancesRequest{{"i-1"}, true, false},
       "Action=StopInstances&Version=2016-11-15&InstanceId.1=i-1&Hibernate=true"},
      {"start", StartInstancesRequest{{"i-1"}, false},
       "Action=StartInstances&Version=2016-11-15&InstanceId.1=i-1"},
      {"tags", CreateTagsRequest{{"i-1"}, {{"a b", "x+y/z~*é&="}, {"e", ""}}, false},
       "Action=CreateTags&Version=2016-11-15&ResourceId.1=i-1&Tag.1.Key=a+b"
       "&Tag.1.Value=x%2By%2Fz~%2A%C3%A9%26%3D&Tag.2.Key=e&Tag.2.Value="},
      {"describe tags", DescribeTagsRequest{{{"key", {"k"}}}, 7, "n", false},
       "Action=DescribeTags&Version=2016-11-15&Filter.1.Name=key&Filter.1.Value.1=k&MaxResults=7"
       "&NextToken=n"},
      {"status", DescribeInstanceStatusRequest{{"i-1"}, {}, true, 0, "", false},
       "Action=DescribeInstanceStatus&Version=2016-11-15&InstanceId.1=i-1"
       "&IncludeAllInstances=true"},
      {"types", DescribeInstanceTypesRequest{{"g5.xlarge"}, {}, 0, "", false},
       "Action=DescribeInstanceTypes&Version=2016-11-15&InstanceType.1=g5.xlarge"},
      {"fleet", full_fleet(),
       "Action=CreateFleet&Version=2016-11-15&Type=instant"
       "&LaunchTemplateConfigs.1.LaunchTemplateSpecification.LaunchTemplateName=lt"
       "&LaunchTemplateConfigs.1.LaunchTemplateSpecification.Version=2"
       "&LaunchTemplateConfigs.1.Overrides.1.InstanceType=m6i.large"
       "&LaunchTemplateConfigs.1.Overrides.1.AvailabilityZone=us-east-1a"
       "&LaunchTemplateConfigs.1.Overrides.1.Priority=1.5"
       "&LaunchTemplateConfigs.1.Overrides.1.ImageId=ami-2"
       "&LaunchTemplateConfigs.1.Overrides.2.InstanceType=m7i.large"
       "&LaunchTemplateConfigs.1.Overrides.2.SubnetId=subnet-2"
       "&LaunchTemplateConfigs.1.Overrides.2.ImageId=ami-2"
       "&TargetCapacitySpecification.TotalTargetCapacity=4"
       "&TargetCapacitySpecification.OnDemandTargetCapacity=1"
       "&TargetCapacitySpecification.SpotTargetCapacity=0"
       "&TargetCapacitySpecification.DefaultTargetCapacityType=spot"
       "&OnDemandOptions.AllocationStrategy=prioritized"
       "&SpotOptions.AllocationStrategy=capacity-optimized-prioritized"
       "&TagSpecification.1.ResourceType=instance&TagSpecification.1.Tag.1.Key=a"
       "&TagSpecification.1.Tag.1.Value=b&ClientToken=t"},
  };
}

std::string turned_round(const std::string& form) {
  Form parameters = parse_form(form).value();
  std::ranges::reverse(parameters);
  std::string out;
  for (const auto& [name, value] : parameters) {
    out += "&" + escape_form(name) + "=" + escape_form(value);
  }
  return out;
}

RunInstancesRequest launch_of(const std::string& more) {
  return std::get<RunInstancesRequest>(
      decode_request("Action=RunInstances&Version=2016-11-15&MinCount=1&MaxCount=1" + more)
          .value());
}

}  // namespace

TEST_CASE("requests have EC2's own parameters and are read back, in any order", "[ec2]") {
  std::vector<bool> seen(kActionCount);
  for (const WrittenRequest& row : written_requests()) {
    CAPTURE(row.name);
    seen[row.request.index()] = true;
    CHECK(encode_request(row.request) == row.form);
    for (const std::string& form : {row.form, turned_round(row.form)}) {
      const auto read = decode_request(form);
      REQUIRE(read);
      CHECK(encode_request(*read) == row.form);
    }
  }
  CHECK(std::ranges::count(seen, false) == 0);
}

TEST_CASE("what a request does not say keeps its default", "[ec2]") {
  const RunInstancesRequest launch = launch_of("");
  CHECK(launch.instance_type.empty());
  CHECK(launch.lifecycle == Lifecycle::kOnDemand);
  CHECK(launch.other_parameters == 0);
  const auto describe = decode_request("Version=2016-11-15&DryRun=false&Action=DescribeInstances");
  REQUIRE(describe);
  CHECK(std::get<DescribeInstancesRequest>(*describe).max_results == 0);
}

TEST_CASE("zone and groups of a launch come from its network interface too", "[ec2]") {
  const RunInstancesRequest launch = launch_of(
      "&NetworkInterface.1.DeviceIndex=0&NetworkInterface.1.SubnetId=subnet-7"
      "&NetworkInterface.1.SecurityGroupId.1=sg-3&NetworkInterface.1.PrivateIpAddresses.1.Primary="
      "true");
  CHECK(launch.subnet_id == "subnet-7");
  CHECK(launch.security_group_ids == std::vector<std::string>{"sg-3"});
  CHECK(launch.other_parameters != 0);
}

TEST_CASE("only tags of instances count, of all specifications", "[ec2]") {
  const RunInstancesRequest launch = launch_of(
      "&TagSpecification.1.ResourceType=volume&TagSpecification.1.Tag.1.Key=v"
      "&TagSpecification.2.ResourceType=instance&TagSpecification.2.Tag.1.Key=a"
      "&TagSpecification.10.ResourceType=instance&TagSpecification.10.Tag.1.Key=b");
  CHECK(launch.tags == std::vector<Tag>{{"a", ""}, {"b", ""}});
}

TEST_CASE("parameters without effect leave a hash of names and values", "[ec2]") {
  const auto hash = [](const std::string& more) { return launch_of(more).other_parameters; };
  const std::uint64_t one = hash("&EbsOptimized=true&Monitoring.Enabled=true");
  CHECK(one != 0);
  CHECK(one == hash("&Monitoring.Enabled=true&EbsOptimized=true"));
  CHECK(one != hash("&EbsOptimized=true&Monitoring.Enabled=false"));
  CHECK(one != hash("&EbsOptimized=true"));
}

TEST_CASE("a request of parameters with members leaves no hash", "[ec2]") {
  CHECK(launch_of("&NetworkInterface.1.SubnetId=subnet-7&Placement.AvailabilityZone=us-east-1a")
            .other_parameters == 0);
  const auto fleet = decode_request(encode_request(full_fleet()));
  REQUIRE(fleet);
  CHECK(std::get<CreateFleetRequest>(*fleet).other_parameters == 0);
}

TEST_CASE("items are in the order of their numbers, which may leave some out", "[ec2]") {
  const auto read = decode_request(
      "Action=TerminateInstances&Version=2016-11-15&InstanceId.10=c&InstanceId.2=b&InstanceId.1=a");
  REQUIRE(read);
  CHECK(std::get<TerminateInstancesRequest>(*read).instance_ids ==
        std::vector<std::string>{"a", "b", "c"});
}

TEST_CASE("a request that is wrong has EC2's error and says where", "[ec2]") {
  struct Row {
    std::string form;
    ErrorCode code;
    const char* says;
  };

  using enum ErrorCode;
  const std::string run = "Action=RunInstances&Version=2016-11-15";
  const std::string one = run + "&MinCount=1&MaxCount=1";
  const std::string list = "Action=DescribeInstances&Version=2016-11-15";
  const std::string fleet = "Action=CreateFleet&Version=2016-11-15";
  const std::vector<Row> rows = {
      {"", kMissingAction, "Action"},
      {"Version=2016-11-15", kMissingAction, "Action"},
      {"Action=&Version=2016-11-15", kInvalidAction, "The action  is not valid"},
      {"Action=RunInstance&Version=2016-11-15", kInvalidAction, "Did you mean RunInstances?"},
      {"Action=DescribeVpcs&Version=2016-11-15", kInvalidAction, "DescribeVpcs"},
      {"Action=DescribeInstances", kMissingParameter, "Version"},
      {"Action=DescribeInstances&Version=2014-10-01", kNoSuchVersion, "2014-10-01"},
      {"Action=%zz", kMalformedQueryString, "\"%zz\""},
      {"Action=a%4", kMalformedQueryString, "\"%4\""},
      {run, kMissingParameter, "MinCount"},
      {run + "&MinCount=1", kMissingParameter, "MaxCount"},
      {run + "&MinCount=1&MaxCount=", kInvalidParameterValue, "MaxCount"},
      {run + "&MinCount=1&MaxCount=one", kInvalidParameterValue,
       "Value (one) for parameter MaxCou"},
      {run + "&MinCount=1&MaxCount=1.0", kInvalidParameterValue, "Expecting a whole number"},
      {run + "&MinCount=1&MaxCount=2147483648", kInvalidParameterValue, "2147483648"},
      {run + "&MinCount=1&MaxCount=%201", kInvalidParameterValue, "MaxCount"},
      {run + "&MinCount=1&MaxCount=+1", kInvalidParameterValue, "MaxCount"},
      {one + "&MaxCount=2", kInvalidParameterValue, "MaxCount is given twice"},
      {one + "&DryRun=yes", kInvalidParameterValue, "Expecting true or false"},
      {one + "&InstanceTypes=m5.large", kUnknownParameter, "did you mean InstanceType?"},
      {one + "&Tag.1.Key=a", kUnknownParameter, "Tag.1.Key"},
      {one + "&Placement=us-east-1a", kUnknownParameter, "Placement is not"},
      {one + "&Placement.AvailabilityZones=a", kUnknownParameter,
       "did you mean Placement.AvailabilityZone?"},
      {one + "&SecurityGroupId=sg-1", kUnknownParameter, "SecurityGroupId is"},
      {one + "&SecurityGroupId.0=sg-1", kUnknownParameter, "SecurityGroupId.0"},
      {one + "&SecurityGroupId.01=sg-1", kUnknownParameter, "SecurityGroupId.01"},
      {one + "&SecurityGroupId.99999999999999999999=x", kUnknownParameter, "SecurityGroupId.999"},
      {one + "&SecurityGroupId.1.Name=x", kUnknownParameter, "SecurityGroupId.1.Name"},
      {one + "&a.b.c.d.e.f.g.h.i.j.k.l.m.n=x", kUnknownParameter, "a.b.c.d"},
      {one + "&=x", kUnknownParameter, "is not recognized"},
      {one + "&.=x", kUnknownParameter, "is not recognized"},
      {one + "&BlockDeviceMapping.1.Ebs.VolumeSize=big", kInvalidParameterValue, "VolumeSize"},
      {one + "&EbsOptimized=1", kInvalidParameterValue, "EbsOptimized"},
      {one + "&InstanceMarketOptions.MarketType=sport", kInvalidParameterValue, "sport"},
      {one + "&TagSpecification.1.Tag.1.Key=a", kMissingParameter, "TagSpecification.1.ResourceTy"},
      {one + "&TagSpecification.1.ResourceType=cow", kInvalidParameterValue, "'cow'"},
      {one + "&TagSpecification.1.ResourceType=instance&TagSpecification.1.Tag.3.Value=x",
       kMissingParameter, "TagSpecification.1.Tag.3.Key"},
      {one + "&SubnetId=s&NetworkInterface.1.SubnetId=s", kInvalidParameterCombination, "subnet"},
      {one + "&KeyName=%ff", kInvalidParameterValue, "KeyName is not valid UTF-8"},
      {one + "&KeyName=%ed%a0%80", kInvalidParameterValue, "KeyName"},
      {one + "&KeyName=a%00b", kInvalidParameterValue, "KeyName"},
      {one + "&%ff=a", kInvalidParameterValue, "name of parameter"},
      {one + "&KeyName=" + std::string(300, 'k') + "&EbsOptimized=" + std::string(300, 'x'),
       kInvalidParameterValue, "xxx...) for parameter EbsOptimized"},
      {list + "&MaxResults=0", kInvalidParameterValue, "MaxResults"},
      {list + "&MaxResults=-5", kInvalidParameterValue, "Expecting a whole number above 0"},
      {list + "&Filter.1.Value.1=x", kMissingParameter, "Filter.1.Name"},
      {list + "&Filter.1=x", kUnknownParameter, "Filter.1"},
      {list + "&InstanceId=i-1", kUnknownParameter, "InstanceId"},
      {fleet, kMissingParameter, "TargetCapacitySpecification.TotalTargetCapacity"},
      {fleet + "&TargetCapacitySpecification.TotalTargetCapacity=1&Type=later",
       kInvalidParameterValue, "later"},
      {fleet + "&TargetCapacitySpecification.TotalTargetCapacity=1&LaunchTemplateConfigs.1.Overrid"
               "es.1.Priority=nan",
       kInvalidParameterValue, "LaunchTemplateConfigs.1.Overrides.1.Priority"},
      {fleet + "&TargetCapacitySpecification.TotalTargetCapacity=1&LaunchTemplateConfigs.1.Overrid"
               "es.1.WeightedCapacity=2",
       kUnknownParameter, "LaunchTemplateConfigs.1.Overrides.1.WeightedCapacity"},
  };
  for (const Row& row : rows) {
    CAPTURE(row.form);
    const auto read = decode_request(row.form);
    REQUIRE_FALSE(read);
    CHECK(read.error().code == row.code);
    CHECK_THAT(read.error().message, ContainsSubstring(row.says));
    CHECK(read.error().http_status == info_of(row.code).http_status);
  }
}

TEST_CASE("a name that is unknown is refused on every action", "[ec2]") {
  for (const WrittenRequest& row : written_requests()) {
    for (const char* name : {"Bogus", "Filter.1.Nam", "InstanceId.x", "DryRun.1"}) {
      CAPTURE(row.name, name);
      const auto read = decode_request(row.form + "&" + name + "=1");
      REQUIRE_FALSE(read);
      CHECK(read.error().code == ErrorCode::kUnknownParameter);
      CHECK_THAT(read.error().message, ContainsSubstring(name));
    }
  }
}

}  // namespace casim::ec2::query
