#include <string>

#include "sim/load/trace.h"
#include "tests/catch.h"

using namespace casim;
using namespace casim::sim;
using namespace std::chrono_literals;

namespace {

const std::string kOpenbHeader =
    "name,cpu_milli,memory_mib,num_gpu,gpu_milli,gpu_spec,qos,pod_phase,creation_time,"
    "deletion_time,scheduled_time\n";

TraceResult read_openb_rows(const std::string& rows, const TraceSpan& span = {}) {
  return read_openb(kOpenbHeader + rows, "pods.csv", span);
}

std::string openb_problems(const TraceResult& result) {
  return result.has_value() ? "(none)" : result.error().text();
}

}  // namespace

TEST_CASE("openb: a row becomes a pod that runs from scheduling to deletion", "[load]") {
  const auto trace = read_openb_rows("a,12000,16384,0,0,,LS,Running,100,500,120\n");
  REQUIRE(openb_problems(trace) == "(none)");
  REQUIRE(trace->rows.size() == 1);
  const TraceRow& row = trace->rows[0];
  CHECK(row.name == "a");
  CHECK(row.row == 1);
  CHECK(row.arrival == 100s);
  CHECK(row.run_for == 380s);
  const Resources& requests = trace->shapes[row.shape];
  CHECK(requests.cpu == MilliCpu(12000));
  CHECK(requests.memory == Bytes(16384LL * 1024 * 1024));
  CHECK(requests.pods == 1);
  CHECK(requests.extended.empty());
  CHECK(trace->counts.notes().empty());
}

TEST_CASE("openb: a pod that was never scheduled runs as long as it lived", "[load]") {
  const auto trace = read_openb_rows("a,1,1,0,0,,LS,Pending,100,500,\n");
  REQUIRE(openb_problems(trace) == "(none)");
  CHECK(trace->rows[0].run_for == 400s);
  CHECK(trace->counts.never_placed == 1);
}

TEST_CASE("openb: GPUs, shared ones as whole ones, and what that changes is said", "[load]") {
  const auto trace = read_openb_rows(
      "a,1,1,1,460,,LS,Running,0,1,0\n"
      "b,1,1,1,1000,T4|V100M16,LS,Running,0,1,0\n"
      "c,1,0,8,1000,,LS,Running,0,1,0\n");
  REQUIRE(openb_problems(trace) == "(none)");
  const auto gpus = [&](std::size_t i) {
    return trace->shapes[trace->rows[i].shape].extended.at("nvidia.com/gpu");
  };
  CHECK(gpus(0) == 1);
  CHECK(gpus(1) == 1);
  CHECK(gpus(2) == 8);
  CHECK(trace->rows[0].shape == trace->rows[1].shape);
  CHECK(trace->counts.with_gpu == 3);
  CHECK(trace->counts.shared_gpu == 1);
  CHECK(trace->counts.gpu_models == 1);
  CHECK(trace->counts.zero_memory == 1);
  CHECK(trace->counts.notes() ==
        std::vector<std::string>{
            "1 rows asked for a part of one GPU: each requests one whole nvidia.com/gpu",
            "1 rows named GPU models: ignored",
            "1 rows ask for no memory: their pods request none"});
}

TEST_CASE("openb: rows come by creation time, ties by name, whatever the file's order", "[load]") {
  const auto trace = read_openb_rows(
      "d,1,1,0,0,,LS,Running,7,9,7\n"
      "c,1,1,0,0,,LS,Running,5,9,5\n"
      "a,1,1,0,0,,LS,Running,7,9,7\n"
      "b,1,1,0,0,,LS,Running,5.5,9,6\n");
  REQUIRE(openb_problems(trace) == "(none)");
  std::string order;
  for (const TraceRow& row : trace->rows) order += row.name + std::to_string(row.row) + " ";
  CHECK(order == "c2 b4 a3 d1 ");
  CHECK(trace->rows[1].arrival == 5500ms);
}

TEST_CASE("openb: a window keeps what is created in it and starts at zero", "[load]") {
  const auto trace = read_openb_rows(
      "a,1,1,0,0,,LS,Running,9,99,9\n"
      "b,1,1,1,1,,LS,Running,10,99,12\n"
      "c,1,1,0,0,,LS,Running,19.999,99,20\n"
      "d,1,1,1,1,,LS,Running,20,99,20\n",
      {10s, 20s});
  REQUIRE(openb_problems(trace) == "(none)");
  REQUIRE(trace->rows.size() == 2);
  CHECK(trace->rows[0].name == "b");
  CHECK(trace->rows[0].arrival == 0s);
  CHECK(trace->rows[0].run_for == 87s);
  CHECK(trace->rows[1].arrival == 9999ms);
  CHECK(trace->counts.in_file == 4);
  CHECK(trace->counts.in_window == 2);
  CHECK(trace->counts.shared_gpu == 1);  // of the window only
}

TEST_CASE("openb: each kind of malformed row is named by line and column", "[load]") {
  struct Row {
    const char* row;
    const char* problem;
  };

  const auto row = GENERATE(values<Row>({
      {"a,x,1,0,0,,LS,Running,0,1,0\n",
       "pods.csv:2: cpu_milli: 'x' is not a number; allowed: whole milli-cores, such as 12000\n"},
      {"a,1.5,1,0,0,,LS,Running,0,1,0\n",
       "pods.csv:2: cpu_milli: '1.5' has too many decimals; allowed: whole milli-cores, such as "
       "12000\n"},
      {"a,1,-1,0,0,,LS,Running,0,1,0\n",
       "pods.csv:2: memory_mib: '-1' is negative; allowed: MiB, such as 16384\n"},
      {"a,1,1,,0,,LS,Running,0,1,0\n",
       "pods.csv:2: num_gpu: is missing; allowed: a whole number of GPUs, 0 to 8\n"},
      {"a,1,1,9,1000,,LS,Running,0,1,0\n",
       "pods.csv:2: num_gpu: is above 8; allowed: a whole number of GPUs, 0 to 8\n"},
      {"a,1,1,2,500,,LS,Running,0,1,0\n",
       "pods.csv:2: gpu_milli: does not go with num_gpu; allowed: 0 without GPU, 1 to 1000 with "
       "one, 1000 with several\n"},
      {"a,1,1,0,0,,LS,Running,,1,0\n",
       "pods.csv:2: creation_time: is missing; allowed: seconds from the start of the trace, such "
       "as 427061 or 0.5\n"},
      {"a,1,1,0,0,,LS,Running,5,4,\n",
       "pods.csv:2: deletion_time: is before creation_time; allowed: that time or later\n"},
      {"a,1,1,0,0,,LS,Running,5,9,10\n",
       "pods.csv:2: scheduled_time: is not between creation_time and deletion_time; allowed: "
       "that\n"},
      {"a,1,1,0,0,,LS,Running,5,9,4\n",
       "pods.csv:2: scheduled_time: is not between creation_time and deletion_time; allowed: "
       "that\n"},
      {",1,1,0,0,,LS,Running,5,9,5\n", "pods.csv:2: name: is missing; allowed: a name\n"},
      {"a,1,1,0,0,,LS,Running,5,9,5\na,1,1,0,0,,LS,Running,5,9,5\n",
       "pods.csv:3: name: 'a' stands in the file twice; allowed: a unique name\n"},
      {"a,1,1,0,0,,LS,Running,5,9\n", "pods.csv:2: has 10 fields, it must have 11\n"},
      {"a,1,1,0,0,,LS,Running,5,9,5,6\n", "pods.csv:2: has 12 fields, it must have 11\n"},
      {"\n", "pods.csv:2: has 1 fields, it must have 11\n"},
      {"a,1,1,0,0,,LS,Running,5,9,5",
       "pods.csv:2: the last line is cut short: it must end with a line break\n"},
      {"a,99999999999999999999,1,0,0,,LS,Running,5,9,5\n",
       "pods.csv:2: cpu_milli: '99999999999999999999' is too large; allowed: whole milli-cores, "
       "such as 12000\n"},
  }));
  CAPTURE(row.row);
  CHECK(openb_problems(read_openb_rows(row.row)) == row.problem);
}

TEST_CASE("openb: all that is wrong is said at once, the first twenty of it", "[load]") {
  std::string rows = "a,x,y,0,0,,LS,Running,0,1,0\n";
  for (int i = 0; i < 30; ++i) rows += "bad\n";
  const auto trace = read_openb_rows(rows);
  REQUIRE_FALSE(trace.has_value());
  CHECK(trace.error().count() == 32);
  CHECK(trace.error().first().size() == 20);
  const std::string text = trace.error().text();
  CHECK(text.starts_with("pods.csv:2: cpu_milli: 'x'"));
  CHECK(text.find("pods.csv:2: memory_mib: 'y'") != std::string::npos);
  CHECK(text.ends_with("pods.csv: 12 more problems\n"));
}

TEST_CASE("openb: another header, an empty file, a missing file", "[load]") {
  CHECK(openb_problems(read_openb("id,submission_time\n1,2\n", "pods.csv")) ==
        "pods.csv:1: the columns are 'id,submission_time', they must be "
        "'name,cpu_milli,memory_mib,num_gpu,gpu_milli,gpu_spec,qos,pod_phase,creation_time,"
        "deletion_time,scheduled_time'\n");
  CHECK(openb_problems(read_openb("", "pods.csv")) == "pods.csv: is empty\n");
  CHECK(openb_problems(read_trace_file(read_openb, "no/such.csv")) ==
        "no/such.csv: there is no such file\n");
  CHECK(openb_problems(read_trace_file(read_openb, ".")) == ".: cannot be read as a file\n");
}

TEST_CASE("openb: Windows line ends are the same file", "[load]") {
  std::string text = kOpenbHeader + "a,1,1,0,0,,LS,Running,5,9,5\n";
  for (std::size_t at = 0; (at = text.find('\n', at)) != std::string::npos; at += 2) {
    text.replace(at, 1, "\r\n");
  }
  const auto trace = read_openb(text, "pods.csv");
  REQUIRE(openb_problems(trace) == "(none)");
  CHECK(trace->rows[0].run_for == 4s);
}
