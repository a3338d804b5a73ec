// When the load is done: all pods that can fit have arrived, and every started completion of a Job
// has succeeded and every ReplicaSet has all its replicas Ready. Pods that no node can ever hold
// are not waited for. A pod that is lost later makes the load undone again.
#pragma once

#include <cstdint>
#include <functional>

#include "sim/load/workload_table.h"
#include "sim/workloads/workload_controller.h"

namespace casim::sim {

class LoadCompletion final : public WorkloadObserver {
 public:
  // Told each time that the load becomes done (true) or undone.
  using Changed = std::function<void(bool is_done)>;

  // The table outlives this.
  explicit LoadCompletion(const WorkloadTable& workloads) : workloads_(workloads) {}

  void when_changed(Changed callback) { changed_ = std::move(callback); }

  // So many pods that can fit will arrive; one of them has, and its controller knows it.
  void expect(std::uint64_t pods) { expected_ += pods; }

  void note_arrival();

  // All is known that will arrive: from now on it tells. A load without pods is done at once.
  void start();

  void on_status(const WorkloadStatus& before, const WorkloadStatus& now) override;

  bool is_done() const { return is_done_; }

 private:
  void settle();

  const WorkloadTable& workloads_;
  Changed changed_;
  std::uint64_t expected_ = 0;  // yet to arrive
  std::uint64_t open_ = 0;      // arrived, and not served by their owners
  bool is_started_ = false;
  bool is_done_ = false;
};

}  // namespace casim::sim
