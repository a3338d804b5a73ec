#include "src/live/adopt.h"

#include <set>

#include <fmt/format.h>

namespace casim::live {

std::vector<provider::Slot> slots_of(const std::vector<provider::Machine>& machines) {
  std::vector<provider::Slot> slots;
  std::set<std::string> tokens;  // a token that stands twice is a double: the reconciler's
  for (const provider::Machine& machine : machines) {
    const bool is_live = machine.state == provider::MachineState::kPending ||
                         machine.state == provider::MachineState::kRunning;
    if (!is_live || machine.group.empty() || machine.token.empty()) continue;
    if (!tokens.insert(machine.token).second) continue;
    provider::Slot slot;
    slot.id = SlotId(slots.size());
    slot.group = machine.group;
    slot.state = provider::SlotState::kCreating;
    slot.token = machine.token;
    slot.instance_id = machine.instance_id;
    slot.provider_id = machine.provider_id;
    slots.push_back(std::move(slot));
  }
  return slots;
}

Awaitable<Result<int>> settle_new_store(provider::Machines& machines, provider::Store& store,
                                        bool adopts) {
  const Result<std::vector<provider::Machine>> list = co_await machines.list();
  if (!list) {
    co_return failure(list.error().code,
                      "the store is new, and EC2 cannot tell whether the cluster has machines: " +
                          list.error().message);
  }
  provider::Batch batch;
  batch.put = slots_of(*list);
  const int count = static_cast<int>(batch.put.size());
  if (count == 0) co_return 0;
  if (!adopts) {
    co_return failure(ErrorCode::kFailedPrecondition,
                      fmt::format("the store is new, but {} machines of this cluster are running "
                                  "and would be terminated as nobody's: bring the old store back, "
                                  "or start once with --adopt to take them over",
                                  count));
  }
  const Result<void> done = co_await store.commit(std::move(batch));
  if (!done) co_return std::unexpected<Error>(done.error());
  co_return count;
}

}  // namespace casim::live
