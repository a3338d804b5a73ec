#include "oracle/ec2_requests/decoded_call.h"

#include <string>
#include <variant>
#include <vector>

namespace casim::oracle {
namespace {

using Json = nlohmann::json;

Json tags_of(const std::vector<ec2::Tag>& tags) {
  Json out = Json::array();
  for (const ec2::Tag& tag : tags) out.push_back({{"Key", tag.key}, {"Value", tag.value}});
  return out;
}

Json filters_of(const std::vector<ec2::Filter>& filters) {
  Json out = Json::array();
  for (const ec2::Filter& one : filters) {
    out.push_back({{"Name", one.name}, {"Values", one.values}});
  }
  return out;
}

Json template_of(const ec2::LaunchTemplate& launch_template) {
  return {{"LaunchTemplateId", launch_template.id}, {"Version", launch_template.version}};
}

const char* name_of(ec2::Lifecycle lifecycle) {
  return lifecycle == ec2::Lifecycle::kSpot ? "spot" : "on-demand";
}

Json decoded(const ec2::RunInstancesRequest& r) {
  return {{"MinCount", r.min_count},
          {"MaxCount", r.max_count},
          {"ImageId", r.image_id},
          {"InstanceType", r.instance_type},
          {"SubnetId", r.subnet_id},
          {"SecurityGroupIds", r.security_group_ids},
          {"KeyName", r.key_name},
          {"UserData", r.user_data},
          {"IamInstanceProfile", {{"Name", r.iam_instance_profile.name}}},
          {"Placement", {{"AvailabilityZone", r.zone}}},
          {"LaunchTemplate", template_of(r.launch_template)},
          {"InstanceMarketOptions", {{"MarketType", name_of(r.lifecycle)}}},
          {"TagsOfInstances", tags_of(r.tags)},
          {"ClientToken", r.client_token},
          {"DryRun", r.dry_run}};
}

Json decoded(const ec2::DescribeInstancesRequest& r) {
  return {{"InstanceIds", r.instance_ids},
          {"Filters", filters_of(r.filters)},
          {"MaxResults", r.max_results},
          {"NextToken", r.next_token}};
}

Json decoded(const ec2::TerminateInstancesRequest& r) { return {{"InstanceIds", r.instance_ids}}; }

Json decoded(const ec2::StopInstancesRequest& r) { return {{"InstanceIds", r.instance_ids}}; }

Json decoded(const ec2::StartInstancesRequest& r) { return {{"InstanceIds", r.instance_ids}}; }

Json decoded(const ec2::CreateTagsRequest& r) {
  return {{"Resources", r.resource_ids}, {"Tags", tags_of(r.tags)}};
}

Json decoded(const ec2::DescribeTagsRequest& r) {
  return {{"Filters", filters_of(r.filters)},
          {"MaxResults", r.max_results},
          {"NextToken", r.next_token}};
}

Json decoded(const ec2::DescribeInstanceStatusRequest& r) {
  return {{"InstanceIds", r.instance_ids}, {"IncludeAllInstances", r.include_all_instances}};
}

Json decoded(const ec2::DescribeInstanceTypesRequest& r) {
  return {{"InstanceTypes", r.instance_types},
          {"Filters", filters_of(r.filters)},
          {"MaxResults", r.max_results},
          {"NextToken", r.next_token}};
}

Json decoded(const ec2::FleetOverride& pool) {
  Json out = {{"InstanceType", pool.instance_type}};
  if (!pool.subnet_id.empty()) out["SubnetId"] = pool.subnet_id;
  if (!pool.zone.empty()) out["AvailabilityZone"] = pool.zone;
  if (pool.priority) out["Priority"] = *pool.priority;
  return out;
}

Json decoded(const ec2::CreateFleetRequest& r) {
  constexpr const char* kTypes[] = {"request", "maintain", "instant"};
  constexpr const char* kAllocations[] = {"lowest-price", "prioritized"};
  Json overrides = Json::array();
  for (const ec2::FleetOverride& pool : r.overrides) overrides.push_back(decoded(pool));
  const Json config = {{"LaunchTemplateSpecification", template_of(r.launch_template)},
                       {"Overrides", overrides}};
  return {
      {"Type", kTypes[static_cast<std::size_t>(r.type)]},
      {"LaunchTemplateConfigs", Json::array({config})},
      {"TargetCapacitySpecification",
       {{"TotalTargetCapacity", r.target.total_target_capacity},
        {"DefaultTargetCapacityType", name_of(r.target.default_target_capacity_type)}}},
      {"OnDemandOptions",
       {{"AllocationStrategy", kAllocations[static_cast<std::size_t>(r.on_demand_allocation)]}}},
      {"TagsOfInstances", tags_of(r.tags)},
      {"ClientToken", r.client_token}};
}

}  // namespace

Json decoded_call(const ec2::AnyRequest& request) {
  return std::visit([](const auto& typed) { return decoded(typed); }, request);
}

std::uint64_t other_parameters_of(const ec2::AnyRequest& request) {
  return std::visit(
      [](const auto& typed) -> std::uint64_t {
        if constexpr (requires { typed.other_parameters; }) return typed.other_parameters;
        return 0;
      },
      request);
}

}  // namespace casim::oracle
