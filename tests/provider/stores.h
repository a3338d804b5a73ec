// The two stores behind one face, so that one table of tests holds for both. Real threads, no real
// waiting: a call runs the executor until its answer is there.
#pragma once

#include <filesystem>
#include <memory>
#include <optional>
#include <string>
#include <utility>

#include <stdlib.h>
#include <boost/asio/io_context.hpp>

#include "src/async/task_scope.h"
#include "src/live/system_clock.h"
#include "src/provider/memory_store.h"
#include "src/provider/sqlite_store.h"

namespace casim::provider {

// A folder for one test, gone with it.
class TemporaryFolder {
 public:
  TemporaryFolder() {
    std::string name = (std::filesystem::temp_directory_path() / "casim-XXXXXX").string();
    path_ = ::mkdtemp(name.data());
  }

  ~TemporaryFolder() { std::filesystem::remove_all(path_); }

  TemporaryFolder(const TemporaryFolder&) = delete;
  TemporaryFolder& operator=(const TemporaryFolder&) = delete;

  std::filesystem::path operator/(const char* name) const { return path_ / name; }

 private:
  std::filesystem::path path_;
};

enum class StoreKind { kMemory, kSqlite };

class StoreBench {
 public:
  explicit StoreBench(StoreKind kind) : kind_(kind) { restart(); }

  // As a new process on the same durable state.
  void restart() {
    if (kind_ == StoreKind::kMemory) {
      if (!store_) {
        store_ = std::make_unique<MemoryStore>(clock, Random(3), MemoryStoreOptions());
      }
      return;
    }
    store_.reset();
    auto opened = SqliteStore::open({file(), "test"}, io.get_executor());
    if (!opened) throw std::runtime_error(opened.error().message);
    store_ = std::move(*opened);
  }

  Store& operator*() { return *store_; }

  Store* operator->() { return store_.get(); }

  using Pending = std::shared_ptr<std::optional<Result<void>>>;

  Pending begin(Batch batch) {
    auto pending = std::make_shared<std::optional<Result<void>>>();
    spawn(io.get_executor(), keep(store_->commit(std::move(batch)), pending));
    return pending;
  }

  Result<void> commit(Batch batch) {
    const Pending pending = begin(std::move(batch));
    run();
    return **pending;
  }

  // Until nothing is under way.
  void run() {
    io.restart();
    io.run();
  }

  std::filesystem::path file() const { return folder / "store.db"; }

  TemporaryFolder folder;
  asio::io_context io{1};
  SystemClock clock{io.get_executor()};

 private:
  static Awaitable<void> keep(Awaitable<Result<void>> call, Pending pending) {
    Result<void> answer = co_await std::move(call);
    *pending = std::move(answer);
  }

  StoreKind kind_;
  std::unique_ptr<Store> store_;
};

inline Slot stored_slot(std::uint64_t id, SlotState state = SlotState::kRequested) {
  Slot made;
  made.id = SlotId(id);
  made.group = "a";
  made.state = state;
  made.token = "token-" + std::to_string(id);
  if (state == SlotState::kFailed) made.failure = SlotFailure{"Code", "why", 1};
  return made;
}

}  // namespace casim::provider
