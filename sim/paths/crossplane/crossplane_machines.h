// The provider's machines on the path by Crossplane: a launch writes an xMachine and waits until
// its status names an instance, a removal deletes it. Errors of EC2 stay where they are, unless the
// provider is told to read them.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "src/provider/ports.h"

namespace casim::sim {

class CrossplanePath;

class CrossplaneMachines final : public provider::Machines {
 public:
  // The path outlives it.
  explicit CrossplaneMachines(CrossplanePath& path) : path_(path) {}

  Awaitable<void> launch(const provider::GroupConfig& group,
                         std::vector<provider::LaunchItem> items,
                         provider::LaunchSink& sink) override;
  Awaitable<Result<std::vector<provider::Machine>>> list() override;
  Awaitable<Result<void>> remove(std::vector<std::string> instance_ids) override;

 private:
  Awaitable<void> launch_one(const provider::GroupConfig& group, provider::LaunchItem item,
                             provider::LaunchSink& sink);
  Awaitable<std::uint32_t> order(const provider::GroupConfig& group,
                                 const provider::LaunchItem& item);

  CrossplanePath& path_;
};

}  // namespace casim::sim
