#include "sim/load/load_player.h"

#include <utility>

namespace casim::sim {

LoadPlayer::LoadPlayer(Kernel& kernel, ApiServer& api, WorkloadTable& workloads,
                       LoadControllers controllers, LoadCompletion& completion)
    : workloads_(workloads),
      // Whoever creates bare pods is many: no limit of one client holds them up.
      bare_pods_(
          api, {.name = "load", .qps = 0, .burst = 0, .phase = Phase::kWorld, .tries_again = true},
          completion),
      arrivals_(kernel, workloads,
                {.replica_sets = controllers.replica_sets,
                 .jobs = controllers.jobs,
                 .bare_pods = bare_pods_,
                 .qps = controllers.qps,
                 .burst = controllers.burst},
                completion),
      scaled_sets_(kernel, workloads, controllers.replica_sets, completion) {}

void LoadPlayer::add(ScaledSpec spec) {
  std::vector<ScalingStep> steps = spec.steps;
  scaled_sets_.add(workloads_.add(std::move(spec)), std::move(steps));
}

void LoadPlayer::start() {
  arrivals_.start();
  scaled_sets_.start();
}

}  // namespace casim::sim
