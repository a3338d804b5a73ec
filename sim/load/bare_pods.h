// Pods without a controller, as users and workflow engines create them: whoever makes them has an
// API client of its own, and nobody replaces one that is lost.
#pragma once

#include <boost/unordered/unordered_flat_map.hpp>

#include "sim/apiserver/api_server.h"
#include "sim/cluster/watch.h"
#include "sim/workloads/workload_controller.h"

namespace casim::sim {

class BarePods final : public Watcher {
 public:
  // All outlive it. The client of that configuration becomes its own.
  BarePods(ApiServer& api, ApiClientConfig client, WorkloadObserver& observer)
      : client_(api.add_client(std::move(client))), observer_(observer) {}

  // The first pod of the blueprint. One that stays is served once it runs, another one when it has
  // ended.
  void create(const PodBlueprint& pods, bool stays);

  // Pods that stay, and run.
  std::uint64_t running() const { return running_; }

  void on_watch(const WatchEvent& event) override;

 private:
  struct Live {
    WorkloadId workload;
    std::uint64_t index = 0;
    bool stays = false;
    bool is_running = false;
    bool is_served = false;
  };

  void on_changed(const Pod& pod);
  void on_gone(PodId pod);
  void serve(Live& pod);

  ApiClient& client_;
  WorkloadObserver& observer_;
  boost::unordered_flat_map<PodId::rep, Live> live_;  // looked up, never walked
  std::uint64_t running_ = 0;
};

}  // namespace casim::sim
