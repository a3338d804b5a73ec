#include "sim/scenario/describe.h"
#include "sim/scenario/int_or_percent_codec.h"

namespace casim::sim {

void describe(config::Visitor& v, DisruptionBudgetConfig& b) {
  v.required("name", b.name, "name of the PodDisruptionBudget", config::not_blank());
  v.field("namespace", b.namespace_name, "of it and its pods", config::not_blank());
  v.field("selector", b.selector, "labels of its pods; absent: none, {}: all of the namespace");
  v.field("minAvailable", b.min_available,
          "pods that must stay healthy, as a count or a share of those that there shall be");
  v.field("maxUnavailable", b.max_unavailable,
          "pods that may be missing, as a count or a share; needs controllers with a scale");
  v.field("unhealthyPodEvictionPolicy", b.unhealthy_pod_eviction,
          "whether pods that run and are not Ready go although too few are healthy");
  v.check("maxUnavailable", !(b.min_available && b.max_unavailable),
          "cannot be set beside minAvailable");
  const auto check_share = [&v](const char* member, const std::optional<IntOrPercent>& value) {
    v.check(member, !value || !value->is_percent || value->value <= 100, "is above 100%");
  };
  check_share("minAvailable", b.min_available);
  check_share("maxUnavailable", b.max_unavailable);
}

void describe(config::Visitor& v, GateConfig& g) {
  v.required("name", g.name, "of the gate, as schedulingGates of pods have it",
             config::not_blank());
  v.field("lifted_after", g.lifted_after, "time from a pod's creation, drawn for each pod");
  v.field("lifted_at", g.lifted_at, "an instant: of all pods, and of later ones at once",
          config::at_least(Duration{}));
  v.check("", g.lifted_after.has_value() != g.lifted_at.has_value(),
          "needs one of lifted_after and lifted_at");
}

}  // namespace casim::sim
