// Whether the provider has lost sight of a machine, or has two for one slot. Judged when it is
// quiet: it is up, and nothing has happened to its slots and machines for so long that it must have
// looked at EC2 since (design section 4).
#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <string>

#include "sim/ec2/ec2_model.h"
#include "sim/events/facts.h"
#include "src/provider/provider.h"

namespace casim::sim {

struct MachineFaults {
  std::int64_t leaked = 0;   // live, and no slot has its token
  std::int64_t doubled = 0;  // live beyond the first of a token
  std::string first;         // what is wrong with the first of them; empty: nothing
};

class MachineAudit : public FactSink {
 public:
  struct Parts {  // all outlive it
    Ec2Model& ec2;
    std::function<const provider::Provider*()> provider;  // null: down
  };

  MachineAudit(const provider::ReconcileTiming& reconcile, Parts parts);

  // Judges what was quiet until now.
  void on_fact(TimePoint at, const Fact& fact) override;

  bool is_quiet(TimePoint now) const;

  TimePoint changed() const { return changed_; }  // the last change of slots and machines

  MachineFaults look() const;
  // Of the last time that it was quiet, now if it is; none: it never was.
  std::optional<MachineFaults> verdict(TimePoint now) const;

 private:
  Parts parts_;
  Duration quiet_after_;  // the last change
  TimePoint changed_{};
  std::optional<MachineFaults> last_;
};

}  // namespace casim::sim
