// A store in memory that counts its commits and can be told to refuse them.
#pragma once

#include <cstdint>
#include <optional>
#include <utility>

#include "src/provider/memory_store.h"

namespace casim::provider {

class ScriptedStore : public MemoryStore {
 public:
  using MemoryStore::MemoryStore;

  Awaitable<Result<void>> commit(Batch batch) override {
    ++commits_;
    const std::optional<Error> refusal = refusal_;
    if (refusal) batch = Batch();
    Result<void> done = co_await MemoryStore::commit(std::move(batch));
    if (done && refusal) co_return std::unexpected<Error>(*refusal);
    co_return done;
  }

  // Commits that begin from now on take their time, change nothing and answer with this error.
  void fail_with(std::optional<Error> error) { refusal_ = std::move(error); }

  std::uint64_t commits() const { return commits_; }  // begun

 private:
  std::optional<Error> refusal_;
  std::uint64_t commits_ = 0;
};

}  // namespace casim::provider
