// What only a file can do or suffer.
#include "src/provider/sqlite_store.h"

#include <csignal>
#include <fstream>
#include <string>

#include <SQLiteCpp/SQLiteCpp.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include "src/provider/store_schema.h"
#include "tests/catch.h"
#include "tests/provider/stores.h"

using namespace casim;
using namespace casim::provider;
using Catch::Matchers::Contains;

namespace {

// Why the file is refused; empty: it is not.
std::string refusal(StoreBench& bench, const std::filesystem::path& file,
                    const std::string& cluster = "test") {
  const auto opened = SqliteStore::open({file, cluster}, bench.io.get_executor());
  if (!opened) return opened.error().message;
  const auto loaded = (*opened)->load();
  return loaded ? "" : loaded.error().message;
}

// The kernel writes no further than this in any file, as if the disk failed.
class FileSizeLimit {
 public:
  explicit FileSizeLimit(rlim_t bytes) {
    handler_ = std::signal(SIGXFSZ, SIG_IGN);
    ::getrlimit(RLIMIT_FSIZE, &before_);
    const rlimit limit{bytes, before_.rlim_max};
    ::setrlimit(RLIMIT_FSIZE, &limit);
  }

  ~FileSizeLimit() {
    ::setrlimit(RLIMIT_FSIZE, &before_);
    std::signal(SIGXFSZ, handler_);
  }

  FileSizeLimit(const FileSizeLimit&) = delete;
  FileSizeLimit& operator=(const FileSizeLimit&) = delete;

 private:
  rlimit before_{};
  void (*handler_)(int) = nullptr;
};

void overwrite(const std::filesystem::path& file, std::streamoff at, std::size_t size) {
  std::fstream out(file, std::ios::in | std::ios::out | std::ios::binary);
  out.seekp(at);
  out << std::string(size, '\xff');
}

// A file with slots, closed.
std::filesystem::path written_file(StoreBench& bench) {
  const std::filesystem::path file = bench.folder / "written.db";
  auto store = SqliteStore::open({file, "test"}, bench.io.get_executor());
  REQUIRE(store);
  REQUIRE((*store)->load());
  Batch batch;
  for (std::uint64_t i = 0; i < 500; ++i) batch.put.push_back(stored_slot(i));
  spawn(bench.io.get_executor(), [](SqliteStore& s, Batch b) -> Awaitable<void> {
    (void)co_await s.commit(std::move(b));
  }(**store, std::move(batch)));
  bench.run();
  return file;
}

}  // namespace

TEST_CASE("batches that wait are committed together", "[provider]") {
  StoreBench bench(StoreKind::kSqlite);
  auto& store = dynamic_cast<SqliteStore&>(*bench);
  REQUIRE(store.load());
  for (std::uint64_t i = 0; i < 1000; ++i) bench.begin({.put = {stored_slot(i)}, .erase = {}});
  bench.run();
  CHECK(store.totals().batches == 1000);
  CHECK(store.totals().transactions < 1000);
  CHECK(store.load()->slots.size() == 1000);
}

TEST_CASE("a store that closes writes what it has taken", "[provider]") {
  StoreBench bench(StoreKind::kSqlite);
  REQUIRE(bench->load());
  bench.begin({.put = {stored_slot(1)}, .erase = {}});
  bench.io.poll();  // taken
  bench.restart();
  CHECK(bench->load()->slots.size() == 1);
}

TEST_CASE("a second provider on the same file is refused, in this process and in another",
          "[provider]") {
  StoreBench bench(StoreKind::kSqlite);
  REQUIRE(bench->load());
  CHECK_THAT(refusal(bench, bench.file()), Contains("another provider uses it"));
  const pid_t child = ::fork();
  if (child == 0) {
    asio::io_context io{1};
    const auto opened = SqliteStore::open({bench.file(), "test"}, io.get_executor());
    ::_exit(!opened && opened.error().message.find("another provider") != std::string::npos ? 7
                                                                                            : 8);
  }
  int status = 0;
  REQUIRE(::waitpid(child, &status, 0) == child);
  CHECK(WEXITSTATUS(status) == 7);
  CHECK(bench.commit({.put = {stored_slot(1)}, .erase = {}}));  // the first goes on
}

TEST_CASE("a file that is damaged or somebody else's is refused and left alone", "[provider]") {
  StoreBench bench(StoreKind::kSqlite);
  const auto file = written_file(bench);

  SECTION("no database at all") {
    const auto text = bench.folder / "text.db";
    std::ofstream(text) << std::string(5000, 'x');
    CHECK_THAT(refusal(bench, text), Contains("is damaged"));
  }
  SECTION("damaged pages") {
    overwrite(file, 4096 + 200, 8000);
    CHECK_THAT(refusal(bench, file), Contains("is damaged"));
  }
  SECTION("cut off") {
    std::filesystem::resize_file(file, 6000);
    CHECK_THAT(refusal(bench, file), Contains("is damaged"));
  }
  SECTION("a database of another program") {
    const auto other = bench.folder / "other.db";
    SQLite::Database(other, SQLite::OPEN_READWRITE | SQLite::OPEN_CREATE)
        .exec("CREATE TABLE mine (x)");
    CHECK_THAT(refusal(bench, other), Contains("another program"));
    CHECK(SQLite::Database(other).tableExists("mine"));
  }
  SECTION("a newer version") {
    SQLite::Database(file, SQLite::OPEN_READWRITE).exec("PRAGMA user_version = 99");
    CHECK_THAT(refusal(bench, file), Contains("schema version 99"));
  }
  SECTION("another cluster's") {
    CHECK_THAT(refusal(bench, file, "other"), Contains("belongs to cluster 'test'"));
  }
  SECTION("a state that nobody knows") {
    SQLite::Database(file, SQLite::OPEN_READWRITE).exec("UPDATE slot SET state = 'x' WHERE id = 3");
    CHECK_THAT(refusal(bench, file), Contains("slot 3: the state is unknown"));
  }
  SECTION("a slot beyond the numbers given out") {
    SQLite::Database(file, SQLite::OPEN_READWRITE).exec("UPDATE provider SET next_slot = 3");
    CHECK_THAT(refusal(bench, file), Contains("slot 3: its number is not given out"));
  }
  SECTION("a folder that is not there") {
    CHECK_THAT(refusal(bench, bench.folder / "none/store.db"), Contains("its folder must be"));
  }
}

TEST_CASE("a failing step of a migration changes nothing", "[provider]") {
  StoreBench bench(StoreKind::kSqlite);
  const auto file = written_file(bench);
  SQLite::Database database(file, SQLite::OPEN_READWRITE);
  std::vector<SchemaStep> steps(schema_steps().begin(), schema_steps().end());
  steps.push_back("ALTER TABLE slot ADD COLUMN later INTEGER NOT NULL DEFAULT 7");
  steps.push_back("this is no SQL");
  CHECK_THROWS_AS(migrate(database, steps), SQLite::Exception);
  const int before = static_cast<int>(schema_steps().size());
  CHECK(database.execAndGet("PRAGMA user_version").getInt() == before);
  steps.pop_back();
  REQUIRE(migrate(database, steps));
  CHECK(database.execAndGet("PRAGMA user_version").getInt() == before + 1);
  CHECK(database.execAndGet("SELECT sum(later) FROM slot").getInt() == 3500);
}

TEST_CASE("after a write that failed half-way nothing more is taken until a restart",
          "[provider]") {
  StoreBench bench(StoreKind::kSqlite);
  REQUIRE(bench->load());
  REQUIRE(bench.commit({.put = {stored_slot(1)}, .erase = {}}));
  Batch large;
  for (std::uint64_t i = 0; i < 5000; ++i) large.put.push_back(stored_slot(i));
  {
    const FileSizeLimit limit(200'000);
    CHECK_FALSE(bench.commit(std::move(large)));
  }
  CHECK_FALSE(bench.commit({.put = {stored_slot(2)}, .erase = {}}));
  CHECK_FALSE(dynamic_cast<SqliteStore&>(*bench).broken().empty());
  CHECK_FALSE(bench->load());
  bench.restart();
  CHECK(bench->load()->slots.size() == 1);
  CHECK(bench.commit({.put = {stored_slot(2)}, .erase = {}}));
}
