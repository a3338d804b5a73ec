#include "sim/kubelet/pod_runner.h"

#include <algorithm>
#include <utility>

namespace casim::sim {

PodRunner::PodRunner(Kernel& kernel, ApiServer& api, const Random& random, RunFor run_for,
                     PodRunnerConfig config)
    : kernel_(kernel),
      api_(api),
      random_(random),
      run_for_(std::move(run_for)),
      config_(std::move(config)) {
  api_.add_watcher(*this, {config_.watch_delay, Phase::kWorld});
}

PodRunner::~PodRunner() { api_.remove_watcher(*this); }

void PodRunner::on_watch(const WatchEvent& event) {
  if (const auto* changed = std::get_if<PodChanged>(&event)) {
    on_changed(changed->pod);
  } else if (const auto* removed = std::get_if<PodRemoved>(&event)) {
    const auto found = tasks_.find(removed->last.id.value());
    if (found == tasks_.end()) return;
    kernel_.cancel(found->second.next);
    tasks_.erase(found);
  }
}

void PodRunner::on_changed(const Pod& pod) {
  if (!pod.node.is_valid() || is_off(pod.node)) return;
  if (pod.deletion_timestamp) {
    stop(pod);
  } else if (!tasks_.contains(pod.id.value())) {
    begin(pod);
  }
}

void PodRunner::begin(const Pod& pod) {
  const PodId id = pod.id;
  const Duration latency = config_.start.duration(draw("kubelet.pod_start", pod));
  tasks_[id.value()].next = kernel_.after(latency, Phase::kWorld, [this, id] { run(id); });
}

void PodRunner::run(PodId id) {
  api_.set_running(id);
  const std::optional<Duration> run_for = run_for_(id);
  const auto found = tasks_.find(id.value());
  if (found == tasks_.end() || !run_for) return;
  found->second.next = kernel_.after(*run_for, Phase::kWorld, [this, id] { api_.complete(id); });
}

void PodRunner::stop(const Pod& pod) {
  Task& task = tasks_[pod.id.value()];
  if (task.is_stopping) return;
  task.is_stopping = true;
  kernel_.cancel(task.next);
  // Grace periods are whole seconds and the stamp was cut to one, so rounding up restores it.
  const auto left = std::chrono::ceil<std::chrono::seconds>(*pod.deletion_timestamp -
                                                            kernel_.wall(kernel_.now()));
  const Duration grace = std::max(Duration{}, Duration(left));
  const Duration needed = config_.stop.duration(draw("kubelet.pod_stop", pod));
  task.next = kernel_.after(std::min(grace, needed), Phase::kWorld,
                            [this, id = pod.id] { api_.finish_deletion(id); });
}

void PodRunner::stop_node(NodeId node) {
  if (is_off(node)) return;
  if (off_.size() <= node.value()) off_.resize(node.value() + 1);
  off_[node.value()] = true;
  for (const PodId pod : api_.cluster().pods_on(node)) {
    const auto found = tasks_.find(pod.value());
    if (found == tasks_.end()) continue;
    kernel_.cancel(found->second.next);
    tasks_.erase(found);
  }
}

bool PodRunner::is_off(NodeId node) const {
  return node.value() < off_.size() && off_[node.value()];
}

double PodRunner::draw(const char* purpose, const Pod& pod) const {
  const PodLife& life = api_.cluster().life(pod.id);
  return random_.uniform(purpose, hash_bytes(pod.spec->workload),
                         hash_combine(life.index, life.incarnation));
}

}  // namespace casim::sim
