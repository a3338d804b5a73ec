// The recorded traces read whole, against what their descriptions say of them. They are not part of
// casim: the folder that holds them is named by CASIM_TRACES.
#include <algorithm>
#include <cstdlib>
#include <filesystem>
#include <map>

#include "sim/load/scaling_trace.h"
#include "sim/load/trace.h"
#include "tests/catch.h"

using namespace casim;
using namespace casim::sim;
using namespace std::chrono_literals;

namespace {

// Empty: it is not there.
std::filesystem::path file(const std::string& name) {
  const char* folder = std::getenv("CASIM_TRACES");
  if (folder == nullptr) return {};
  const std::filesystem::path path = std::filesystem::path(folder) / name;
  return std::filesystem::exists(path) ? path : std::filesystem::path();
}

// The least value that more than the share p of them does not exceed.
double percentile(std::vector<double> values, double p) {
  std::ranges::sort(values);
  const auto at = static_cast<std::size_t>(p * static_cast<double>(values.size()));
  return values[std::min(at, values.size() - 1)];
}

template <class Value>
std::vector<double> each(const Trace& trace, Value value) {
  std::vector<double> out;
  for (const TraceRow& row : trace.rows) out.push_back(value(row));
  return out;
}

double mean(const std::vector<double>& values) {
  double sum = 0;
  for (const double value : values) sum += value;
  return sum / static_cast<double>(values.size());
}

// The most arrivals of one span of calendar time.
int busiest(const Trace& trace, Duration span) {
  std::map<std::int64_t, int> counts;
  int most = 0;
  for (const TraceRow& row : trace.rows) most = std::max(most, ++counts[row.arrival / span]);
  return most;
}

double run_s(const TraceRow& row) { return to_seconds(row.run_for); }

// If each ran from its arrival on.
int most_at_once(const Trace& trace) {
  std::vector<std::pair<Duration, int>> changes;
  for (const TraceRow& row : trace.rows) {
    changes.emplace_back(row.arrival, 1);
    changes.emplace_back(row.arrival + row.run_for, -1);
  }
  std::ranges::sort(changes);
  int now = 0;
  int most = 0;
  for (const auto& [at, change] : changes) most = std::max(most, now += change);
  return most;
}

}  // namespace

TEST_CASE("surf: the files are read whole, as described", "[load]") {
  struct Row {
    const char* name;
    std::size_t jobs;
    int busiest_minute;
    int busiest_hour;
    double p50, p90, p99, max, mean;
    int at_once;
    int ties;
  };

  const auto row = GENERATE(values<Row>({
      {"surf_week_tasks.csv", 6'295, 121, 863, 90, 20'160, 190'950, 432'030, 11'073, 169, 1'799},
      {"surf_month_tasks.csv", 68'648, 190, 2'338, 69, 3'611, 129'266, 435'629, 4'524, 228, 30'210},
      {"surf_halfyear_tasks.csv", 194'917, 201, 2'338, 191, 7'374, 151'167, 435'629, 6'579, 275,
       84'736},
  }));
  const auto path = file("surf-2022/" + std::string(row.name));
  if (path.empty()) {
    WARN("no " << row.name);
    return;
  }
  CAPTURE(row.name);
  const auto trace = read_trace_file(read_surf, path);
  REQUIRE(trace.has_value());
  CHECK(trace->counts.in_file == row.jobs);
  CHECK(trace->rows.size() == row.jobs);
  CHECK(trace->shapes.size() == 1);
  CHECK(trace->shapes[0].cpu == MilliCpu(16'000));
  CHECK(trace->shapes[0].memory == Bytes(100'000'000'000));
  CHECK(busiest(*trace, 1min) == row.busiest_minute);
  CHECK(busiest(*trace, 1h) == row.busiest_hour);
  const std::vector<double> runs = each(*trace, run_s);
  CHECK(percentile(runs, 0.5) == Approx(row.p50).margin(1));
  CHECK(percentile(runs, 0.9) == Approx(row.p90).margin(1));
  CHECK(percentile(runs, 0.99) == Approx(row.p99).margin(1));
  CHECK(percentile(runs, 1) == Approx(row.max).margin(1));
  CHECK(mean(runs) == Approx(row.mean).margin(1));
  CHECK(most_at_once(*trace) == row.at_once);
  int ties = 0;
  for (std::size_t i = 1; i < trace->rows.size(); ++i) {
    ties += trace->rows[i].arrival == trace->rows[i - 1].arrival ? 1 : 0;
  }
  CHECK(ties == row.ties);
}

TEST_CASE("openb: the files are read whole, as described", "[load]") {
  struct Row {
    const char* name;
    std::uint64_t pods, cpu_only, shared, never_placed, models;
    double cpu_p50, cpu_p99, cpu_max, memory_max;
    std::uint64_t commonest;
  };

  const auto row = GENERATE(values<Row>({
      {"openb_pod_list_default.csv", 8'152, 1'088, 3'078, 897, 0, 11.3, 32, 120.2, 720, 1'592},
      {"openb_pod_list_gpuspec33.csv", 8'152, 1'088, 3'078, 897, 2'388, 11.3, 32, 120.2, 720,
       1'592},
      {"openb_pod_list_cpu250.csv", 9'420, 2'356, 3'078, 934, 0, 11.3, 32, 120.2, 720, 1'592},
  }));
  const auto path = file("openb-gpu-2023/" + std::string(row.name));
  if (path.empty()) {
    WARN("no " << row.name);
    return;
  }
  CAPTURE(row.name);
  const auto trace = read_trace_file(read_openb, path);
  REQUIRE(trace.has_value());
  const TraceCounts& counts = trace->counts;
  CHECK(counts.in_file == row.pods);
  CHECK(trace->rows.size() == row.pods);
  CHECK(row.pods - counts.with_gpu == row.cpu_only);
  CHECK(counts.shared_gpu == row.shared);
  CHECK(counts.never_placed == row.never_placed);
  CHECK(counts.gpu_models == row.models);
  const std::vector<double> cpu = each(*trace, [&](const TraceRow& one) {
    return static_cast<double>(trace->shapes[one.shape].cpu.value()) / 1000;
  });
  CHECK(percentile(cpu, 0.5) == Approx(row.cpu_p50).margin(0.05));
  CHECK(percentile(cpu, 0.99) == Approx(row.cpu_p99).margin(0.05));
  CHECK(percentile(cpu, 1) == Approx(row.cpu_max).margin(0.05));
  const std::vector<double> memory = each(*trace, [&](const TraceRow& one) {
    return static_cast<double>(trace->shapes[one.shape].memory.value()) / (1 << 30);
  });
  CHECK(percentile(memory, 1) == Approx(row.memory_max).margin(0.5));
  std::map<std::pair<std::int64_t, std::int64_t>, std::uint64_t> shapes;
  std::uint64_t commonest = 0;
  for (const TraceRow& one : trace->rows) {
    const Resources& requests = trace->shapes[one.shape];
    const std::uint64_t count = ++shapes[{requests.cpu.value(), requests.memory.value()}];
    commonest = std::max(commonest, count);
  }
  CHECK(commonest == row.commonest);
}

TEST_CASE("simkube: the file is read whole, as described", "[load]") {
  const auto path = file("simkube-dsb/dsb_scaling_events.csv");
  if (path.empty()) {
    WARN("no dsb_scaling_events.csv");
    return;
  }
  const auto trace = read_trace_file(read_simkube, path);
  REQUIRE(trace.has_value());
  CHECK(trace->counts.in_file == 46);
  CHECK(trace->counts.played == 46);
  CHECK(trace->deployments.size() == 27);
  std::map<Duration, std::int64_t> changes;
  for (const ScaledDeployment& deployment : trace->deployments) {
    CHECK(deployment.requests.cpu == MilliCpu(1000));
    CHECK(deployment.requests.memory == Bytes(1 << 30));
    std::int64_t before = 0;
    for (const ScalingStep& step : deployment.steps) {
      changes[step.at] += static_cast<std::int64_t>(step.replicas) - before;
      before = static_cast<std::int64_t>(step.replicas);
    }
  }
  CHECK(changes.size() == 18);
  CHECK(changes.begin()->second == 27);
  CHECK(std::next(changes.begin())->first == 423s);
  CHECK(changes.rbegin()->first == 1134s);
  std::int64_t pods = 0;
  std::int64_t most = 0;
  Duration at{};
  for (const auto& [time, change] : changes) {
    pods += change;
    if (pods > most) at = time;
    most = std::max(most, pods);
  }
  CHECK(most == 52);
  CHECK(at == 827s);
  CHECK(pods == 42);
}
