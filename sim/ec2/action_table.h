// The actions as the model carries them out, one row each: what it charges, how long it takes,
// which errors it may give, and the function that does it. Included by the few that walk the table.
// Source: ec2.md 1.2 (actions), 3 (buckets), 5.1 (times).
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <string_view>
#include <tuple>

#include "sim/ec2/call_plan.h"
#include "sim/ec2/charge.h"
#include "sim/ec2/config.h"
#include "sim/ec2/create_fleet.h"
#include "sim/ec2/create_tags.h"
#include "sim/ec2/describe_instance_status.h"
#include "sim/ec2/describe_instance_types.h"
#include "sim/ec2/describe_instances.h"
#include "sim/ec2/describe_tags.h"
#include "sim/ec2/ec2_state.h"
#include "sim/ec2/run_instances.h"
#include "sim/ec2/start_instances.h"
#include "sim/ec2/stop_instances.h"
#include "sim/ec2/terminate_instances.h"
#include "src/core/distribution.h"
#include "src/ec2/action.h"
#include "src/ec2/attempt.h"

namespace casim::sim {

using BucketOf = BucketConfig ThrottleConfig::*;
using LatencyOf = Distribution Ec2Latencies::*;

// Each action has buckets of its own, of the size that the configuration gives for its kind.
struct ActionBuckets {
  BucketOf requests;                           // one token per call
  BucketOf requests_for_everything = nullptr;  // instead, when Charge says so; nullptr: no such
  BucketOf instances = nullptr;                // in addition; nullptr: charged by the call alone
};

// How long a call takes when its function decides at the instant of the effect.
template <class Request>
struct ActionTime {
  LatencyOf latency;
  std::string_view purpose;  // of its draws
  // Of its draws too; nullptr: all calls share one stream.
  std::uint64_t (*key)(const Request&) = nullptr;
};

// What the reply costs after the effect, by its size.
template <class Request>
struct ReplyTime {
  Duration Ec2Latencies::* per_item;
  std::size_t (*items)(const typename Request::Reply&);
};

// A row of the table.
template <class Request>
struct ModelledAction {
  using Reply = typename Request::Reply;

  ActionBuckets buckets;
  Charge (*charge)(const Request&) = nullptr;  // nullptr: nothing beside the call
  LatencyOf refusal_latency;                   // of what the conditions refuse
  // Its own. Each action may also be throttled, denied, a dry run, and refused by the conditions.
  std::span<const ec2::ErrorCode> errors;
  // Whether the request can be carried out as far as what it names goes; all that a dry run does.
  ec2::Attempt<void> (*check)(Ec2State&, const Request&);
  // One of the two: decided at the instant of the effect, after the check, or planned on arrival.
  ActionTime<Request> time{};
  ec2::Attempt<Reply> (*act)(Ec2State&, const Request&) = nullptr;
  CallPlan<Reply> (*plan)(Ec2State&, Request, const Slowness& slowness) = nullptr;
  ReplyTime<Request> reply_time{};
};

// In the order of ec2::AnyRequest.
inline constexpr std::tuple kActionTable{
    ModelledAction<ec2::RunInstancesRequest>{
        .buckets = {.requests = &ThrottleConfig::run_requests,
                    .instances = &ThrottleConfig::run_resources},
        .charge = charge_of,
        .refusal_latency = &Ec2Latencies::run_instances_err,
        .errors = kRunInstancesErrors,
        .check =
            [](Ec2State& state, const ec2::RunInstancesRequest& request) {
              return check_run_instances(state, request);
            },
        .plan = plan_run_instances,
    },
    ModelledAction<ec2::DescribeInstancesRequest>{
        .buckets = {.requests = &ThrottleConfig::describe,
                    .requests_for_everything = &ThrottleConfig::describe_all},
        .charge = charge_of,
        .refusal_latency = &Ec2Latencies::describe_instances,
        .errors = kDescribeInstancesErrors,
        .check = check_describe_instances,
        .time = {.latency = &Ec2Latencies::describe_instances, .purpose = "ec2.describe_instances"},
        .act = describe_instances,
        .reply_time = {.per_item = &Ec2Latencies::describe_per_instance,
                       .items = [](const auto& reply) { return reply.instances.size(); }},
    },
    ModelledAction<ec2::TerminateInstancesRequest>{
        .buckets = {.requests = &ThrottleConfig::terminate_requests,
                    .instances = &ThrottleConfig::terminate_resources},
        .charge = charge_of,
        .refusal_latency = &Ec2Latencies::mutate_other,
        .errors = kTerminateInstancesErrors,
        .check = check_terminate_instances,
        .time = {.latency = &Ec2Latencies::mutate_other,
                 .purpose = "ec2.terminate_instances",
                 .key = draw_key_of},
        .act = terminate_instances,
    },
    ModelledAction<ec2::StopInstancesRequest>{
        .buckets = {.requests = &ThrottleConfig::mutate,
                    .instances = &ThrottleConfig::stop_resources},
        .charge = charge_of,
        .refusal_latency = &Ec2Latencies::mutate_other,
        .errors = kStopInstancesErrors,
        .check = check_stop_instances,
        .time = {.latency = &Ec2Latencies::mutate_other,
                 .purpose = "ec2.stop_instances",
                 .key = draw_key_of},
        .act = stop_instances,
    },
    ModelledAction<ec2::StartInstancesRequest>{
        .buckets = {.requests = &ThrottleConfig::start_requests,
                    .instances = &ThrottleConfig::start_resources},
        .charge = charge_of,
        .refusal_latency = &Ec2Latencies::mutate_other,
        .errors = kStartInstancesErrors,
        .check = check_start_instances,
        .time = {.latency = &Ec2Latencies::mutate_other,
                 .purpose = "ec2.start_instances",
                 .key = draw_key_of},
        .act = start_instances,
    },
    ModelledAction<ec2::CreateTagsRequest>{
        .buckets = {.requests = &ThrottleConfig::create_tags},
        .refusal_latency = &Ec2Latencies::mutate_other,
        .errors = kCreateTagsErrors,
        .check = check_create_tags,
        .plan = plan_create_tags,
    },
    ModelledAction<ec2::DescribeTagsRequest>{
        .buckets = {.requests = &ThrottleConfig::describe},
        .refusal_latency = &Ec2Latencies::describe_instances,
        .errors = kDescribeTagsErrors,
        .check = check_describe_tags,
        .time = {.latency = &Ec2Latencies::describe_instances, .purpose = "ec2.describe_tags"},
        .act = describe_tags,
    },
    ModelledAction<ec2::DescribeInstanceStatusRequest>{
        .buckets = {.requests = &ThrottleConfig::describe,
                    .requests_for_everything = &ThrottleConfig::describe_all},
        .charge = charge_of,
        .refusal_latency = &Ec2Latencies::describe_instances,
        .errors = kDescribeInstanceStatusErrors,
        .check = check_describe_instance_status,
        .time = {.latency = &Ec2Latencies::describe_instances,
                 .purpose = "ec2.describe_instance_status"},
        .act = describe_instance_status,
        .reply_time = {.per_item = &Ec2Latencies::describe_per_instance,
                       .items = [](const auto& reply) { return reply.statuses.size(); }},
    },
    ModelledAction<ec2::DescribeInstanceTypesRequest>{
        .buckets = {.requests = &ThrottleConfig::describe},
        .refusal_latency = &Ec2Latencies::describe_instances,
        .errors = kDescribeInstanceTypesErrors,
        .check = check_describe_instance_types,
        .time = {.latency = &Ec2Latencies::describe_instances,
                 .purpose = "ec2.describe_instance_types"},
        .act = describe_instance_types,
    },
    ModelledAction<ec2::CreateFleetRequest>{
        .buckets = {.requests = &ThrottleConfig::mutate},
        .refusal_latency = &Ec2Latencies::create_fleet,
        .errors = kCreateFleetErrors,
        .check = check_create_fleet,
        .plan = plan_create_fleet,
    },
};

// One row per action, in order. (That each has one function is for a test: GCC 12 takes no
// function's address for a constant under its sanitizers.)
template <class... Requests>
constexpr bool is_complete(const std::tuple<ModelledAction<Requests>...>&) {
  std::size_t i = 0;
  const bool in_order = ((ec2::index_of(Requests::kAction) == i++) && ...);
  return in_order && i == ec2::kActionCount;
}

static_assert(is_complete(kActionTable));

// The row of a request's action.
template <class Request>
constexpr const ModelledAction<Request>& row_of() {
  return std::get<ModelledAction<Request>>(kActionTable);
}

}  // namespace casim::sim
