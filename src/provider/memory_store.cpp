#include "src/provider/memory_store.h"

#include <algorithm>
#include <cassert>
#include <utility>

namespace casim::provider {

Result<StoredState> MemoryStore::load() {
  StoredState state;
  for (const auto& [id, slot] : slots_) state.slots.push_back(slot);
  state.next_slot = next_slot_;
  state.epoch = ++epoch_;
  return state;
}

Awaitable<Result<void>> MemoryStore::commit(Batch batch) {
  const std::uint64_t life = life_;
  const std::uint64_t n = commits_++;
  const Duration latency = options_.commit_latency.duration(random_.uniform("store.commit", 0, n));
  last_durable_ = std::max(last_durable_, clock_.now() + latency);
  const TimePoint durable = last_durable_;
  // Equal times run in order of scheduling, so batches become durable in order of calling. Without
  // latency there is nothing to wait for.
  if (durable > clock_.now()) co_await clock_.sleep_until(durable);
  if (life != life_) co_return failure(ErrorCode::kUnavailable, "lost in a crash");
  apply(batch);
  const Duration acknowledge =
      options_.acknowledge_latency.duration(random_.uniform("store.acknowledge", 0, n));
  if (acknowledge > Duration::zero()) co_await clock_.sleep_for(acknowledge);
  co_return Result<void>();
}

void MemoryStore::apply(const Batch& batch) {
  for (const Slot& slot : batch.put) {
    slots_.insert_or_assign(slot.id, slot);
    next_slot_ = std::max(next_slot_, SlotId(slot.id.value() + 1));
  }
  for (const SlotId id : batch.erase) slots_.erase(id);
}

void MemoryStore::seed(const std::vector<Slot>& slots) {
  assert(epoch_ == 0);
  apply(Batch{.put = slots, .erase = {}});
}

}  // namespace casim::provider
