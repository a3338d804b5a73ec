// What each action of the EC2 API is asked and answers. Names are AWS's own, so are the defaults;
// left out are members that nothing here depends on, such as Force and SkipOsShutdown. Every
// request takes DryRun: it is answered with the error DryRunOperation if the caller may make it.
// Source: ec2.md 1.2, 1.4.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "src/ec2/catalogue.h"
#include "src/ec2/error_code.h"
#include "src/ec2/instance_list.h"
#include "src/ec2/types.h"

namespace casim::ec2 {

// In the order of AnyRequest (action.h).
enum class Action : std::uint8_t {
  kRunInstances,
  kDescribeInstances,
  kTerminateInstances,
  kStopInstances,
  kStartInstances,
  kCreateTags,
  kDescribeTags,
  kDescribeInstanceStatus,
  kDescribeInstanceTypes,
  kCreateFleet,
};

// Any of the values, in which * stands for any text and ? for one character. Filters of one request
// must all hold.
struct Filter {
  std::string name = {};  // "tag:<key>", "instance-state-name", "client-token", ...
  std::vector<std::string> values = {};
};

// By id or by name.
struct LaunchTemplate {
  std::string id = {};
  std::string name = {};
  std::string version = {};
};

// By ARN or by name.
struct IamInstanceProfile {
  std::string arn = {};
  std::string name = {};
};

struct RunInstancesReply {
  std::vector<Instance> instances = {};  // MinCount to MaxCount of them
};

// Launches MinCount to MaxCount instances, all in one zone.
struct RunInstancesRequest {
  static constexpr Action kAction = Action::kRunInstances;
  using Reply = RunInstancesReply;

  int min_count = 1;
  int max_count = 1;
  std::string instance_type = {};
  std::string zone = {};  // Placement.AvailabilityZone; one call launches in one zone
  std::string image_id = {};
  Lifecycle lifecycle = Lifecycle::kOnDemand;
  std::string client_token = {};  // a replay with equal parameters answers with the same instances
  std::vector<Tag> tags = {};
  std::string subnet_id = {};  // fixes the zone, too
  bool disable_api_termination = false;
  bool dry_run = false;
  // What machines need to become nodes; a replay must repeat it, and nothing else hangs on it here.
  LaunchTemplate launch_template = {};
  std::string key_name = {};
  std::string user_data = {};  // base64
  std::vector<std::string> security_group_ids = {};
  IamInstanceProfile iam_instance_profile = {};
  std::uint64_t other_parameters = 0;  // hash of those for which there is no member
};

struct DescribeInstancesReply {
  InstanceList instances = {};
  std::string next_token = {};  // empty on the last page
};

// All instances, or those that match; terminated ones for an hour.
struct DescribeInstancesRequest {
  static constexpr Action kAction = Action::kDescribeInstances;
  using Reply = DescribeInstancesReply;

  std::vector<std::string> instance_ids = {};  // not together with max_results
  std::vector<Filter> filters = {};
  int max_results = 0;  // 0: unpaged
  std::string next_token = {};
  bool dry_run = false;
};

struct TerminateInstancesReply {
  std::vector<StateChange> changes = {};  // one per instance, in the order of the ids
};

// Idempotent: a repeat succeeds.
struct TerminateInstancesRequest {
  static constexpr Action kAction = Action::kTerminateInstances;
  using Reply = TerminateInstancesReply;

  std::vector<std::string> instance_ids = {};  // at most 1000; one bad id fails them all
  bool dry_run = false;
};

struct StopInstancesReply {
  std::vector<StateChange> changes = {};  // one per instance, in the order of the ids
};

// Of running instances; those that are stopped stay so.
struct StopInstancesRequest {
  static constexpr Action kAction = Action::kStopInstances;
  using Reply = StopInstancesReply;

  std::vector<std::string> instance_ids = {};
  bool hibernate = false;  // refused: no instance is launched prepared for it
  bool dry_run = false;
};

struct StartInstancesReply {
  std::vector<StateChange> changes = {};  // one per instance, in the order of the ids
};

// Of stopped instances; those that run go on.
struct StartInstancesRequest {
  static constexpr Action kAction = Action::kStartInstances;
  using Reply = StartInstancesReply;

  std::vector<std::string> instance_ids = {};
  bool dry_run = false;
};

struct CreateTagsReply {};

// Sets tags; those of the same key are overwritten.
struct CreateTagsRequest {
  static constexpr Action kAction = Action::kCreateTags;
  using Reply = CreateTagsReply;

  std::vector<std::string> resource_ids = {};  // at most 1000
  std::vector<Tag> tags = {};                  // at most 50 of one resource
  bool dry_run = false;
};

struct TagDescription {
  std::string resource_id = {};
  std::string resource_type = {};  // "instance"
  std::string key = {};
  std::string value = {};
};

struct DescribeTagsReply {
  std::vector<TagDescription> tags = {};
  std::string next_token = {};  // empty on the last page
};

struct DescribeTagsRequest {
  static constexpr Action kAction = Action::kDescribeTags;
  using Reply = DescribeTagsReply;

  std::vector<Filter> filters = {};
  int max_results = 0;  // 0: unpaged
  std::string next_token = {};
  bool dry_run = false;
};

// Of systemStatus and instanceStatus, whose one detail is reachability.
enum class StatusSummary : std::uint8_t { kOk, kInitializing, kNotApplicable };

std::string_view name_of(StatusSummary status);          // "not-applicable"
std::string_view reachability_of(StatusSummary status);  // "passed"; empty: it is not checked

struct InstanceStatus {
  std::string instance_id = {};
  std::string zone = {};
  InstanceState state = InstanceState::kPending;
  StatusSummary system_status = StatusSummary::kNotApplicable;
  StatusSummary instance_status = StatusSummary::kNotApplicable;
};

struct DescribeInstanceStatusReply {
  std::vector<InstanceStatus> statuses = {};
  std::string next_token = {};  // empty on the last page
};

struct DescribeInstanceStatusRequest {
  static constexpr Action kAction = Action::kDescribeInstanceStatus;
  using Reply = DescribeInstanceStatusReply;

  std::vector<std::string> instance_ids = {};  // not together with max_results
  std::vector<Filter> filters = {};
  bool include_all_instances = false;  // else those that run only
  int max_results = 0;                 // 0: unpaged
  std::string next_token = {};
  bool dry_run = false;
};

struct DescribeInstanceTypesReply {
  std::vector<InstanceType> types = {};
  std::string next_token = {};  // empty on the last page
};

// In the order of names.
struct DescribeInstanceTypesRequest {
  static constexpr Action kAction = Action::kDescribeInstanceTypes;
  using Reply = DescribeInstanceTypesReply;

  std::vector<std::string> instance_types = {};  // at most 100
  std::vector<Filter> filters = {};
  int max_results = 0;  // 0: as many as a page holds
  std::string next_token = {};
  bool dry_run = false;
};

enum class FleetType : std::uint8_t { kRequest, kMaintain, kInstant };

// Which pools a fleet asks first.
enum class FleetAllocation : std::uint8_t { kLowestPrice, kPrioritized };

struct FleetOverride {
  std::string instance_type = {};
  std::string zone = {};
  std::string subnet_id = {};           // fixes the zone, too
  std::optional<double> priority = {};  // lower first; none: last
};

struct FleetTarget {
  int total_target_capacity = 0;
  std::optional<int> on_demand_target_capacity = {};
  std::optional<int> spot_target_capacity = {};
  Lifecycle default_target_capacity_type = Lifecycle::kOnDemand;  // of what the two leave
};

struct FleetInstances {
  std::vector<std::string> instance_ids = {};
  std::string instance_type = {};
  Lifecycle lifecycle = Lifecycle::kOnDemand;
  FleetOverride overrides = {};
};

struct FleetError {
  ReplyCode code{};
  std::string message = {};
  Lifecycle lifecycle = Lifecycle::kOnDemand;
  FleetOverride overrides = {};
};

struct CreateFleetReply {
  std::string fleet_id = {};
  std::vector<FleetInstances> instances = {};  // one per pool that gave any
  std::vector<FleetError> errors = {};         // of pools that gave none, or fewer than asked for
};

// An instant fleet asks its pools once, and says what each made of it.
struct CreateFleetRequest {
  static constexpr Action kAction = Action::kCreateFleet;
  using Reply = CreateFleetReply;

  FleetType type = FleetType::kMaintain;
  LaunchTemplate launch_template = {};        // the first, of several
  std::string image_id = {};                  // instead of the launch template's
  std::vector<FleetOverride> overrides = {};  // of LaunchTemplateConfigs
  FleetTarget target = {};
  FleetAllocation on_demand_allocation = FleetAllocation::kLowestPrice;
  FleetAllocation spot_allocation = FleetAllocation::kLowestPrice;
  std::vector<Tag> tags = {};  // of the instances
  std::string client_token = {};
  bool dry_run = false;
  std::uint64_t other_parameters = 0;  // hash of those for which there is no member
};

}  // namespace casim::ec2
