// What of a trace is played, by casim's own format.
#include <set>

#include "sim/load/trace.h"
#include "tests/catch.h"

using namespace casim;
using namespace casim::sim;
using namespace std::chrono_literals;

namespace {

const std::string kSpanHeader = "name,arrival_s,run_for_s,cpu_m,memory_mib,gpus\n";

TraceResult read_span_rows(const std::string& rows, const TraceSpan& span = {}) {
  return read_casim(kSpanHeader + rows, "jobs.csv", span);
}

std::string many_rows(int count) {
  std::string rows;
  for (int i = 0; i < count; ++i) {
    rows += "job-" + std::to_string(i) + "," + std::to_string(i) + ",60,500,1024,0\n";
  }
  return rows;
}

std::set<std::string> names(const Trace& trace) {
  std::set<std::string> out;
  for (const TraceRow& row : trace.rows) out.insert(row.name);
  return out;
}

}  // namespace

TEST_CASE("casim: a row is a Job, ties stand in order of their names", "[load]") {
  const auto trace = read_span_rows(
      "b,1.5,60,500,1024,0\n"
      "a,1.5,0.25,8000,0,2\n"
      "c,0,1,1,1,0\n");
  REQUIRE(trace.has_value());
  REQUIRE(trace->rows.size() == 3);
  CHECK(trace->rows[0].name == "c");
  CHECK(trace->rows[1].name == "a");
  CHECK(trace->rows[1].row == 2);
  CHECK(trace->rows[1].arrival == 1500ms);
  CHECK(trace->rows[1].run_for == 250ms);
  const Resources& requests = trace->shapes[trace->rows[1].shape];
  CHECK(requests.cpu == MilliCpu(8000));
  CHECK(requests.extended.at("nvidia.com/gpu") == 2);
  CHECK(trace->counts.zero_memory == 1);
}

TEST_CASE("casim: malformed rows", "[load]") {
  struct Row {
    const char* row;
    const char* problem;
  };

  const auto row = GENERATE(values<Row>({
      {",0,1,1,1,0\n", "jobs.csv:2: name: is missing; allowed: a name"},
      {"a,-1,1,1,1,0\n", "jobs.csv:2: arrival_s: '-1' is negative"},
      {"a,0,1m,1,1,0\n", "jobs.csv:2: run_for_s: '1m' is not a number"},
      {"a,0,1,0.5,1,0\n", "jobs.csv:2: cpu_m: '0.5' has too many decimals"},
      {"a,0,1,1,,0\n", "jobs.csv:2: memory_mib: is missing"},
      {"a,0,1,1,1\n", "jobs.csv:2: has 5 fields, it must have 6"},
  }));
  CAPTURE(row.row);
  const auto trace = read_span_rows(row.row);
  REQUIRE_FALSE(trace.has_value());
  CHECK_THAT(trace.error().text(), Catch::StartsWith(row.problem));
}

TEST_CASE("a greater sample keeps the rows of a smaller one", "[load]") {
  const std::string rows = many_rows(2000);
  const auto few = read_span_rows(rows, {.sample = 0.2, .key = 7});
  const auto more = read_span_rows(rows, {.sample = 0.4, .key = 7});
  REQUIRE(few.has_value());
  CHECK(few->counts.in_window == 2000);
  CHECK(few->counts.played == few->rows.size());
  CHECK(static_cast<double>(few->rows.size()) == Approx(400).margin(72));  // four deviations
  CHECK(static_cast<double>(more->rows.size()) == Approx(800).margin(88));
  CHECK(std::ranges::includes(names(*more), names(*few)));
  CHECK(names(*read_span_rows(rows, {.sample = 0.2, .key = 8})) != names(*few));
}

TEST_CASE("a time scale moves arrivals from the window's start on, and no run time", "[load]") {
  const auto trace = read_span_rows(many_rows(100), {.from = 10s, .to = 20s, .time_scale = 2.5});
  REQUIRE(trace.has_value());
  REQUIRE(trace->rows.size() == 10);
  CHECK(trace->rows[0].arrival == 0s);
  CHECK(trace->rows[3].arrival == 7500ms);
  CHECK(trace->rows[3].run_for == 60s);
}

TEST_CASE("copies have rows and names of their own, and come later by their jitter", "[load]") {
  const auto trace = read_span_rows(many_rows(100), {.copies = 3, .jitter = 5s, .key = 7});
  REQUIRE(trace.has_value());
  REQUIRE(trace->rows.size() == 300);
  CHECK(names(*trace).size() == 300);
  std::set<std::uint64_t> numbers;
  Duration before{};
  Duration latest{};
  for (const TraceRow& row : trace->rows) {
    numbers.insert(row.row);
    CHECK(row.arrival >= before);
    before = row.arrival;
    const Duration original = std::chrono::seconds((row.row - 1) % 101);
    const bool is_first = row.row <= 100;
    CHECK(row.arrival >= original);
    CHECK(row.arrival - original <= (is_first ? 0s : 5s));
    latest = std::max(latest, row.arrival - original);
  }
  CHECK(numbers.size() == 300);
  CHECK(latest > 4s);
}

TEST_CASE("more rows than memory holds are refused", "[load]") {
  const auto trace = read_span_rows(many_rows(3000), {.copies = 10'000});
  REQUIRE_FALSE(trace.has_value());
  CHECK(trace.error().text() ==
        "jobs.csv: 3e+07 rows would be played, copies counted; allowed: 20000000\n");
}
