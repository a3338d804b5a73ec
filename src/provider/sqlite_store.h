// Durable slots in an SQLite file: what production runs on. Write-ahead log, synchronous=FULL: a
// batch is answered once the log that holds it is on the disk.
//   - A thread of its own writes. Batches that wait while it does are committed together, in the
//     order of the calls, so many callers share one fsync.
//   - The file belongs to one provider: it is locked as long as it is open, and names its cluster.
//   - After a write that may be half done (anything but a full disk) nothing more is taken: what is
//     in memory could be wrong, and only a start from the file tells.
#pragma once

#include <cstdint>
#include <filesystem>
#include <memory>
#include <string>

#include "src/core/asio.h"
#include "src/provider/ports.h"

namespace casim::provider {

class SqliteStore final : public Store {
 public:
  struct Options {
    std::filesystem::path file;  // made where it is not there; its folder must be
    std::string cluster;         // whose slots: the file of another one is refused
  };

  // Refused, with a sentence for the user: locked by another provider, damaged, of a newer casim,
  // of another cluster, no store at all.
  static Result<std::unique_ptr<SqliteStore>> open(const Options& options,
                                                   asio::any_io_executor executor);
  // Writes what was taken. Answers are posted to the executor, which outlives this.
  ~SqliteStore() override;

  // After all batches that were taken before.
  Result<StoredState> load() override;
  Awaitable<Result<void>> commit(Batch batch) override;

  // Never loaded, by anybody.
  bool is_new() const;

  // Since it was opened.
  struct Totals {
    std::uint64_t batches = 0;       // committed
    std::uint64_t transactions = 0;  // that they took
  };

  Totals totals() const;
  // Why nothing more is taken; empty: all is well.
  std::string broken() const;

 private:
  struct State;
  explicit SqliteStore(std::unique_ptr<State> state);
  std::unique_ptr<State> state_;
};

}  // namespace casim::provider
