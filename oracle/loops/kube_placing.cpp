#include "oracle/loops/kube_placing.h"

#include <cassert>
#include <cmath>

namespace casim::oracle {

using sim::Phase;

namespace {

sim::ApiClientConfig client(double qps) {
  return {"scheduler", qps, static_cast<int>(std::ceil(2 * qps)), Phase::kScheduler};
}

}  // namespace

KubePlacing::KubePlacing(sim::Kernel& kernel, LittleWorld& world, double qps)
    : api_(kernel, cluster_, no_facts_, Random(1), {}),
      scheduler_(kernel, api_.add_client(client(qps)), {}),
      answers_(world) {
  api_.add_watcher(scheduler_, {Duration{}, Phase::kScheduler});
  api_.add_watcher(answers_, {Duration{}, Phase::kScheduler});
}

void KubePlacing::on_watch(const sim::WatchEvent& event) {
  if (const auto* pod = std::get_if<sim::PodChanged>(&event)) {
    copy(pod->pod);
  } else if (const auto* gone_pod = std::get_if<sim::PodRemoved>(&event)) {
    api_.complete(gone_pod->last.id);
  } else if (const auto* node = std::get_if<sim::NodeChanged>(&event)) {
    copy(*node->node);
  } else if (const auto* gone_node = std::get_if<sim::NodeRemoved>(&event)) {
    api_.delete_node(cluster_.find_node(gone_node->last->name));
  }
}

// A pod is new, or known and then changed by the scheduler itself.
void KubePlacing::copy(const sim::Pod& pod) {
  if (cluster_.find_pod(pod.id) != nullptr) return;
  sim::NewPod fresh;
  fresh.spec = pod.spec;
  fresh.name = pod.name;
  const sim::PodId id = api_.create_pod(std::move(fresh));
  assert(id == pod.id);  // both number pods in order of creation
  if (pod.node_name.empty()) return;
  [[maybe_unused]] const auto bound = api_.bind(id, cluster_.find_node(pod.node_name));
  assert(bound);
}

void KubePlacing::copy(const sim::Node& node) {
  const sim::NodeId known = cluster_.find_node(node.name);
  if (known.is_valid()) {
    api_.edit_node(known, [&](sim::Node& copied) { copied = node; });
  } else {
    api_.create_node({node, "", ""});
  }
}

void KubePlacing::Answers::on_watch(const sim::WatchEvent& event) {
  const auto* changed = std::get_if<sim::PodChanged>(&event);
  if (changed == nullptr) return;
  const sim::Pod& pod = changed->pod;
  if (!pod.node_name.empty()) {
    world_.bind_pod(pod.id, pod.node_name);
  } else if (pod.unschedulable) {
    world_.mark_unschedulable(pod.id, pod.unschedulable_since);
  }
}

}  // namespace casim::oracle
