// Lags that were seen: from a launch to the last question that was answered without the machine.
#include "sim/requirements/visibility.h"

#include "tests/catch.h"

namespace casim::sim {
namespace {

using std::chrono::seconds;

TimePoint at(int second) { return kTimeZero + seconds(second); }

ec2::Instance machine(const std::string& id, ec2::InstanceState state) {
  ec2::Instance instance;
  instance.id = id;
  instance.tags = {{"cluster", "c"}};
  instance.state = state;
  return instance;
}

const ec2::Instance kPending = machine("i-1", ec2::InstanceState::kPending);
const ec2::Instance kRunning = machine("i-1", ec2::InstanceState::kRunning);

ec2::DescribeInstancesRequest by_tag(const std::string& value) {
  return {.filters = {{"tag:cluster", {value}}}};
}

ec2::DescribeInstancesReply with(std::vector<ec2::Instance> instances, std::string next = "") {
  return {ec2::InstanceList(std::move(instances)), std::move(next)};
}

}  // namespace

TEST_CASE("a machine is missed until a list has it", "[requirements]") {
  Visibility visibility;
  visibility.on_launched(at(10), kPending);
  visibility.on_listed(at(12), by_tag("c"), with({}));
  visibility.on_listed(at(17), by_tag("c"), with({}));
  CHECK(visibility.missed("i-1") == seconds(7));
  visibility.on_listed(at(20), by_tag("c"), with({kPending}));
  visibility.on_listed(at(30), by_tag("c"), with({}));
  CHECK(visibility.missed("i-1") == seconds(7));
}

TEST_CASE("a question that does not mean a machine does not miss it", "[requirements]") {
  Visibility visibility;
  visibility.on_listed(at(9), by_tag("c"), with({}));
  visibility.on_launched(at(10), kPending);
  visibility.on_listed(at(10), by_tag("c"), with({}));  // asked before the launch was done
  visibility.on_listed(at(12), by_tag("d"), with({}));
  visibility.on_listed(at(13), {.filters = {{"instance-state-name", {"running"}}}}, with({}));
  visibility.on_listed(at(14), {.instance_ids = {"i-2"}}, with({}));
  visibility.on_refused(at(15), by_tag("c"),
                        ec2::error_reply(ec2::ErrorCode::kRequestLimitExceeded, ""));
  CHECK(visibility.all_missed().empty());
}

TEST_CASE("an id that is not found is a lag, of one id alone", "[requirements]") {
  Visibility visibility;
  visibility.on_launched(at(10), kPending);
  const auto not_found = ec2::error_reply(ec2::ErrorCode::kInvalidInstanceIdNotFound, "");
  visibility.on_refused(at(11), {.instance_ids = {"i-1", "i-0"}}, not_found);
  CHECK(visibility.all_missed().empty());
  visibility.on_refused(at(13), {.instance_ids = {"i-1"}}, not_found);
  CHECK(visibility.missed("i-1") == seconds(3));
}

TEST_CASE("a list of several pages is judged at its end, as of its begin", "[requirements]") {
  Visibility visibility;
  visibility.on_launched(at(10), kPending);
  visibility.on_launched(at(10), machine("i-2", ec2::InstanceState::kPending));
  visibility.on_listed(at(14), by_tag("c"), with({kPending}, "page 2"));
  CHECK(visibility.all_missed().empty());
  auto second = by_tag("c");
  second.next_token = "page 2";
  visibility.on_listed(at(19), second, with({}));
  CHECK(visibility.missed("i-1") == seconds(0));
  CHECK(visibility.missed("i-2") == seconds(4));
}

TEST_CASE("a machine that runs and is shown as pending is stale", "[requirements]") {
  Visibility visibility;
  visibility.on_launched(at(10), kPending);
  visibility.on_running(at(20), "i-1");
  visibility.on_listed(at(22), by_tag("c"), with({kPending}));
  visibility.on_listed(at(23), by_tag("c"), with({kRunning}));
  visibility.on_listed(at(29), by_tag("c"), with({kPending}));
  CHECK(visibility.stalest() == seconds(2));
}

}  // namespace casim::sim
