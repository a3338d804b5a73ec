// The provider's vocabulary: node groups, slots, machines. A slot is one unit of a group's target:
// it is created by IncreaseSize, carries the client token of its launch, gets a machine, and goes
// when the machine is deleted. Source: design section 4, externalgrpc.md section 5.
#pragma once

#include <algorithm>
#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "src/core/id.h"
#include "src/core/money.h"
#include "src/core/quantity.h"
#include "src/core/time.h"
#include "src/ec2/types.h"
#include "src/provider/batch_window.h"

namespace casim::provider {

// A taint of Kubernetes' core/v1 on the nodes of a group.
struct Taint {
  std::string key;
  std::string value;
  std::string effect;  // NoSchedule, PreferNoSchedule, NoExecute

  bool operator==(const Taint&) const = default;
};

// What a node of the group will look like: the answer of NodeGroupTemplateNodeInfo.
struct NodeTemplate {
  std::map<std::string, std::string> labels;
  std::vector<Taint> taints;
  Resources capacity;
  Resources allocatable;
};

// Overrides that NodeGroupGetOptions answers; a group without them answers UNIMPLEMENTED. A sent
// answer replaces all of the autoscaler's defaults, so every field has a value.
struct GroupOptions {
  double scale_down_utilization_threshold = 0.5;
  double scale_down_gpu_utilization_threshold = 0.5;
  Duration scale_down_unneeded_time = std::chrono::minutes(10);
  Duration scale_down_unready_time = std::chrono::minutes(20);
  Duration max_node_provision_time = std::chrono::minutes(15);
  bool zero_or_max_node_scaling = false;
  bool ignore_daemonsets_utilization = false;
};

// A node group as it is configured: what the autoscaler may grow and shrink, and of what.
struct GroupConfig {
  std::string id;
  int min_size = 0;  // for the autoscaler, which keeps it; not enforced here
  int max_size = 0;  // of the target: an IncreaseSize beyond it is refused
  // Types in order of preference; alike by validate_types(). Zones likewise.
  std::vector<std::string> instance_types;
  std::vector<std::string> zones;
  ec2::Lifecycle lifecycle = ec2::Lifecycle::kOnDemand;
  NodeTemplate node_template;
  std::optional<Price> price;  // of the first type as bought, for PricingNodePrice; none: not known
  std::optional<GroupOptions> options;
};

// When the reconciler looks at EC2.
struct ReconcileTiming {
  Duration period = std::chrono::seconds(30);
  // While nothing changes and every machine has joined, the period doubles up to this; not above
  // `period`: it stays.
  Duration max_period{};
  // Each wait is longer or shorter by up to this share, so that providers do not ask together.
  double jitter = 0;

  // Between two looks; those of a calm time come with a period's wake.
  Duration longest() const {
    const Duration pause = max_period > period ? max_period + period : period;
    return from_seconds(to_seconds(pause) * (1 + jitter));
  }
};

// All that a provider is told at its start.
struct Config {
  // Of whom the machines are: part of client tokens and of the tag by which they are listed, so
  // that two clusters in one account cannot take each other's machines for orphans. No default: two
  // clusters that were not named would share it.
  std::string cluster;
  std::vector<GroupConfig> groups;
  Duration join_timeout = std::chrono::minutes(10);  // from EC2's acceptance; below CA's 15 min
  ReconcileTiming reconcile;
  // DecreaseTargetSize beyond what is unfulfilled: clamp and answer OK, or refuse.
  bool clamp_decrease = true;
  // Slots of one order that one launch call asks for, at most. AWS advises 100 (ec2.md 1.4).
  int launch_batch = 100;
  // Within which slots of several orders for one group share calls. At once: an autoscaler's order
  // is complete, and gathering costs a second commit.
  BatchWindow launch_window;
  // Within which machines are gathered that are to be terminated (ec2.md 3, KPA).
  BatchWindow terminate_window{std::chrono::milliseconds(100), std::chrono::seconds(1)};
  std::string gpu_label = "casim.dev/accelerator";
};

// Where a slot is on its way from an order to a deleted machine.
enum class SlotState : std::uint8_t {
  kRequested,  // committed, no machine yet
  kCreating,   // EC2 accepted a machine, it has not joined
  kRunning,    // joined
  kFailed,     // listed with errorInfo until the autoscaler deletes it
  kDeleting,   // not in the target
  kCancelled,  // not in the target, not listed; a late machine is terminated
};

// Why a slot has no machine, or not the one that it should have: the errorInfo of
// externalgrpc.md 2.6.
struct SlotFailure {
  static constexpr int kOutOfResources = 1;
  static constexpr int kOther = 99;
  std::string code;  // "InsufficientInstanceCapacity", "NeverJoined"
  std::string message;
  int error_class = kOther;  // one of the two above, which the autoscaler backs off by

  bool operator==(const SlotFailure&) const = default;
};

// One unit of a group's target, as the store keeps it.
struct Slot {
  SlotId id;
  std::string group;
  SlotState state = SlotState::kRequested;
  std::string token;        // of its launch (launch_token.h); unique for ever
  std::string instance_id;  // empty until EC2 accepted
  std::string provider_id;  // "aws:///<zone>/<instance id>", or that of the placeholder
  std::string node_name;    // of the node that joined
  // On the timeline of the run that wrote them. A restarted process begins a new one, so these are
  // for observers; nothing is decided by them across a restart.
  TimePoint created{};
  TimePoint accepted{};
  std::optional<SlotFailure> failure;  // with kFailed only

  bool operator==(const Slot&) const = default;
};

// A node as the autoscaler names it in a request.
struct NodeRef {
  std::string provider_id;
  std::string name;
  std::map<std::string, std::string> labels;
  std::map<std::string, std::string> annotations;
};

// The numbers of the wire.
enum class InstanceState { kUnspecified = 0, kRunning = 1, kCreating = 2, kDeleting = 3 };

// One row of NodeGroupNodes.
struct Instance {
  std::string id;  // provider id
  InstanceState state = InstanceState::kUnspecified;
  std::optional<SlotFailure> failure;
};

}  // namespace casim::provider
