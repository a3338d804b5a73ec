// Replies as XML, both ways, and what a client makes of documents that are none. Elements are those
// that real clients were seen to read (ec2.md 1.1 to 1.3, 9).
#include <algorithm>
#include <string>
#include <variant>
#include <vector>

#include "src/ec2/query/codec.h"
#include "tests/catch.h"
#include "tests/ec2_query/samples.h"

namespace casim::ec2::query {
namespace {

struct WrittenReply {
  const char* name;
  AnyReply reply;
  std::vector<std::string> parts;  // of its document
};

template <class Request>
AnyReply reply_to(typename Request::Reply reply) {
  return to_any<Request>(std::move(reply));
}

const std::vector<Instance> kInstances = {full_instance("i-1", "r-1"), full_instance("i-2", "r-1"),
                                          full_instance("i-3", "r-2")};

std::vector<WrittenReply> written_replies() {
  InstanceType part = gpu_type();
  part.gpu_share = 0.125;
  InstanceType plain;
  plain.name = "m7g.large";
  plain.architecture = "arm64";
  plain.vcpus = 2;
  plain.memory = Bytes(std::int64_t{8} << 30);
  plain.max_pods = 29;
  plain.neuron_devices = 2;
  return {
      {"launch",
       reply_to<RunInstancesRequest>({{kInstances[0], kInstances[1]}}),
       {"<RunInstancesResponse xmlns=\"http://ec2.amazonaws.com/doc/2016-11-15/\">",
        "<requestId>id-1</requestId><reservationId>r-1</reservationId>", "<groupSet/>",
        "<instanceId>i-1</instanceId>", "</RunInstancesResponse>"}},
      {"instances",
       reply_to<DescribeInstancesRequest>({InstanceList(kInstances), "next"}),
       {"<reservationSet><item><reservationId>r-1</reservationId>",
        "<instanceState><code>32</code><name>shutting-down</name></instanceState>",
        "<launchTime>2024-10-04T00:00:05.000Z</launchTime>",
        "<placement><availabilityZone>eu-west-1b</availabilityZone>",
        "<message>it &lt;was&gt; &quot;taken&quot; &amp; gone</message>",
        "<instanceLifecycle>spot</instanceLifecycle>",
        "<tagSet><item><key>k</key><value>é ~*</value></item>", "<key>empty</key><value></value>",
        "<privateDnsName>ip-10-0-0-9.eu-west-1.compute.internal</privateDnsName>",
        "<architecture>arm64</architecture>", "<nextToken>next</nextToken>"}},
      {"no instances", reply_to<DescribeInstancesRequest>({}), {"<reservationSet/>"}},
      {"terminate",
       reply_to<TerminateInstancesRequest>(
           {{{"i-1", InstanceState::kRunning, InstanceState::kShuttingDown}}}),
       {"<instancesSet><item><instanceId>i-1</instanceId><currentState><code>32</code>",
        "<previousState><code>16</code><name>running</name></previousState>"}},
      {"stop",
       reply_to<StopInstancesRequest>(
           {{{"i-1", InstanceState::kRunning, InstanceState::kStopping}}}),
       {"<code>64</code><name>stopping</name>"}},
      {"start",
       reply_to<StartInstancesRequest>(
           {{{"i-1", InstanceState::kStopped, InstanceState::kPending}}}),
       {"<code>0</code><name>pending</name>", "<code>80</code><name>stopped</name>"}},
      {"tagged", reply_to<CreateTagsRequest>({}), {"<return>true</return>"}},
      {"tags",
       reply_to<DescribeTagsRequest>({{{"i-1", "instance", "k", ""}}, "n"}),
       {"<tagSet><item><resourceId>i-1</resourceId><resourceType>instance</resourceType>",
        "<key>k</key><value></value>"}},
      {"status",
       reply_to<DescribeInstanceStatusRequest>(
           {{{"i-1", "us-east-1a", InstanceState::kRunning, StatusSummary::kOk,
              StatusSummary::kInitializing},
             {"i-2", "us-east-1a", InstanceState::kPending, StatusSummary::kNotApplicable,
              StatusSummary::kNotApplicable}},
            ""}),
       {"<systemStatus><status>ok</status><details><item><name>reachability</name>"
        "<status>passed</status>",
        "<instanceStatus><status>initializing</status>", "<status>not-applicable</status>"}},
      {"types",
       reply_to<DescribeInstanceTypesRequest>({{gpu_type(), part, plain}, ""}),
       {"<instanceType>g5.xlarge</instanceType><vCpuInfo><defaultVCpus>4</defaultVCpus>",
        "<memoryInfo><sizeInMiB>16384</sizeInMiB></memoryInfo>",
        "<supportedArchitectures><item>x86_64</item></supportedArchitectures>",
        "<gpus><item><name>A10G</name><count>1</count></item></gpus>",
        "<gpuPartitionSize>0.125</gpuPartitionSize>",
        "<supportedUsageClasses><item>on-demand</item><item>spot</item></supportedUsageClasses>"}},
      {"fleet",
       reply_to<CreateFleetRequest>(full_fleet_reply()),
       {"<fleetId>fleet-1</fleetId>", "<instanceIds><item>i-1</item><item>i-2</item></instanceIds>",
        "<errorCode>InsufficientInstanceCapacity</errorCode>",
        "<overrides><instanceType>m6i.large</instanceType><availabilityZone>us-east-1a</"}},
  };
}

AttemptError failure_of(int status, const std::string& body) {
  const auto read = decode_reply(Action::kDescribeInstances, status, body);
  REQUIRE_FALSE(read);
  return read.error();
}

}  // namespace

TEST_CASE("replies have the elements that clients read, and are read back", "[ec2]") {
  std::vector<bool> seen(kActionCount);
  for (const WrittenReply& row : written_replies()) {
    CAPTURE(row.name);
    seen[row.reply.index()] = true;
    const std::string document = encode_reply(row.reply, "id-1");
    for (const std::string& part : row.parts) CHECK_THAT(document, ContainsSubstring(part));
    const auto read = decode_reply(static_cast<Action>(row.reply.index()), 200, document);
    REQUIRE(read);
    CHECK(encode_reply(*read, "id-1") == document);
  }
  CHECK(std::ranges::count(seen, false) == 0);
}

TEST_CASE("every member of an instance crosses the wire", "[ec2]") {
  const auto read = decode_reply(
      Action::kDescribeInstances, 200,
      encode_reply(to_any<DescribeInstancesRequest>({InstanceList({kInstances[0]}), ""}), "id"));
  REQUIRE(read);
  const Instance got = std::get<DescribeInstancesReply>(*read).instances.at(0);
  const Instance& sent = kInstances[0];
  CHECK(got.id == sent.id);
  CHECK(got.type == sent.type);
  CHECK(got.zone == sent.zone);
  CHECK(got.lifecycle == sent.lifecycle);
  CHECK(got.state == sent.state);
  CHECK(got.state_reason_code == sent.state_reason_code);
  CHECK(got.state_reason_message == sent.state_reason_message);
  CHECK(got.client_token == sent.client_token);
  CHECK(got.ami_launch_index == sent.ami_launch_index);
  CHECK(got.launch_time == sent.launch_time);
  CHECK(got.tags == sent.tags);
  CHECK(got.reservation_id == sent.reservation_id);
  CHECK(got.image_id == sent.image_id);
  CHECK(got.subnet_id == sent.subnet_id);
  CHECK(got.vpc_id == sent.vpc_id);
  CHECK(got.private_ip_address == sent.private_ip_address);
}

TEST_CASE("what a client does not know is skipped, whatever the layout", "[ec2]") {
  const std::string document = R"(<?xml version="1.0"?>
    <e:Anything xmlns:e="x">
      <!-- a remark -->
      <e:reservationSet>
        <e:item>
          <e:reservationId>r-9</e:reservationId>
          <e:instancesSet>
            <e:item>
              <e:instanceId>i-9</e:instanceId>
              <e:instanceState><e:code>272</e:code><e:name>running</e:name></e:instanceState>
              <e:amiLaunchIndex/>
              <e:instanceLifecycle>capacity-block</e:instanceLifecycle>
              <e:launchTime>2026-01-05T09:00:00+01:00</e:launchTime>
              <e:new><e:item>1</e:item></e:new>
            </e:item>
          </e:instancesSet>
        </e:item>
      </e:reservationSet>
    </e:Anything>)";
  const auto read = decode_reply(Action::kDescribeInstances, 200, document);
  REQUIRE(read);
  const auto& instances = std::get<DescribeInstancesReply>(*read).instances;
  REQUIRE(instances.size() == 1);
  CHECK(instances.at(0).id == "i-9");
  CHECK(instances.at(0).reservation_id == "r-9");
  CHECK(instances.at(0).state == InstanceState::kRunning);  // the high byte does not count
  CHECK(instances.at(0).lifecycle == Lifecycle::kOnDemand);
  CHECK(to_seconds(instances.at(0).launch_time.time_since_epoch()) == 1767600000);
}

TEST_CASE("errors cross the wire", "[ec2]") {
  const std::string message = "The ID 'i-<\x01&' does not exist";
  const std::string document =
      encode_error(error_reply(ErrorCode::kInvalidInstanceIdNotFound, message), "id-7");
  CHECK_THAT(document, ContainsSubstring("<Response><Errors><Error><Code>InvalidInstanceID.NotFound"
                                         "</Code><Message>") &&
                           ContainsSubstring("<RequestID>id-7</RequestID></Response>"));
  const AttemptError error = failure_of(400, document);
  CHECK(error.code == ErrorCode::kInvalidInstanceIdNotFound);
  CHECK(error.message == "The ID 'i-<\xEF\xBF\xBD&' does not exist");
  CHECK(error.http_status == 400);
  CHECK(error.body == BodyForm::kXml);
}

TEST_CASE("a document that is no reply of EC2 is an error, by its form", "[ec2]") {
  struct Row {
    const char* name;
    int status;
    std::string body;
    const char* code;
    BodyForm form;
  };

  const std::string good =
      encode_reply(to_any<DescribeInstancesRequest>({InstanceList(kInstances), ""}), "id");
  const std::vector<Row> rows = {
      {"error under 200", 200, encode_error(error_reply(ErrorCode::kUnavailable, "x"), "i"),
       "Unavailable", BodyForm::kXml},
      {"another service's", 403,
       "<ErrorResponse><Error><Code>AccessDenied</Code></Error>"
       "</ErrorResponse>",
       "AccessDenied", BodyForm::kXml},
      {"two errors", 400,
       "<Response><Errors><Error><Code>A</Code></Error><Error><Code>B</Code>"
       "</Error></Errors></Response>",
       "A", BodyForm::kXml},
      {"empty 503", 503, "", "", BodyForm::kEmpty},
      {"blank 500", 500, " \r\n", "", BodyForm::kEmpty},
      {"empty 200", 200, "", "", BodyForm::kEmpty},
      {"page", 502, "<HTML><body><hr>Bad Gateway</body></HTML>", "", BodyForm::kXml},
      {"page with a type", 502, "<!DOCTYPE html>\n<html><br></html>", "", BodyForm::kXml},
      {"text", 500, "upstream connect error", "", BodyForm::kOther},
      {"text under 200", 200, "hello", "", BodyForm::kOther},
      {"XML without a code", 500, "<a/>", "", BodyForm::kXml},
      {"success under 500", 500, good, "", BodyForm::kXml},
      {"cut", 200, good.substr(0, good.size() / 2), "", BodyForm::kOther},
      {"no id", 200,
       "<R><reservationSet><item><instancesSet><item/></instancesSet></item>"
       "</reservationSet></R>",
       "", BodyForm::kOther},
      {"no time", 200,
       "<R><reservationSet><item><instancesSet><item><instanceId>i</instanceId>"
       "<launchTime>1767600000</launchTime></item></instancesSet></item></reservationSet></R>",
       "", BodyForm::kOther},
  };
  for (const Row& row : rows) {
    CAPTURE(row.name);
    const AttemptError error = failure_of(row.status, row.body);
    CHECK(error.code.text() == row.code);
    CHECK(error.body == row.form);
    CHECK(error.http_status == row.status);
    CHECK(error.fault == Fault::kNone);
  }
}

TEST_CASE("a document nested without end is refused, not followed", "[ec2]") {
  std::string deep;
  for (int i = 0; i < 200'000; ++i) deep += "<a>";
  CHECK(failure_of(200, deep).body == BodyForm::kOther);
}

}  // namespace casim::ec2::query
