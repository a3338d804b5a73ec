#include "sim/world/machine_audit.h"

#include <map>
#include <set>
#include <utility>

#include <fmt/format.h>

#include "src/provider/ec2_machines.h"

namespace casim::sim {
namespace {

// assumed: longer than a list of all machines, its retries and the repair that follows take, and
// than a new machine stays invisible.
constexpr Duration kLag = std::chrono::minutes(1);

// Whether the provider may still have to act on it.
bool is_change(const Fact& fact) {
  if (const auto* call = std::get_if<Ec2CallAnswered>(&fact)) {
    return call->action != "DescribeInstances" || !call->code.empty();
  }
  return std::holds_alternative<ProviderStarted>(fact) ||
         std::holds_alternative<ProviderCrashed>(fact) ||
         std::holds_alternative<MutationHandled>(fact) ||
         std::holds_alternative<IncreaseSizeCommitted>(fact) ||
         std::holds_alternative<SlotLaunched>(fact) || std::holds_alternative<SlotFailed>(fact) ||
         std::holds_alternative<SlotJoined>(fact) || std::holds_alternative<SlotCancelled>(fact) ||
         std::holds_alternative<SlotGone>(fact) || std::holds_alternative<InstanceLaunched>(fact) ||
         std::holds_alternative<InstanceRunning>(fact) ||
         std::holds_alternative<InstanceTerminated>(fact);
}

bool is_live(const ec2::Instance& instance) {
  return instance.state != ec2::InstanceState::kShuttingDown &&
         instance.state != ec2::InstanceState::kTerminated;
}

}  // namespace

MachineAudit::MachineAudit(const provider::ReconcileTiming& reconcile, Parts parts)
    : parts_(std::move(parts)), quiet_after_(reconcile.longest() + kLag) {}

void MachineAudit::on_fact(TimePoint at, const Fact& fact) {
  if (!is_change(fact)) return;
  if (is_quiet(at)) last_ = look();
  changed_ = at;
}

bool MachineAudit::is_quiet(TimePoint now) const {
  return now - changed_ >= quiet_after_ && parts_.provider() != nullptr;
}

MachineFaults MachineAudit::look() const {
  MachineFaults out;
  const auto note = [&out](std::string what) {
    if (out.first.empty()) out.first = std::move(what);
  };
  std::set<std::string> wanted;
  for (const provider::Slot& slot : parts_.provider()->slots()) wanted.insert(slot.token);
  std::map<std::string, std::string> live;  // instance by token
  for (const ec2::Instance& instance : parts_.ec2.instances()) {
    const std::string token = provider::slot_token_of(instance);
    if (token.empty() || !is_live(instance)) continue;
    const auto [other, is_first] = live.emplace(token, instance.id);
    if (!is_first) {
      ++out.doubled;
      note(fmt::format("machine {} is doubled: {} has the same token {}", instance.id,
                       other->second, token));
    }
    if (!wanted.contains(token)) {
      ++out.leaked;
      note(fmt::format("machine {} is leaked: it is live and no slot has its token {}", instance.id,
                       token));
    }
  }
  return out;
}

std::optional<MachineFaults> MachineAudit::verdict(TimePoint now) const {
  return is_quiet(now) ? look() : last_;
}

}  // namespace casim::sim
