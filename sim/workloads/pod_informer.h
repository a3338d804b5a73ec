// The informers that the controllers of kube-controller-manager share: one watch, each pod told to
// the controller of its owner's kind. Pods without an owner, or of a kind that nobody controls, are
// told to none of these. Controllers of nodes hear of everything, before those of workloads.
#pragma once

#include <vector>

#include "sim/apiserver/api_server.h"
#include "sim/cluster/watch.h"
#include "sim/workloads/workload_controller.h"

namespace casim::sim {

class PodInformer final : public Watcher {
 public:
  explicit PodInformer(ApiServer& api) : api_(api) {}

  ~PodInformer() override;
  PodInformer(const PodInformer&) = delete;
  PodInformer& operator=(const PodInformer&) = delete;

  // Requires: before start(), one controller of its kind; it outlives the informer's last event.
  void add(WorkloadController& controller);
  void add(Watcher& other);  // likewise

  // Likewise; of a controller that stops with those of workloads, and hears before them.
  void add_stopping(Watcher& other) { stopping_.push_back(&other); }

  // Lists what there is (inline), says so to the controllers, then watches.
  void start(WatchOptions options);

  void on_watch(const WatchEvent& event) override;

  // The controllers' process is dead: what happens meanwhile they find out at the start of the next
  // one. Controllers of nodes hear of it all the same.
  void hold() { is_held_ = true; }

  void release();

 private:
  void tell_controllers(const WatchEvent& event) const;
  WorkloadController* controller_of(const Pod& pod) const;  // null: nobody's

  ApiServer& api_;
  std::vector<WorkloadController*> controllers_;
  std::vector<Watcher*> others_;
  std::vector<Watcher*> stopping_;
  bool is_held_ = false;
  std::vector<WatchEvent> held_;
};

}  // namespace casim::sim
