#include "sim/faults/autoscaler_crash.h"

#include "sim/faults/targets.h"
#include "src/config/config.h"

namespace casim::sim {

void describe(config::Visitor& v, AutoscalerCrashFault& f) {
  v.field("at", f.at, "instant of the crash", config::at_least(Duration{}));
  v.field("down_for", f.down_for,
          "time until the next process starts; absent: with --leader-elect a standby takes over "
          "when the lease has run out (13 to 24 s by the flags' defaults), without it the process "
          "is restarted after autoscaler.liveness.restart_time",
          config::above(Duration{}));
}

void AutoscalerCrashFault::check(const FaultCheck& /*check*/) const {}

void AutoscalerCrashFault::arm(const FaultTargets& targets, const Spell& spell) const {
  std::optional<Duration> length;
  if (spell.to > spell.from) length = spell.to - spell.from;
  targets.kernel.at(spell.from, Phase::kWorld,
                    [&process = targets.autoscaler, length] { process.crash(length); });
}

}  // namespace casim::sim
