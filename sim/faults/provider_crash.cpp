#include "sim/faults/provider_crash.h"

#include "sim/faults/check.h"
#include "sim/faults/targets.h"

namespace casim::sim {

using config::at_least;

void describe(config::Visitor& v, ProviderCrashFault& f) {
  v.required("at", f.at, "instant of the crash", at_least(Duration{}));
  v.field("down_for", f.down_for, "time until it is started again", at_least(Duration{}));
}

void ProviderCrashFault::check(const FaultCheck& check) const { check.begins("at", at); }

void ProviderCrashFault::arm(const FaultTargets& targets) const {
  targets.provider.add(kTimeZero + at, kTimeZero + at + down_for);
}

}  // namespace casim::sim
