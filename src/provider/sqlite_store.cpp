#include "src/provider/sqlite_store.h"

#include <condition_variable>
#include <deque>
#include <mutex>
#include <optional>
#include <thread>
#include <utility>

#include <SQLiteCpp/Database.h>
#include <SQLiteCpp/Exception.h>
#include <SQLiteCpp/Transaction.h>
#include <fmt/format.h>
#include <sqlite3.h>
#include <boost/asio/executor_work_guard.hpp>
#include <boost/asio/post.hpp>

#include "src/async/one_shot.h"
#include "src/provider/slot_rows.h"
#include "src/provider/store_schema.h"

namespace casim::provider {
namespace {

using Shot = OneShot<Result<void>>;

std::unexpected<Error> refused(const std::filesystem::path& file, ErrorCode code,
                               const std::string& why) {
  return failure(code, fmt::format("store {}: {}", file.string(), why));
}

std::unexpected<Error> refused(const std::filesystem::path& file, const SQLite::Exception& e) {
  switch (e.getErrorCode()) {
    case SQLITE_BUSY:
    case SQLITE_LOCKED:
      return refused(
          file, ErrorCode::kFailedPrecondition,
          "another provider uses it; stop that one, or give this one a store of its own");
    case SQLITE_NOTADB:
    case SQLITE_CORRUPT:
      return refused(file, ErrorCode::kDataLoss,
                     fmt::format("is damaged ({}); restore it from a copy. Without its slots the "
                                 "machines of the cluster would count as nobody's",
                                 e.what()));
    case SQLITE_CANTOPEN:
      return refused(file, ErrorCode::kFailedPrecondition,
                     fmt::format("{}; its folder must be there and writable", e.what()));
    default:
      return refused(file, ErrorCode::kInternal, e.what());
  }
}

}  // namespace

struct SqliteStore::State {
  struct Ticket {
    Batch batch;
    std::shared_ptr<Shot> shot;
    // The answer comes from outside, so an executor without other work has not come to its end.
    asio::executor_work_guard<asio::any_io_executor> work;
  };

  using Group = std::deque<Ticket>;

  State(std::filesystem::path f, asio::any_io_executor e)
      : file(std::move(f)),
        executor(std::move(e)),
        database(file, SQLite::OPEN_READWRITE | SQLite::OPEN_CREATE) {}

  Result<void> prepare(const std::string& cluster);
  void run();
  Result<void> write(const Group& group);
  void answer(Group group, const Result<void>& outcome);
  void stop();
  Result<StoredState> read();

  const std::filesystem::path file;
  const asio::any_io_executor executor;
  SQLite::Database database;  // of whoever holds the mutex, or of the thread while it is busy
  std::optional<SlotWriter> writer;  // likewise

  mutable std::mutex mutex;
  std::condition_variable wake;  // something waits, or it is time to stop
  std::condition_variable idle;  // nothing waits and nothing is written
  Group waiting;
  bool is_busy = false;
  bool is_stopping = false;
  std::string broken;
  Totals totals;
  std::thread thread;
};

// Locks the file, too: with an exclusive locking mode the first transaction's lock stays.
Result<void> SqliteStore::State::prepare(const std::string& cluster) {
  database.exec("PRAGMA locking_mode = EXCLUSIVE");
  database.exec("PRAGMA journal_mode = WAL");
  database.exec("PRAGMA synchronous = FULL");
  database.exec("BEGIN EXCLUSIVE");
  database.exec("COMMIT");
  const std::string check = database.execAndGet("PRAGMA quick_check(1)").getString();
  if (check != "ok") {
    return refused(file, ErrorCode::kDataLoss,
                   "is damaged (" + check + "); restore it from a copy");
  }
  Result<void> ours = migrate(database, schema_steps());
  if (ours) ours = claim(database, cluster);
  if (!ours) return refused(file, ours.error().code, ours.error().message);
  writer.emplace(database);
  return {};
}

void SqliteStore::State::run() {
  std::unique_lock lock(mutex);
  while (true) {
    wake.wait(lock, [this] { return is_stopping || !waiting.empty(); });
    if (waiting.empty()) return;
    Group group = std::exchange(waiting, {});
    is_busy = true;
    Result<void> outcome;
    if (!broken.empty()) outcome = failure(ErrorCode::kInternal, broken);
    lock.unlock();
    if (outcome) outcome = write(group);
    lock.lock();
    is_busy = false;
    if (outcome) {
      totals.batches += group.size();
      ++totals.transactions;
    } else if (outcome.error().code == ErrorCode::kInternal) {
      broken = outcome.error().message;
    }
    if (waiting.empty()) idle.notify_all();
    answer(std::move(group), outcome);
  }
}

// A full disk has changed nothing; after any other error nobody knows.
Result<void> SqliteStore::State::write(const Group& group) {
  try {
    SQLite::Transaction transaction(database, SQLite::TransactionBehavior::IMMEDIATE);
    for (const Ticket& ticket : group) writer->write(ticket.batch);
    transaction.commit();
    return {};
  } catch (const SQLite::Exception& e) {
    const bool is_full = e.getErrorCode() == SQLITE_FULL;
    return refused(file, is_full ? ErrorCode::kResourceExhausted : ErrorCode::kInternal, e.what());
  }
}

// Handlers are touched on the executor only.
void SqliteStore::State::answer(Group group, const Result<void>& outcome) {
  for (Ticket& ticket : group) {
    asio::post(executor, [shot = std::move(ticket.shot), work = std::move(ticket.work), outcome] {
      shot->answer(outcome);
    });
  }
}

void SqliteStore::State::stop() {
  {
    const std::lock_guard lock(mutex);
    is_stopping = true;
  }
  wake.notify_one();
  thread.join();
}

Result<StoredState> SqliteStore::State::read() {
  std::unique_lock lock(mutex);
  idle.wait(lock, [this] { return waiting.empty() && !is_busy; });
  if (!broken.empty()) return failure(ErrorCode::kInternal, broken);
  try {
    SQLite::Transaction transaction(database, SQLite::TransactionBehavior::IMMEDIATE);
    database.exec("UPDATE provider SET epoch = epoch + 1");
    const std::int64_t epoch = database.execAndGet("SELECT epoch FROM provider").getInt64();
    Result<StoredState> state = read_slots(database);
    if (!state)
      return refused(file, state.error().code, "is damaged (" + state.error().message + ")");
    transaction.commit();
    state->epoch = static_cast<std::uint64_t>(epoch);
    return state;
  } catch (const SQLite::Exception& e) {
    return refused(file, e);
  }
}

SqliteStore::SqliteStore(std::unique_ptr<State> state) : state_(std::move(state)) {
  state_->thread = std::thread([s = state_.get()] { s->run(); });
}

SqliteStore::~SqliteStore() { state_->stop(); }

Result<std::unique_ptr<SqliteStore>> SqliteStore::open(const Options& options,
                                                       asio::any_io_executor executor) {
  try {
    auto state = std::make_unique<State>(options.file, std::move(executor));
    if (Result<void> ready = state->prepare(options.cluster); !ready) {
      return std::unexpected<Error>(std::move(ready.error()));
    }
    return std::unique_ptr<SqliteStore>(new SqliteStore(std::move(state)));
  } catch (const SQLite::Exception& e) {
    return refused(options.file, e);
  }
}

Result<StoredState> SqliteStore::load() { return state_->read(); }

Awaitable<Result<void>> SqliteStore::commit(Batch batch) {
  State* state = state_.get();
  auto begin = [state, batch = std::move(batch)](const std::shared_ptr<Shot>& shot) mutable {
    {
      const std::lock_guard lock(state->mutex);
      state->waiting.push_back({std::move(batch), shot,
                                asio::executor_work_guard<asio::any_io_executor>(state->executor)});
    }
    state->wake.notify_one();
  };
  // What was taken is written, whether or not anybody still wants to know.
  return wait_for_answer<Shot>(state->executor, std::move(begin), [](const auto&) {});
}

bool SqliteStore::is_new() const {
  std::unique_lock lock(state_->mutex);
  state_->idle.wait(lock, [this] { return state_->waiting.empty() && !state_->is_busy; });
  return state_->database.execAndGet("SELECT epoch FROM provider").getInt64() == 0;
}

SqliteStore::Totals SqliteStore::totals() const {
  const std::lock_guard lock(state_->mutex);
  return state_->totals;
}

std::string SqliteStore::broken() const {
  const std::lock_guard lock(state_->mutex);
  return state_->broken;
}

}  // namespace casim::provider
