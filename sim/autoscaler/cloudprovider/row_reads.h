// Equal reads in a row whose answers are at hand, while nothing else happens: a loop makes two of
// them by the thousand, and their time passes in one step. A ProviderRpc that can do so is this,
// too. First how many there may be, then the answers, then the calls; nothing is awaited between.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "sim/autoscaler/cloudprovider/provider_rpc.h"

namespace casim::sim {

class RowReads {
 public:
  virtual ~RowReads() = default;

  // How many calls could be made one after the other before anything else happens; 0: make each
  // call as such.
  virtual std::int64_t most_in_a_row(RpcMethod, RpcContext) = 0;
  // Whether nothing is wrong with the n-th of them, counted from 0, that names this group.
  virtual bool is_undisturbed(RpcMethod, RpcContext, std::string_view group, std::int64_t n) = 0;
  // Null: not at hand.
  virtual const Result<std::optional<RpcNodeGroup>>* known_node_group(const Node&) = 0;
  virtual const Result<std::optional<RpcOptions>>* known_options(const std::string& group,
                                                                 const RpcOptions& defaults) = 0;
  // Counts the calls and lets their time pass.
  virtual void make_in_a_row(RpcMethod, RpcContext, std::int64_t calls) = 0;
};

}  // namespace casim::sim
