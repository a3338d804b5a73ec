// The tables of the provider's file, and how a file of an older version becomes one of this.
// Inside of the SQLite store only.
#pragma once

#include <span>
#include <string>

#include <SQLiteCpp/Database.h>

#include "src/core/result.h"

namespace casim::provider {

// What makes version n+1 of version n, at index n.
using SchemaStep = const char*;

std::span<const SchemaStep> schema_steps();

// Marks the file as ours, in its header ("casm").
inline constexpr int kApplicationId = 0x6361736d;

// Brings an empty file or one of an older version to the last step, in one transaction: on an
// error nothing has changed. Refused: a database of something else, a newer version.
Result<void> migrate(SQLite::Database& database, std::span<const SchemaStep> steps);

// Writes the cluster into a new file; refuses one of another cluster.
Result<void> claim(SQLite::Database& database, const std::string& cluster);

}  // namespace casim::provider
