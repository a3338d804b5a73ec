// How word of a Spot interruption gets from EC2 to the node: by the metadata of its instance, which
// only somebody on the node reads.
#pragma once

#include <optional>

#include "sim/controllers/node_termination_handler.h"
#include "sim/ec2/instance_listener.h"
#include "sim/kubelet/node_life.h"

namespace casim::sim {

// A machine without a node yet has nobody there who would hear of it.
class SpotNotices final : public InstanceListener {
 public:
  struct Parts {  // all outlive it
    Kernel& kernel;
    ApiServer& api;
    const Random& random;
    const NodeLife& nodes;
  };

  SpotNotices(const std::optional<NodeTerminationHandlerConfig>& config, const Parts& parts)
      : kernel_(parts.kernel), nodes_(parts.nodes) {
    if (config) handler_.emplace(parts.kernel, parts.api, parts.random, *config);
  }

  void on_running(const ec2::Instance& /*instance*/) override {}

  void on_terminating(const ec2::Instance& /*instance*/) override {}

  void on_terminated(const ec2::Instance& /*instance*/) override {}

  void on_interruption(const ec2::Instance& instance, Duration notice) override {
    // It is a pod on that node itself.
    if (!handler_ || !nodes_.can_act(instance.id)) return;
    handler_->on_notice(nodes_.node_of(instance.id), kernel_.now() + notice);
  }

 private:
  Kernel& kernel_;
  const NodeLife& nodes_;
  std::optional<NodeTerminationHandler> handler_;  // none: nobody reads them
};

}  // namespace casim::sim
