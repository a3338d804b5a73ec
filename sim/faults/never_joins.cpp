#include "sim/faults/never_joins.h"

#include <memory>

#include "sim/faults/check.h"
#include "sim/faults/listed.h"
#include "sim/faults/targets.h"
#include "src/config/config.h"

namespace casim::sim {
namespace {

// A kubelet that is refused tries again after 7 s at most
// [k8s:pkg/kubelet/kubelet_node_status.go, registerWithAPIServer].
constexpr double kRetry_s = 7;

class Strangers final : public BootConditions {
 public:
  Strangers(const NeverJoinsFault& fault, const Random& random, const Spell& spell)
      : fault_(fault), random_(random), spell_(spell) {}

  BootCourse on_boot(const ec2::Instance& instance, TimePoint /*at*/) const override {
    return {.never_joins = !fault_.until_over && befalls(instance)};
  }

  TimePoint registers_from(const ec2::Instance& instance, TimePoint at) const override {
    if (!fault_.until_over || !befalls(instance)) return at;
    return later(spell_.to, from_seconds(kRetry_s * draw("fault.never_joins.retry", instance)));
  }

 private:
  bool befalls(const ec2::Instance& instance) const {
    return is_of_group(fault_.groups, instance.tags) &&
           draw("fault.never_joins", instance) < fault_.share;
  }

  double draw(std::string_view purpose, const ec2::Instance& instance) const {
    return random_.uniform(purpose, spell_.key, hash_bytes(instance.id));
  }

  NeverJoinsFault fault_;
  const Random& random_;
  Spell spell_;
};

}  // namespace

void describe(config::Visitor& v, NeverJoinsFault& f) {
  describe_times(v, f.times, "how long machines come that do not join");
  v.field("groups", f.groups, "node groups; empty: all", config::unique(), config::not_blank());
  v.field("share", f.share, "share of their machines", config::probability());
  v.field("until_over", f.until_over,
          "they join when it is over, as kubelets do that were refused; false: those that begin to "
          "boot while it lasts never do");
}

void NeverJoinsFault::check(const FaultCheck& check) const { check.names_groups("groups", groups); }

void NeverJoinsFault::arm(const FaultTargets& targets, const Spell& spell) const {
  targets.boot_conditions.add(spell.from, spell.to,
                              std::make_unique<Strangers>(*this, targets.random, spell));
}

}  // namespace casim::sim
