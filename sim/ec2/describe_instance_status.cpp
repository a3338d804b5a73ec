#include "sim/ec2/describe_instance_status.h"

#include <string>
#include <utility>
#include <vector>

#include "sim/ec2/filters.h"
#include "sim/ec2/instance_ids.h"
#include "sim/ec2/instance_list.h"
#include "sim/ec2/pages.h"
#include "src/core/random.h"

namespace casim::sim {
namespace {

using ec2::InstanceStatus;
using Values = std::vector<std::string>;

constexpr FilterRow<InstanceStatus> kStatusFilters[] = {
    {"availability-zone", [](const InstanceStatus& item,
                             const Values& values) { return matches_any(values, item.zone); }},
    {"instance-state-name",
     [](const InstanceStatus& item, const Values& values) {
       return matches_any(values, ec2::name_of(item.state));
     }},
    {"instance-state-code",
     [](const InstanceStatus& item, const Values& values) {
       return matches_any(values, std::to_string(static_cast<int>(item.state)));
     }},
    {"instance-status.status",
     [](const InstanceStatus& item, const Values& values) {
       return matches_any(values, ec2::name_of(item.instance_status));
     }},
    {"instance-status.reachability",
     [](const InstanceStatus& item, const Values& values) {
       return matches_any(values, ec2::reachability_of(item.instance_status));
     }},
    {"system-status.status",
     [](const InstanceStatus& item, const Values& values) {
       return matches_any(values, ec2::name_of(item.system_status));
     }},
    {"system-status.reachability",
     [](const InstanceStatus& item, const Values& values) {
       return matches_any(values, ec2::reachability_of(item.system_status));
     }},
};

std::span<const FilterRow<InstanceStatus>> status_filters() { return kStatusFilters; }

PageRequest page_of(const ec2::DescribeInstanceStatusRequest& request) {
  const std::uint64_t all = request.include_all_instances ? 1 : 0;
  return {
      .listing = hash_combine(hash_bytes("DescribeInstanceStatus", hash_of(request.filters)), all),
      .max_results = request.max_results,
      .next_token = request.next_token};
}

InstanceStatus status_of(const Fleet& fleet, TimePoint now, const FleetInstance& instance,
                         const ec2::Instance& shape) {
  InstanceStatus status{.instance_id = shape.id, .zone = shape.zone, .state = shape.state};
  const bool runs =
      shape.state == ec2::InstanceState::kRunning && instance.running_since != kTimeNever;
  if (!runs) return status;
  const bool has_passed = fleet.passes_checks_at(instance) <= now;
  status.instance_status = has_passed ? ec2::StatusSummary::kOk : ec2::StatusSummary::kInitializing;
  status.system_status = status.instance_status;
  return status;
}

}  // namespace

Charge charge_of(const ec2::DescribeInstanceStatusRequest& request) {
  return {.for_everything = request.instance_ids.empty() && request.filters.empty() &&
                            request.max_results == 0 && request.next_token.empty()};
}

ec2::Attempt<void> check_describe_instance_status(
    Ec2State& state, const ec2::DescribeInstanceStatusRequest& request) {
  const PageRequest page = page_of(request);
  if (auto form = check_instance_list(request.instance_ids, page); !form) return form;
  if (auto named = check_filters(status_filters(), request.filters, false); !named) return named;
  if (auto ids = instances_named(state.fleet, request.instance_ids); !ids) {
    return std::unexpected(std::move(ids.error()));
  }
  if (auto start = start_of(state.pages, page); !start) {
    return std::unexpected(std::move(start.error()));
  }
  return {};
}

ec2::Attempt<ec2::DescribeInstanceStatusReply> describe_instance_status(
    Ec2State& state, const ec2::DescribeInstanceStatusRequest& request) {
  const BoundFilters<InstanceStatus> filters(status_filters(), request.filters);
  const TimePoint now = state.kernel.now();
  const auto status = [&](const FleetInstance& instance, const ec2::Instance& shape) {
    return status_of(state.fleet, now, instance, shape);
  };
  ec2::DescribeInstanceStatusReply reply;
  reply.next_token =
      list_instances(state, request.instance_ids, page_of(request),
                     {.match =
                          [&](const FleetInstance& instance, const ec2::Instance& shape) {
                            const bool is_asked_for = request.include_all_instances ||
                                                      shape.state == ec2::InstanceState::kRunning;
                            return is_asked_for && filters.match(status(instance, shape));
                          },
                      .take =
                          [&](const FleetInstance& instance, const ec2::Instance& shape) {
                            reply.statuses.push_back(status(instance, shape));
                          }});
  return reply;
}

}  // namespace casim::sim
