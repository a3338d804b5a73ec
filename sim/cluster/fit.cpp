#include "sim/cluster/fit.h"

#include <algorithm>

namespace casim::sim {
namespace {

const Taint kUnschedulableTaint{"node.kubernetes.io/unschedulable", "", TaintEffect::kNoSchedule};

bool is_any_address(const std::string& ip) { return ip.empty() || ip == "0.0.0.0"; }

bool collide(const HostPort& a, const HostPort& b) {
  if (a.port <= 0 || a.port != b.port || a.protocol != b.protocol) return false;
  return is_any_address(a.host_ip) || is_any_address(b.host_ip) || a.host_ip == b.host_ip;
}

}  // namespace

bool selects(const PodSpec& pod, const Labels& node) {
  for (const auto& [key, value] : pod.node_selector) {
    const auto label = node.find(key);
    if (label == node.end() || label->second != value) return false;
  }
  if (pod.node_affinity.empty()) return true;
  return std::any_of(
      pod.node_affinity.begin(), pod.node_affinity.end(),
      [&](const LabelSelector& term) { return !term.empty() && matches(term, node); });
}

bool tolerates_cordon(const PodSpec& pod) {
  return std::any_of(pod.tolerations.begin(), pod.tolerations.end(),
                     [](const Toleration& one) { return one.tolerates(kUnschedulableTaint); });
}

bool is_named(const PodAffinityTerm& term, const std::string& own, const std::string& name) {
  if (term.namespaces.empty()) return name == own;
  const auto end = std::find(term.namespaces.begin(), term.namespaces.end(), "");
  return std::find(term.namespaces.begin(), end, name) != end;
}

bool share_port(const PodSpec& a, const PodSpec& b) {
  return std::any_of(a.host_ports.begin(), a.host_ports.end(), [&](const HostPort& mine) {
    return std::any_of(b.host_ports.begin(), b.host_ports.end(),
                       [&](const HostPort& other) { return collide(mine, other); });
  });
}

}  // namespace casim::sim
