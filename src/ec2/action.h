// The actions of the EC2 API that this project speaks: for each its request, its reply and a row of
// the table. A new action is an enumerator, its two types, its place in AnyRequest and its row, all
// in the same order. Names are AWS's own. Source: ec2.md 1.2, 1.4.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <variant>
#include <vector>

#include "src/ec2/types.h"

namespace casim::ec2 {

// In the order of AnyRequest.
enum class Action : std::uint8_t { kRunInstances, kDescribeInstances, kTerminateInstances };

struct RunInstancesReply {
  std::vector<Instance> instances;  // MinCount to MaxCount of them
};

// Launches MinCount to MaxCount instances, all in one zone.
struct RunInstancesRequest {
  static constexpr Action kAction = Action::kRunInstances;
  using Reply = RunInstancesReply;

  int min_count = 1;
  int max_count = 1;
  std::string instance_type;
  std::string zone;  // Placement.AvailabilityZone; one call launches in one zone
  std::string image_id;
  Lifecycle lifecycle = Lifecycle::kOnDemand;
  std::string client_token;  // a replay with equal parameters answers with the same instances
  std::vector<Tag> tags;
};

// Any of the values. Filters of one request must all hold.
struct Filter {
  std::string name;  // "tag:<key>", "instance-state-name", "client-token", ...
  std::vector<std::string> values;
};

struct DescribeInstancesReply {
  std::vector<Instance> instances;
  std::string next_token;  // empty on the last page
};

// All instances, or those that match; terminated ones for an hour.
struct DescribeInstancesRequest {
  static constexpr Action kAction = Action::kDescribeInstances;
  using Reply = DescribeInstancesReply;

  std::vector<std::string> instance_ids;  // not together with max_results
  std::vector<Filter> filters;
  int max_results = 0;  // 0: unpaged
  std::string next_token;
};

struct TerminateInstancesReply {
  std::vector<StateChange> changes;  // one per instance, in the order of the ids
};

// Idempotent: a repeat succeeds.
struct TerminateInstancesRequest {
  static constexpr Action kAction = Action::kTerminateInstances;
  using Reply = TerminateInstancesReply;

  std::vector<std::string> instance_ids;  // at most 1000; one bad id fails them all
};

// Every request; the index of one is its action.
using AnyRequest =
    std::variant<RunInstancesRequest, DescribeInstancesRequest, TerminateInstancesRequest>;

// A row of the table.
struct ActionInfo {
  Action action;
  std::string_view name;  // "RunInstances", as on the wire
  bool mutates;           // changes something, so that a replay of it needs care
};

inline constexpr ActionInfo kActions[] = {
    {Action::kRunInstances, "RunInstances", true},
    {Action::kDescribeInstances, "DescribeInstances", false},
    {Action::kTerminateInstances, "TerminateInstances", true},
};

inline constexpr std::size_t kActionCount = std::variant_size_v<AnyRequest>;

constexpr std::size_t index_of(Action action) { return static_cast<std::size_t>(action); }

constexpr const ActionInfo& info_of(Action action) { return kActions[index_of(action)]; }

constexpr std::string_view name_of(Action action) { return info_of(action).name; }

std::optional<Action> action_named(std::string_view name);  // none: not one of ours

// All of them with their names: how a configuration spells them.
std::vector<std::pair<Action, std::string_view>> enum_names(Action);

inline Action action_of(const AnyRequest& request) { return static_cast<Action>(request.index()); }

namespace detail {

template <class Any>
struct Actions;

template <class... Requests>
struct Actions<std::variant<Requests...>> {
  using Replies = std::variant<typename Requests::Reply...>;

  static constexpr bool are_in_order() {
    std::size_t i = 0;
    const bool requests = ((index_of(Requests::kAction) == i++) && ...);
    std::size_t rows = 0;
    for (const ActionInfo& row : kActions) {
      if (index_of(row.action) != rows++) return false;
    }
    return requests && rows == sizeof...(Requests);
  }
};

}  // namespace detail

static_assert(detail::Actions<AnyRequest>::are_in_order());

// Every reply; the index of one is its action.
using AnyReply = detail::Actions<AnyRequest>::Replies;

// A reply as a call answers it.
template <class Request>
AnyReply to_any(typename Request::Reply reply) {
  return AnyReply(std::in_place_index<index_of(Request::kAction)>, std::move(reply));
}

// Requires: the reply is one to such a request.
template <class Request>
typename Request::Reply reply_from(AnyReply any) {
  return std::get<index_of(Request::kAction)>(std::move(any));
}

}  // namespace casim::ec2
