// The two reads that a loop makes for each of its nodes, as many in a row as the provider's port
// answers while nothing else happens: what one after the other would say, at the price of a look at
// a table. Their time passes when the row ends, so nothing is awaited and no clock read in a row.
// Source: externalgrpc.md 3.1 (which calls a quiet loop makes).
#pragma once

#include <cstdint>
#include <optional>
#include <vector>

#include "sim/autoscaler/cloudprovider/cloud_provider.h"

namespace casim::sim {

// NodeGroupForNode, as CloudProvider::group_of.
class GroupsInARow {
 public:
  GroupsInARow(CloudProvider& provider, LoopId by) : provider_(provider), by_(by) {}

  ~GroupsInARow() { end(); }

  GroupsInARow(const GroupsInARow&) = delete;
  GroupsInARow& operator=(const GroupsInARow&) = delete;

  // The kept answer, else the next of the row: null within, the node belongs to no group. Null: the
  // row has ended, group_of has to be awaited for this one. Valid until the next call.
  const NodeGroupPtr* next(const Node& node);
  void end();

 private:
  static constexpr RpcMethod kMethod = RpcMethod::kNodeGroupForNode;

  CloudProvider& provider_;
  LoopId by_;
  bool has_begun_ = false;
  std::int64_t most_ = 0;
  std::int64_t made_ = 0;
  NodeGroupPtr none_;
};

// NodeGroupGetOptions, as NodeGroup::options.
class OptionsInARow {
 public:
  // `defaults` outlives it.
  OptionsInARow(CloudProvider& provider, LoopId by, const NodeGroupOptions& defaults)
      : provider_(provider), by_(by), defaults_(defaults) {}

  ~OptionsInARow() { end(); }

  OptionsInARow(const OptionsInARow&) = delete;
  OptionsInARow& operator=(const OptionsInARow&) = delete;

  // What calls for the group would answer. Null: the row has no room for so many more, and has
  // ended. Valid until end().
  const Result<NodeGroupOptions>* look(const NodeGroup& group, std::int64_t calls);

  // Makes so many of those that there is room for.
  void make(std::int64_t calls) { made_ += calls; }

  void end();

 private:
  static constexpr RpcMethod kMethod = RpcMethod::kGetOptions;

  const Result<NodeGroupOptions>* answer_for(const NodeGroup& group);

  CloudProvider& provider_;
  LoopId by_;
  const NodeGroupOptions& defaults_;
  bool has_begun_ = false;
  std::int64_t most_ = 0;
  std::int64_t made_ = 0;
  std::vector<std::optional<Result<NodeGroupOptions>>> answers_;  // by number of the group
};

}  // namespace casim::sim
