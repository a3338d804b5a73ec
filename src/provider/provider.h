// The provider: what a cluster-autoscaler talks to, without the wire. The same object serves a
// real autoscaler and the simulation. Rules: design section 4, externalgrpc.md section 5.
//   - A mutation is durable before it is acknowledged; launches go on in the background.
//   - target = running + creating + failed-not-yet-deleted, after each commit.
//   - Reads are lookups; the two that may have an effect (a join, a Refresh) are awaitable.
// One executor, one thread at a time. A crash is: cancel(), poll the executor, destroy.
#pragma once

#include <cstddef>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "src/core/asio.h"
#include "src/core/clock.h"
#include "src/core/id.h"
#include "src/core/random.h"
#include "src/core/result.h"
#include "src/ec2/catalogue.h"
#include "src/provider/ports.h"
#include "src/provider/types.h"

namespace casim::provider {

// What a provider stands on. All outlive it.
struct Ports {
  Clock& clock;
  Store& store;
  Machines& machines;
  Observer& observer;
  const Random& random;  // jitter of the reconciler
  asio::any_io_executor executor;
};

class Provider {
 public:
  // Requires: a valid config (validate()). Ports outlive the provider.
  Provider(Config config, Ports ports);
  ~Provider();

  // Loads the store and starts background work: replayed launches, the reconciler.
  Result<void> start();
  // Cancels everything in flight: callers are answered UNAVAILABLE and touch this no more. Destroy
  // after the executor was polled.
  void cancel();
  // Nothing is under way any more: after cancel(), it may be destroyed.
  bool is_unwound() const;

  // Generations for readers that keep answers: of one group (slots, states), and of all that does
  // not change without a restart. Unknown group: 0.
  std::uint64_t generation(const std::string& group) const;
  std::uint64_t generation_of_all() const;  // changes whenever any group's does
  // Of what a node's provider id stands for.
  std::uint64_t generation_of_node(const std::string& provider_id) const;
  std::uint64_t epoch() const;  // starts on this store, this one included; 0 before start()

  // Reads.
  std::span<const GroupConfig> groups() const;
  Result<int> target_size(const std::string& group) const;
  Result<std::vector<Instance>> nodes(const std::string& group) const;
  Result<NodeTemplate> template_node(const std::string& group) const;  // UNIMPLEMENTED: none
  Result<GroupOptions> options(const std::string& group) const;        // UNIMPLEMENTED: none
  const std::string& gpu_label() const;
  std::vector<std::string> gpu_types() const;
  Result<double> node_price(const NodeRef& node, WallTime start, WallTime end) const;
  Result<double> pod_price(const Resources& requests, WallTime start, WallTime end) const;
  // nullptr: no group of ours.
  const GroupConfig* find_group(const NodeRef& node) const;
  // True if this lookup would be a machine's first join: a real node (no fake, no upcoming one)
  // whose provider id is that of a machine that has not joined.
  bool is_first_join(const NodeRef& node) const;

  // Effects. The CallId goes to the observer. NodeGroupForNode: records a first join durably.
  Awaitable<Result<const GroupConfig*>> group_for_node(NodeRef node, CallId call);
  Awaitable<Result<void>> refresh(CallId call);
  Awaitable<Result<void>> increase_size(std::string group, int delta, CallId call);
  Awaitable<Result<void>> decrease_target_size(std::string group, int delta, CallId call);
  Awaitable<Result<void>> delete_nodes(std::string group, std::vector<NodeRef> nodes, CallId call);

  // For checks: all slots, by id, and what does not hold of them; none if all does.
  std::vector<Slot> slots() const;
  std::optional<std::string> broken_invariant() const;

 private:
  struct State;
  std::unique_ptr<State> state_;
};

// Every rule a configuration breaks, as sentences. Empty: valid.
std::vector<std::string> validate(const Config& config);

// What is wrong with one of a group's types.
struct TypeProblem {
  std::size_t type = 0;  // index in the list
  std::string message;   // a sentence without the group
};

// Of the types of one group: all known, and equal in vCPU, memory, architecture, number and model
// of GPUs. The autoscaler plans with one template a group and takes each node of it for a copy
// (externalgrpc.md 5), so a pod that fits one type must fit and select all of them.
std::vector<TypeProblem> validate_types(const std::vector<std::string>& types,
                                        const ec2::Catalogue& catalogue);

}  // namespace casim::provider
