#include "sim/scheduler/scheduler.h"

#include <utility>

#include "sim/scheduler/core.h"

namespace casim::sim {

Scheduler::Scheduler(Kernel& kernel, ApiClient& api, SchedulerConfig config)
    : core_(std::make_unique<Core>(kernel, api, std::move(config))) {}

Scheduler::~Scheduler() = default;

void Scheduler::on_watch(const WatchEvent& event) {
  if (const auto* pod = std::get_if<PodChanged>(&event)) {
    core_->on(*pod);
  } else if (const auto* gone_pod = std::get_if<PodRemoved>(&event)) {
    core_->on(*gone_pod);
  } else if (const auto* node = std::get_if<NodeChanged>(&event)) {
    core_->on(*node);
  } else if (const auto* gone_node = std::get_if<NodeRemoved>(&event)) {
    core_->on(*gone_node);
  } else if (const auto* pdb = std::get_if<PdbChanged>(&event)) {
    core_->on(*pdb);
  }
}

const SchedulerStats& Scheduler::stats() const { return core_->stats; }

void Scheduler::observe(std::function<void(const Attempt&)> observer) {
  core_->observer = std::move(observer);
}

}  // namespace casim::sim
