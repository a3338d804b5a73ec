#include "sim/faults/api_outage.h"

#include "sim/faults/targets.h"
#include "src/config/config.h"

namespace casim::sim {

void describe(config::Visitor& v, ApiOutageFault& f) {
  describe_times(v, f.times, "how long Kubernetes' API server is down or slow");
  v.field("delay", f.delay,
          "each request takes so much longer: from 5s on leaders lose their leases, from 10s on "
          "kubelets' too; absent: requests fail",
          config::above(Duration{}));
}

void ApiOutageFault::check(const FaultCheck& /*check*/) const {}

void ApiOutageFault::arm(const FaultTargets& targets, const Spell& spell) const {
  const ApiOutages::Outage outage{
      .from = spell.from, .to = spell.to, .delay = delay.value_or(Duration{})};
  targets.kernel.at(spell.from, Phase::kWorld,
                    [&outages = targets.api.outages(), outage] { outages.begin(outage); });
}

}  // namespace casim::sim
