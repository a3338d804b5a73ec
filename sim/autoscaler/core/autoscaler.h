// The cluster-autoscaler: one RunOnce after the other, its background refresher and its deletions.
// Wires the units of this folder together; each is a class of its own with plain inputs and
// outputs. Source: autoscaler-algorithm.md sections 1 to 4.
//
// Life: construct, start(), drive run_loop() (LoopDriver), cancel(), poll the executor until
// is_idle(), destroy. A restart is a new object: nothing survives but what the provider knows.
#pragma once

#include <memory>
#include <optional>

#include "sim/autoscaler/cloudprovider/cloud_provider.h"
#include "sim/autoscaler/cluster/cluster_view.h"
#include "sim/autoscaler/cluster/cluster_writer.h"
#include "sim/autoscaler/core/loop_driver.h"
#include "sim/autoscaler/observers/loop_observer.h"
#include "sim/autoscaler/options/options.h"
#include "sim/autoscaler/order/order_policy.h"
#include "sim/autoscaler/simulator/compute_time.h"
#include "src/core/asio.h"
#include "src/core/clock.h"
#include "src/core/random.h"

namespace casim::sim {

// What the autoscaler works on. All outlive it.
struct AutoscalerPorts {
  CloudProvider& provider;
  const ClusterView& view;
  ClusterWriter& writer;
  Clock& clock;
  const ComputeTime& compute_time;
  const OrderPolicy& order;
  LoopObserver& observer;
  asio::any_io_executor executor;
  // Compares what is kept from loop to loop with what is computed anew (StaleValue).
  bool checks = false;
};

// How one RunOnce ended.
struct RunResult {
  LoopId loop;
  std::optional<AutoscalerErrorType> error;

  bool ok() const { return !error; }
};

// Upstream's StaticAutoscaler.
class Autoscaler : public LoopBody {
 public:
  // `loops_before`: those of earlier processes, so that no number is given twice.
  Autoscaler(AutoscalerOptions options, AutoscalerPorts ports, std::uint32_t loops_before = 0);
  ~Autoscaler() override;

  // Starts the refresher of the instance cache. Call once, before the first loop.
  void start();

  // One loop. One at a time.
  Awaitable<RunResult> run_once();
  // The same for a driver that does not ask how it ended.
  Awaitable<void> run_loop() override;

  // As it runs with; a change holds from the next loop on.
  AutoscalerOptions& options();

  // Starts of the last loops that did so without error; an hour before the start of the process if
  // there was none.
  TimePoint last_scale_up_time() const override;
  TimePoint last_scale_down_delete_time() const override;

  // The loop that runs or ran last; none before the first.
  LoopId loop() const;
  // As the options have it now.
  LoopTiming timing() const;

  // Ends refresher and deletions at their next await.
  void cancel();
  // Nothing of it runs in the background any more.
  bool is_idle() const;

 private:
  struct State;
  std::unique_ptr<State> state_;
};

}  // namespace casim::sim
