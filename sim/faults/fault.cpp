#include "sim/faults/fault.h"

#include "src/config/config.h"

namespace casim::sim {

// The names by which a user chooses among the kinds: their own.
template <class... Kinds>
  requires requires { (Kinds::kKind, ...); }
config::Alternatives alternatives(const std::variant<Kinds...>*) {
  return {"kind", {Kinds::kKind...}};
}

void Fault::check(const FaultCheck& check) const {
  std::visit([&check](const auto& fault) { fault.check(check); }, body);
}

void Fault::arm(const FaultTargets& targets) const {
  std::visit([&targets](const auto& fault) { fault.arm(targets); }, body);
}

void describe(config::Visitor& v, Fault& f) { v.choice("kind", f.body, "what goes wrong"); }

}  // namespace casim::sim
