#include <string>

#include "sim/load/trace.h"
#include "tests/catch.h"

using namespace casim;
using namespace casim::sim;
using namespace std::chrono_literals;

namespace {

const std::string kSurfHeader = "id,submission_time,duration,cpu_count,cpu_capacity,mem_capacity\n";

TraceResult read_surf_rows(const std::string& rows, const TraceSpan& span = {}) {
  return read_surf(kSurfHeader + rows, "jobs.csv", span);
}

std::string surf_problems(const TraceResult& result) {
  return result.has_value() ? "(none)" : result.error().text();
}

}  // namespace

TEST_CASE("surf: a job is one pod of its cores and decimal megabytes", "[load]") {
  const auto trace = read_surf_rows("2132819,1665093600000,2100000,16,33600,100000\n");
  REQUIRE(surf_problems(trace) == "(none)");
  REQUIRE(trace->rows.size() == 1);
  CHECK(trace->rows[0].name == "2132819");
  CHECK(trace->rows[0].run_for == 2100s);
  const Resources& requests = trace->shapes[trace->rows[0].shape];
  CHECK(requests.cpu == MilliCpu(16000));
  CHECK(requests.memory == Bytes(100'000'000'000));
}

TEST_CASE("surf: zero is the first submission cut to the hour", "[load]") {
  // 2022-06-30 16:02:00 UTC, then 17:00:00.
  const auto trace = read_surf_rows(
      "2,1656608400000,1000,16,33600,100000\n"
      "1,1656604920000,1000,16,33600,100000\n");
  REQUIRE(surf_problems(trace) == "(none)");
  CHECK(trace->zero == WallTime(1656604800s));
  CHECK(trace->rows[0].name == "1");
  CHECK(trace->rows[0].arrival == 120s);
  CHECK(trace->rows[1].arrival == 3600s);
}

TEST_CASE("surf: ties go by number of the job, not by its text", "[load]") {
  const auto trace = read_surf_rows(
      "10,3600000,1000,16,33600,100000\n"
      "9,3600000,1000,16,33600,100000\n"
      "100,3600000,1000,16,33600,100000\n");
  REQUIRE(surf_problems(trace) == "(none)");
  std::string order;
  for (const TraceRow& row : trace->rows) order += row.name + " ";
  CHECK(order == "9 10 100 ");
}

TEST_CASE("surf: a window counts from that hour", "[load]") {
  const auto trace = read_surf_rows(
      "1,3600000,1000,16,33600,100000\n"
      "2,7200000,1000,16,33600,100000\n"
      "3,7260000,1000,16,33600,100000\n"
      "4,10800000,1000,16,33600,100000\n",
      {1h, 2h});
  REQUIRE(surf_problems(trace) == "(none)");
  REQUIRE(trace->rows.size() == 2);
  CHECK(trace->rows[0].name == "2");
  CHECK(trace->rows[0].arrival == 0s);
  CHECK(trace->rows[1].arrival == 60s);
}

TEST_CASE("surf: malformed rows", "[load]") {
  struct Row {
    const char* row;
    const char* problem;
  };

  const auto row = GENERATE(values<Row>({
      {"x,1,1,16,1,1\n", "jobs.csv:2: id: 'x' is not a number; allowed: a whole job number\n"},
      {"1,-1,1,16,1,1\n",
       "jobs.csv:2: submission_time: '-1' is negative; allowed: milliseconds since 1970, UTC, "
       "such as 1665093600000\n"},
      {"1,1,1h,16,1,1\n",
       "jobs.csv:2: duration: '1h' is not a number; allowed: milliseconds, such as 2100000\n"},
      {"1,1,1,,1,1\n", "jobs.csv:2: cpu_count: is missing; allowed: cores, such as 16\n"},
      {"1,1,1,16,1\n", "jobs.csv:2: has 5 fields, it must have 6\n"},
      {"1,1,1,16,1,1\n1,1,1,16,1,1\n",
       "jobs.csv:3: id: '1' stands in the file twice; allowed: a unique name\n"},
      {"1,1,1,16,1,10", "jobs.csv:2: the last line is cut short: it must end with a line break\n"},
  }));
  CAPTURE(row.row);
  CHECK(surf_problems(read_surf_rows(row.row)) == row.problem);
}

TEST_CASE("surf: no rows is no load", "[load]") {
  const auto trace = read_surf_rows("");
  REQUIRE(surf_problems(trace) == "(none)");
  CHECK(trace->rows.empty());
}
