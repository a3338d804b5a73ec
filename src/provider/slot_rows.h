// Slots as rows of the SQLite store, and back.
#pragma once

#include <SQLiteCpp/Database.h>
#include <SQLiteCpp/Statement.h>

#include "src/core/result.h"
#include "src/provider/ports.h"

namespace casim::provider {

// Writes batches inside a transaction of the caller.
class SlotWriter {
 public:
  explicit SlotWriter(SQLite::Database& database);
  void write(const Batch& batch);

 private:
  void put(const Slot& slot);

  SQLite::Statement put_;
  SQLite::Statement erase_;
  SQLite::Statement raise_;
};

// By id; without the epoch. DATA_LOSS: a row that no provider wrote.
Result<StoredState> read_slots(SQLite::Database& database);

}  // namespace casim::provider
