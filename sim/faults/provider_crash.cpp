#include "sim/faults/provider_crash.h"

#include "sim/faults/targets.h"
#include "src/config/config.h"

namespace casim::sim {

using config::at_least;

void describe(config::Visitor& v, ProviderCrashFault& f) {
  v.field("at", f.at, "instant of the crash", at_least(Duration{}));
  v.field("down_for", f.down_for, "time until it is started again", at_least(Duration{}));
}

void ProviderCrashFault::check(const FaultCheck& /*check*/) const {}

void ProviderCrashFault::arm(const FaultTargets& targets, const Spell& spell) const {
  targets.provider.add(spell.from, spell.to);
}

}  // namespace casim::sim
