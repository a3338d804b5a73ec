#include <algorithm>
#include <cstdint>
#include <iterator>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "src/core/random.h"
#include "src/ec2/query/choices.h"
#include "src/ec2/query/describe.h"
#include "src/ec2/query/other_parameters.h"

namespace casim::ec2::query {

// How some members are grouped on the wire.
struct TagSpecification {
  std::string resource_type = "instance";
  std::vector<Tag> tags = {};
};

struct NetworkInterface {
  std::string subnet_id = {};
  std::vector<std::string> security_group_ids = {};
  std::uint64_t others = 0;
};

struct ConfiguredOverride {
  FleetOverride pool = {};
  std::string image_id = {};
  std::uint64_t others = 0;
};

struct LaunchTemplateConfig {
  LaunchTemplate launch_template = {};
  std::vector<ConfiguredOverride> overrides = {};
};

void describe(Fields& f, TagSpecification& specification) {
  constexpr std::string_view kTaggable[] = {
      "instance",    "volume", "network-interface", "spot-instances-request",
      "elastic-gpu", "fleet",  "launch-template",
  };
  f.required("ResourceType", specification.resource_type);
  f.check(std::ranges::find(kTaggable, specification.resource_type) != std::end(kTaggable),
          ErrorCode::kInvalidParameterValue,
          "'" + specification.resource_type +
              "' is not a valid taggable resource type for this operation.");
  f.list("Tag", specification.tags);
}

void describe(Fields& f, NetworkInterface& interface) {
  f.field("SubnetId", interface.subnet_id);
  f.list("SecurityGroupId", interface.security_group_ids);
  f.others(other_parameters_of_network_interfaces(), interface.others);
}

void describe(Fields& f, ConfiguredOverride& configured) {
  describe(f, configured.pool);
  f.field("ImageId", configured.image_id);
  f.others(other_parameters_of_fleet_overrides(), configured.others);
}

void describe(Fields& f, LaunchTemplateConfig& config) {
  f.group("LaunchTemplateSpecification",
          [&config](Fields& at) { describe(at, config.launch_template); });
  f.list("Overrides", config.overrides);
}

void describe(Fields& f, Filter& filter) {
  f.required("Name", filter.name);
  f.list("Value", filter.values);
}

namespace {

// Tags of instances; those of other resources have no effect.
void describe_tags(Fields& f, std::vector<Tag>& tags) {
  std::vector<TagSpecification> specifications;
  if (!tags.empty()) specifications.push_back({.tags = std::exchange(tags, {})});
  f.list("TagSpecification", specifications);
  for (TagSpecification& one : specifications) {
    if (one.resource_type != "instance") continue;
    std::ranges::move(one.tags, std::back_inserter(tags));
  }
}

// Those of one part of a request to those of all; 0: there are none.
void add_others(std::uint64_t others, std::uint64_t& hash) {
  if (others != 0) hash = hash_combine(hash, others);
}

// They stand beside the other members, or in a network interface, where the AWS CLI moves them.
void describe_network(Fields& f, RunInstancesRequest& request) {
  f.field("SubnetId", request.subnet_id);
  f.list("SecurityGroupId", request.security_group_ids);
  std::vector<NetworkInterface> interfaces;
  f.list("NetworkInterface", interfaces);
  if (interfaces.empty()) return;
  f.check(request.subnet_id.empty(), ErrorCode::kInvalidParameterCombination,
          "Network interfaces and an instance-level subnet ID may not be specified on the same "
          "request");
  f.check(request.security_group_ids.empty(), ErrorCode::kInvalidParameterCombination,
          "Network interfaces and an instance-level security groups may not be specified on the "
          "same request");
  request.subnet_id = interfaces.front().subnet_id;
  request.security_group_ids = interfaces.front().security_group_ids;
  for (const NetworkInterface& one : interfaces) add_others(one.others, request.other_parameters);
}

void describe_page(Fields& f, int& max_results, std::string& next_token) {
  PageSize size{max_results};
  f.field("MaxResults", size);
  max_results = size.value;
  f.field("NextToken", next_token);
}

void ignore_force(Fields& f) {
  constexpr OtherParameter kOthers[] = {{"Force", OtherParameter::Kind::kFlag},
                                        {"SkipOsShutdown", OtherParameter::Kind::kFlag}};
  std::uint64_t unused = 0;
  f.others(kOthers, unused);
}

void describe_launch_templates(Fields& f, CreateFleetRequest& request) {
  std::vector<LaunchTemplateConfig> configs;
  if (!request.overrides.empty()) {
    LaunchTemplateConfig& config = configs.emplace_back();
    config.launch_template = request.launch_template;
    for (FleetOverride& pool : std::exchange(request.overrides, {})) {
      config.overrides.push_back({.pool = std::move(pool), .image_id = request.image_id});
    }
  }
  f.list("LaunchTemplateConfigs", configs);
  if (!configs.empty()) request.launch_template = configs.front().launch_template;
  for (LaunchTemplateConfig& config : configs) {
    for (ConfiguredOverride& one : config.overrides) {
      if (request.image_id.empty()) request.image_id = one.image_id;
      add_others(one.others, request.other_parameters);
      request.overrides.push_back(std::move(one.pool));
    }
  }
}

}  // namespace

void describe(Fields& f, Tag& tag) {
  f.required("key", tag.key);
  f.always("value", tag.value);
}

void describe(Fields& f, FleetOverride& pool) {
  f.field("instanceType", pool.instance_type);
  f.field("subnetId", pool.subnet_id);
  f.field("availabilityZone", pool.zone);
  f.field("priority", pool.priority);
}

void describe(Fields& f, LaunchTemplate& launch_template) {
  f.field("launchTemplateId", launch_template.id);
  f.field("launchTemplateName", launch_template.name);
  f.field("version", launch_template.version);
}

void describe(Fields& f, RunInstancesRequest& request) {
  f.required("MinCount", request.min_count);
  f.required("MaxCount", request.max_count);
  f.field("ImageId", request.image_id);
  f.field("InstanceType", request.instance_type);
  f.field("KeyName", request.key_name);
  f.field("UserData", request.user_data);
  f.group("LaunchTemplate", [&](Fields& at) { describe(at, request.launch_template); });
  f.group("IamInstanceProfile", [&](Fields& at) {
    at.field("Arn", request.iam_instance_profile.arn);
    at.field("Name", request.iam_instance_profile.name);
  });
  f.group("Placement", [&](Fields& at) { at.field("AvailabilityZone", request.zone); });
  f.group("InstanceMarketOptions", [&](Fields& at) {
    SpotOnly market{request.lifecycle};
    at.field("MarketType", market);
    request.lifecycle = market.value;
  });
  describe_network(f, request);
  describe_tags(f, request.tags);
  f.field("DisableApiTermination", request.disable_api_termination);
  f.field("ClientToken", request.client_token);
  f.field("DryRun", request.dry_run);
  f.others(other_parameters_of_run_instances(), request.other_parameters);
}

void describe(Fields& f, DescribeInstancesRequest& request) {
  f.list("InstanceId", request.instance_ids);
  f.list("Filter", request.filters);
  describe_page(f, request.max_results, request.next_token);
  f.field("DryRun", request.dry_run);
}

void describe(Fields& f, TerminateInstancesRequest& request) {
  f.list("InstanceId", request.instance_ids);
  f.field("DryRun", request.dry_run);
  ignore_force(f);
}

void describe(Fields& f, StopInstancesRequest& request) {
  f.list("InstanceId", request.instance_ids);
  f.field("Hibernate", request.hibernate);
  f.field("DryRun", request.dry_run);
  ignore_force(f);
}

void describe(Fields& f, StartInstancesRequest& request) {
  constexpr OtherParameter kOthers[] = {{"AdditionalInfo"}};
  std::uint64_t unused = 0;
  f.list("InstanceId", request.instance_ids);
  f.field("DryRun", request.dry_run);
  f.others(kOthers, unused);
}

void describe(Fields& f, CreateTagsRequest& request) {
  f.list("ResourceId", request.resource_ids);
  f.list("Tag", request.tags);
  f.field("DryRun", request.dry_run);
}

void describe(Fields& f, DescribeTagsRequest& request) {
  f.list("Filter", request.filters);
  describe_page(f, request.max_results, request.next_token);
  f.field("DryRun", request.dry_run);
}

void describe(Fields& f, DescribeInstanceStatusRequest& request) {
  f.list("InstanceId", request.instance_ids);
  f.list("Filter", request.filters);
  f.field("IncludeAllInstances", request.include_all_instances);
  describe_page(f, request.max_results, request.next_token);
  f.field("DryRun", request.dry_run);
}

void describe(Fields& f, DescribeInstanceTypesRequest& request) {
  f.list("InstanceType", request.instance_types);
  f.list("Filter", request.filters);
  describe_page(f, request.max_results, request.next_token);
  f.field("DryRun", request.dry_run);
}

void describe(Fields& f, CreateFleetRequest& request) {
  f.always("Type", request.type);
  describe_launch_templates(f, request);
  f.group("TargetCapacitySpecification", [&](Fields& at) {
    FleetTarget& target = request.target;
    at.required("TotalTargetCapacity", target.total_target_capacity);
    at.field("OnDemandTargetCapacity", target.on_demand_target_capacity);
    at.field("SpotTargetCapacity", target.spot_target_capacity);
    at.always("DefaultTargetCapacityType", target.default_target_capacity_type);
  });
  f.group("OnDemandOptions",
          [&](Fields& at) { at.field("AllocationStrategy", request.on_demand_allocation); });
  f.group("SpotOptions", [&](Fields& at) {
    SpotAllocation spot{request.spot_allocation};
    at.field("AllocationStrategy", spot);
    request.spot_allocation = spot.value;
  });
  describe_tags(f, request.tags);
  f.field("ClientToken", request.client_token);
  f.field("DryRun", request.dry_run);
  f.others(other_parameters_of_create_fleet(), request.other_parameters);
}

}  // namespace casim::ec2::query
