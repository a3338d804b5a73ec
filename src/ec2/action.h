// The table of the actions of the EC2 API that this project speaks. A new action is an enumerator
// and its two types (requests.h), its place in AnyRequest and its row, all in the same order.
// Source: ec2.md 1.2, 1.4.
#pragma once

#include <cstddef>
#include <optional>
#include <string_view>
#include <utility>
#include <variant>
#include <vector>

#include "src/ec2/requests.h"

namespace casim::ec2 {

// Every request; the index of one is its action.
using AnyRequest =
    std::variant<RunInstancesRequest, DescribeInstancesRequest, TerminateInstancesRequest,
                 StopInstancesRequest, StartInstancesRequest, CreateTagsRequest,
                 DescribeTagsRequest, DescribeInstanceStatusRequest, DescribeInstanceTypesRequest,
                 CreateFleetRequest>;

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
    {Action::kStopInstances, "StopInstances", true},
    {Action::kStartInstances, "StartInstances", true},
    {Action::kCreateTags, "CreateTags", true},
    {Action::kDescribeTags, "DescribeTags", false},
    {Action::kDescribeInstanceStatus, "DescribeInstanceStatus", false},
    {Action::kDescribeInstanceTypes, "DescribeInstanceTypes", false},
    {Action::kCreateFleet, "CreateFleet", true},
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
