// A store in memory, for simulations and tests: the durable part survives the provider and is what
// the next one loads. A batch becomes durable, whole, `commit_latency` after the call (and not
// before its predecessors), and is acknowledged `acknowledge_latency` after that: a crash in
// between keeps a batch that nobody was told of.
#pragma once

#include <cstdint>
#include <map>
#include <vector>

#include "src/core/clock.h"
#include "src/core/distribution.h"
#include "src/core/random.h"
#include "src/provider/ports.h"

namespace casim::provider {

// Both zero unless set.
struct MemoryStoreOptions {
  Distribution commit_latency;       // from the call to durable
  Distribution acknowledge_latency;  // from durable to the answer
};

class MemoryStore : public Store {
 public:
  // Latencies are drawn by the number of the commit.
  MemoryStore(Clock& clock, Random random, MemoryStoreOptions options)
      : clock_(clock), random_(random), options_(options) {}

  Result<StoredState> load() override;
  Awaitable<Result<void>> commit(Batch batch) override;

  // What is in flight is lost, whatever becomes of the coroutines that wait for it.
  void crash() { ++life_; }

  // Slots that are there before the first start. Requires: no load() yet.
  void seed(const std::vector<Slot>& slots);

 private:
  void apply(const Batch& batch);

  Clock& clock_;
  Random random_;
  MemoryStoreOptions options_;
  std::map<SlotId, Slot> slots_;
  SlotId next_slot_{0};
  std::uint64_t epoch_ = 0;
  std::uint64_t life_ = 0;              // counts crashes
  std::uint64_t commits_ = 0;           // begun
  TimePoint last_durable_ = kTimeZero;  // when the last batch in flight will be
};

}  // namespace casim::provider
