#include "sim/workloads/gate_lifter.h"

#include <algorithm>
#include <utility>

namespace casim::sim {

GateLifter::GateLifter(ApiServer& api, const Random& random, std::map<std::string, GateLift> gates)
    : api_(api),
      random_(random),
      gates_(std::move(gates)),
      client_(api.add_client({.name = "gate-lifter", .tries_again = true})) {}

void GateLifter::on_watch(const WatchEvent& event) {
  if (const auto* changed = std::get_if<PodChanged>(&event)) {
    if (changed->pod.gated && !releases_.contains(changed->pod.id.value())) release(changed->pod);
  } else if (const auto* gone = std::get_if<PodRemoved>(&event)) {
    const auto found = releases_.find(gone->last.id.value());
    if (found == releases_.end()) return;
    api_.kernel().cancel(found->second);
    releases_.erase(found);
  }
}

std::optional<TimePoint> GateLifter::released_at(const Pod& pod) const {
  const PodLife& life = api_.cluster().life(pod.id);
  TimePoint last = pod.created;
  for (const std::string& name : pod.spec->scheduling_gates) {
    const auto gate = gates_.find(name);
    if (gate == gates_.end()) return std::nullopt;
    const std::uint64_t key = hash_combine(life.workload.value(), life.index);
    const double luck = random_.uniform("gates.lifted", hash_bytes(name, key), life.incarnation);
    last = std::max({last, gate->second.from, pod.created + gate->second.after.duration(luck)});
  }
  return last;
}

void GateLifter::release(const Pod& pod) {
  const std::optional<TimePoint> at = released_at(pod);
  if (!at) return;
  Kernel& kernel = api_.kernel();
  const PodId id = pod.id;
  releases_[id.value()] = kernel.at(std::max(*at, kernel.now()), Phase::kWorld, [this, id] {
    const Pod* gated = api_.cluster().find_pod(id);
    if (gated == nullptr) return;
    const auto ungate = [this, id]() -> Result<void> {
      api_.ungate(id);
      return {};
    };
    client_.write("gates/" + gated->name, 0, ungate,
                  [this, id](const Result<void>&) { releases_.erase(id.value()); });
  });
}

}  // namespace casim::sim
