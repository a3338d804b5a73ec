#include "oracle/judge/taint_effect.h"

#include <stdexcept>

namespace casim::oracle {

sim::TaintEffect effect_of(const std::string& name) {
  for (const auto effect : {sim::TaintEffect::kNoSchedule, sim::TaintEffect::kPreferNoSchedule,
                            sim::TaintEffect::kNoExecute}) {
    if (sim::name_of(effect) == name) return effect;
  }
  throw std::runtime_error("unknown taint effect " + name);
}

}  // namespace casim::oracle
