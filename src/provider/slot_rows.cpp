#include "src/provider/slot_rows.h"

#include <array>
#include <cassert>
#include <cstdint>
#include <optional>
#include <string_view>
#include <utility>

#include <fmt/format.h>

namespace casim::provider {
namespace {

constexpr std::array<std::pair<SlotState, std::string_view>, 6> kStates = {{
    {SlotState::kRequested, "requested"},
    {SlotState::kCreating, "creating"},
    {SlotState::kRunning, "running"},
    {SlotState::kFailed, "failed"},
    {SlotState::kDeleting, "deleting"},
    {SlotState::kCancelled, "cancelled"},
}};

std::string_view text_of(SlotState state) {
  for (const auto& [known, text] : kStates) {
    if (known == state) return text;
  }
  assert(false && "not a SlotState");
  return "";
}

std::optional<SlotState> state_named(std::string_view text) {
  for (const auto& [state, known] : kStates) {
    if (known == text) return state;
  }
  return std::nullopt;
}

std::int64_t row_id(SlotId id) { return static_cast<std::int64_t>(id.value()); }

std::int64_t count_of(TimePoint time) { return time.time_since_epoch().count(); }

TimePoint time_of(const SQLite::Column& column) { return TimePoint(Duration(column.getInt64())); }

std::unexpected<Error> damaged(std::int64_t id, std::string_view what) {
  return failure(ErrorCode::kDataLoss, fmt::format("slot {}: {}", id, what));
}

Result<Slot> read_slot(SQLite::Statement& row) {
  const std::int64_t id = row.getColumn(0).getInt64();
  if (id < 0) return damaged(id, "the id is negative");
  const std::optional<SlotState> state = state_named(row.getColumn(2).getString());
  if (!state) return damaged(id, "the state is unknown");
  Slot slot;
  slot.id = SlotId(static_cast<std::uint64_t>(id));
  slot.group = row.getColumn(1).getString();
  slot.state = *state;
  slot.token = row.getColumn(3).getString();
  slot.instance_id = row.getColumn(4).getString();
  slot.provider_id = row.getColumn(5).getString();
  slot.node_name = row.getColumn(6).getString();
  slot.created = time_of(row.getColumn(7));
  slot.accepted = time_of(row.getColumn(8));
  if (!row.getColumn(9).isNull()) {
    slot.failure = SlotFailure{.code = row.getColumn(9).getString(),
                               .message = row.getColumn(10).getString(),
                               .error_class = row.getColumn(11).getInt()};
  }
  if (slot.failure.has_value() != (slot.state == SlotState::kFailed)) {
    return damaged(id, "state and failure do not go together");
  }
  return slot;
}

}  // namespace

SlotWriter::SlotWriter(SQLite::Database& database)
    : put_(
          database,
          "INSERT INTO slot VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?) ON CONFLICT (id) DO UPDATE "
          "SET group_name = excluded.group_name, state = excluded.state, token = excluded.token, "
          "instance_id = excluded.instance_id, provider_id = excluded.provider_id, "
          "node_name = excluded.node_name, created = excluded.created, "
          "accepted = excluded.accepted, failure_code = excluded.failure_code, "
          "failure_message = excluded.failure_message, failure_class = excluded.failure_class"),
      erase_(database, "DELETE FROM slot WHERE id = ?"),
      raise_(database, "UPDATE provider SET next_slot = max(next_slot, ?)") {}

void SlotWriter::write(const Batch& batch) {
  std::int64_t next = 0;
  for (const Slot& slot : batch.put) {
    put(slot);
    next = std::max(next, row_id(slot.id) + 1);
  }
  for (const SlotId id : batch.erase) {
    erase_.reset();
    erase_.bind(1, row_id(id));
    erase_.exec();
  }
  // An erased slot's number is not used again.
  raise_.reset();
  raise_.bind(1, next);
  raise_.exec();
}

void SlotWriter::put(const Slot& slot) {
  put_.reset();
  put_.clearBindings();  // an absent failure is NULL
  put_.bind(1, row_id(slot.id));
  put_.bind(2, slot.group);
  put_.bind(3, std::string(text_of(slot.state)));
  put_.bind(4, slot.token);
  put_.bind(5, slot.instance_id);
  put_.bind(6, slot.provider_id);
  put_.bind(7, slot.node_name);
  put_.bind(8, count_of(slot.created));
  put_.bind(9, count_of(slot.accepted));
  if (slot.failure) {
    put_.bind(10, slot.failure->code);
    put_.bind(11, slot.failure->message);
    put_.bind(12, slot.failure->error_class);
  }
  put_.exec();
}

Result<StoredState> read_slots(SQLite::Database& database) {
  StoredState state;
  const std::int64_t next = database.execAndGet("SELECT next_slot FROM provider").getInt64();
  if (next < 0) return damaged(next, "the next number is negative");
  state.next_slot = SlotId(static_cast<std::uint64_t>(next));
  SQLite::Statement rows(database,
                         "SELECT id, group_name, state, token, instance_id, provider_id, "
                         "node_name, created, accepted, "
                         "failure_code, failure_message, failure_class FROM slot ORDER BY id");
  while (rows.executeStep()) {
    Result<Slot> slot = read_slot(rows);
    if (!slot) return std::unexpected<Error>(std::move(slot.error()));
    if (slot->id >= state.next_slot)
      return damaged(row_id(slot->id), "its number is not given out");
    state.slots.push_back(std::move(*slot));
  }
  return state;
}

}  // namespace casim::provider
