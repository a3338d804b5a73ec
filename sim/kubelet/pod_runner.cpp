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
  if (config_.image_pulls) puller_.emplace(random_, *config_.image_pulls);
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
  if (!pod.node.is_valid() || link_of(pod.node) != Link::kUp) return;
  if (pod.deletion_timestamp) {
    stop(pod);
  } else if (!tasks_.contains(pod.id.value())) {
    begin(pod);
  }
}

void PodRunner::begin(const Pod& pod) {
  const PodId id = pod.id;
  const Duration latency = pull(pod) + config_.start.duration(draw("kubelet.pod_start", pod));
  tasks_[id.value()].next = kernel_.after(latency, Phase::kWorld, [this, id] { run(id); });
}

// Until its images are on the node.
Duration PodRunner::pull(const Pod& pod) {
  const TimePoint now = kernel_.now();
  const NodePtr& node = api_.cluster().node(pod.node);
  if (!puller_ || !node) return {};
  TimePoint ready = now;
  for (const ContainerImage& image : pod.spec->images) {
    ready = std::max(ready, puller_->ready_at(*node, image, now));
  }
  return ready - now;
}

void PodRunner::run(PodId id) {
  const Pod* pod = api_.cluster().find_pod(id);
  if (pod == nullptr) return;
  if (link_of(pod->node) == Link::kUp) {
    api_.set_running(id);
  } else {
    tasks_.at(id.value()).untold.is_running = true;
  }
  const std::optional<Duration> run_for = run_for_(id);
  const auto found = tasks_.find(id.value());
  if (found == tasks_.end() || !run_for) return;
  found->second.next = kernel_.after(*run_for, Phase::kWorld, [this, id] { finish(id); });
}

// Its containers have ended, by themselves or because they had to.
void PodRunner::finish(PodId id) {
  const Pod* pod = api_.cluster().find_pod(id);
  const auto task = tasks_.find(id.value());
  if (pod == nullptr || task == tasks_.end()) return;
  if (link_of(pod->node) != Link::kUp) {
    task->second.untold.has_ended = true;
  } else if (task->second.is_stopping) {
    api_.finish_deletion(id);
  } else {
    api_.complete(id, !config_.fails || !config_.fails(id));
  }
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
  task.next =
      kernel_.after(std::min(grace, needed), Phase::kWorld, [this, id = pod.id] { finish(id); });
}

void PodRunner::stop_node(NodeId node) {
  api_.forget_reports(node);
  if (link_of(node) == Link::kOff) return;
  set_link(node, Link::kOff);
  if (puller_) puller_->stop_node(node, kernel_.now());
  for (const PodId pod : api_.cluster().pods_on(node)) {
    const auto found = tasks_.find(pod.value());
    if (found == tasks_.end()) continue;
    kernel_.cancel(found->second.next);
    tasks_.erase(found);
  }
}

void PodRunner::start_node(NodeId node) {
  if (link_of(node) != Link::kOff) return;
  set_link(node, Link::kUp);
  const std::vector<PodId> pods = api_.cluster().pods_on(node);
  for (const PodId pod : pods) on_changed(api_.cluster().pod(pod));
}

void PodRunner::cut_off(NodeId node) {
  if (link_of(node) == Link::kUp) set_link(node, Link::kCut);
}

void PodRunner::reconnect(NodeId node) {
  if (link_of(node) != Link::kCut) return;
  set_link(node, Link::kUp);
  const std::vector<PodId> pods = api_.cluster().pods_on(node);
  for (const PodId pod : pods) {
    if (tasks_.contains(pod.value())) tell(pod);
    if (const Pod* left = api_.cluster().find_pod(pod)) on_changed(*left);
  }
}

void PodRunner::tell(PodId id) {
  const Untold untold = tasks_.at(id.value()).untold;
  if (untold.is_running) api_.set_running(id);
  if (untold.has_ended) finish(id);  // and its task is gone
}

PodRunner::Link PodRunner::link_of(NodeId node) const {
  return node.value() < links_.size() ? links_[node.value()] : Link::kUp;
}

void PodRunner::set_link(NodeId node, Link link) {
  if (links_.size() <= node.value()) links_.resize(node.value() + 1, Link::kUp);
  links_[node.value()] = link;
}

double PodRunner::draw(const char* purpose, const Pod& pod) const {
  const PodLife& life = api_.cluster().life(pod.id);
  return random_.uniform(purpose, hash_bytes(pod.spec->workload),
                         hash_combine(life.index, life.incarnation));
}

}  // namespace casim::sim
