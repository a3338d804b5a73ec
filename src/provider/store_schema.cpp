#include "src/provider/store_schema.h"

#include <array>

#include <SQLiteCpp/Statement.h>
#include <SQLiteCpp/Transaction.h>
#include <fmt/format.h>

namespace casim::provider {
namespace {

constexpr std::array<SchemaStep, 1> kSteps = {
    // The one row of `provider` is all that is not a slot. Times are nanoseconds on the timeline of
    // the run that wrote them.
    R"(
    CREATE TABLE provider (
      only INTEGER PRIMARY KEY CHECK (only = 1),
      cluster TEXT NOT NULL,
      epoch INTEGER NOT NULL,
      next_slot INTEGER NOT NULL
    ) STRICT;
    INSERT INTO provider VALUES (1, '', 0, 0);
    CREATE TABLE slot (
      id INTEGER PRIMARY KEY,
      group_name TEXT NOT NULL,
      state TEXT NOT NULL,
      token TEXT NOT NULL,
      instance_id TEXT NOT NULL,
      provider_id TEXT NOT NULL,
      node_name TEXT NOT NULL,
      created INTEGER NOT NULL,
      accepted INTEGER NOT NULL,
      failure_code TEXT,
      failure_message TEXT,
      failure_class INTEGER
    ) STRICT;
    )"};

int number_of(SQLite::Database& database, const char* query) {
  return database.execAndGet(query).getInt();
}

}  // namespace

std::span<const SchemaStep> schema_steps() { return kSteps; }

Result<void> migrate(SQLite::Database& database, std::span<const SchemaStep> steps) {
  const int version = number_of(database, "PRAGMA user_version");
  const int application = number_of(database, "PRAGMA application_id");
  const bool is_empty = number_of(database, "SELECT count(*) FROM sqlite_schema") == 0;
  if (!(is_empty && version == 0) && application != kApplicationId) {
    return failure(ErrorCode::kFailedPrecondition, "is a database of another program");
  }
  const int latest = static_cast<int>(steps.size());
  if (version > latest) {
    return failure(ErrorCode::kFailedPrecondition,
                   fmt::format("has schema version {}, this casim knows up to {}: run the newer "
                               "casim that wrote it",
                               version, latest));
  }
  if (version == latest) return {};
  SQLite::Transaction transaction(database, SQLite::TransactionBehavior::IMMEDIATE);
  for (int step = version; step < latest; ++step) {
    database.exec(steps[static_cast<std::size_t>(step)]);
  }
  database.exec(fmt::format("PRAGMA application_id = {}", kApplicationId));
  database.exec(fmt::format("PRAGMA user_version = {}", latest));
  transaction.commit();
  return {};
}

Result<void> claim(SQLite::Database& database, const std::string& cluster) {
  const std::string owner = database.execAndGet("SELECT cluster FROM provider").getString();
  if (owner == cluster) return {};
  if (!owner.empty()) {
    return failure(ErrorCode::kFailedPrecondition,
                   fmt::format("belongs to cluster '{}', not to '{}'", owner, cluster));
  }
  SQLite::Statement update(database, "UPDATE provider SET cluster = ?");
  update.bind(1, cluster);
  update.exec();
  return {};
}

}  // namespace casim::provider
