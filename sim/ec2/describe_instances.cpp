#include "sim/ec2/describe_instances.h"

#include <cstdint>
#include <string>
#include <utility>
#include <vector>

#include "sim/ec2/instance_filters.h"
#include "sim/ec2/instance_ids.h"
#include "sim/ec2/instance_list.h"
#include "sim/ec2/pages.h"
#include "src/core/random.h"

namespace casim::sim {
namespace {

using Filters = BoundFilters<ec2::Instance>;

PageRequest page_of(const ec2::DescribeInstancesRequest& request) {
  return {.listing = hash_bytes("DescribeInstances", hash_of(request.filters)),
          .max_results = request.max_results,
          .next_token = request.next_token};
}

}  // namespace

Charge charge_of(const ec2::DescribeInstancesRequest& request) {
  return {.for_everything = request.instance_ids.empty() && request.filters.empty() &&
                            request.max_results == 0 && request.next_token.empty()};
}

ec2::Attempt<void> check_describe_instances(Ec2State& state,
                                            const ec2::DescribeInstancesRequest& request) {
  const PageRequest page = page_of(request);
  if (auto form = check_instance_list(request.instance_ids, page); !form) return form;
  if (auto named = check_filters(instance_filters(), request.filters, true); !named) return named;
  if (auto ids = instances_named(state.fleet, request.instance_ids); !ids) {
    return std::unexpected(std::move(ids.error()));
  }
  if (auto start = start_of(state.pages, page); !start) {
    return std::unexpected(std::move(start.error()));
  }
  return {};
}

ec2::Attempt<ec2::DescribeInstancesReply> describe_instances(
    Ec2State& state, const ec2::DescribeInstancesRequest& request) {
  const Filters filters(instance_filters(), request.filters);
  ec2::DescribeInstancesReply reply;
  reply.next_token =
      list_instances(state, request.instance_ids, page_of(request),
                     {.match =
                          [&filters](const FleetInstance&, const ec2::Instance& shape) {
                            return filters.match_tags(shape.tags) && filters.match(shape);
                          },
                      .take =
                          [&reply](const FleetInstance& instance, const ec2::Instance& shape) {
                            if (&shape == &instance.shape()) {
                              reply.instances.share(instance.share());
                            } else {
                              reply.instances.push_back(shape);
                            }
                          }});
  return reply;
}

}  // namespace casim::sim
