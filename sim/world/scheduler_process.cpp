#include "sim/world/scheduler_process.h"

#include "sim/world/part_configs.h"

namespace casim::sim {

SchedulerProcess::SchedulerProcess(const Scenario& scenario, Parts parts)
    : scenario_(scenario.scheduler),
      seed_(scenario.seed),
      parts_(parts),
      election_("kube-scheduler", {},
                {.kernel = parts.kernel,
                 .outages = parts.api.outages(),
                 .random = parts.random,
                 .facts = parts.facts},
                {.on_lost = [this] { end(); }, .on_elected = [this] { start(); }}) {
  parts_.api.outages().when_one_begins(
      [this](const ApiOutages::Outage& outage) { election_.on_outage(outage); });
}

void SchedulerProcess::start() {
  client_ = &parts_.api.add_client(client("scheduler", scenario_.api, Phase::kScheduler));
  running_.emplace(parts_.kernel, *client_,
                   SchedulerConfig{.initial_backoff = scenario_.pod_initial_backoff,
                                   .max_backoff = scenario_.pod_max_backoff,
                                   .attempt_duration = scenario_.attempt_time,
                                   .seed = seed_});
  parts_.api.add_watcher(*running_, {scenario_.watch_delay, Phase::kScheduler});
}

void SchedulerProcess::end() {
  client_->die();
  parts_.api.remove_watcher(*running_);
  running_.reset();
}

}  // namespace casim::sim
