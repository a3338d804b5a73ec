#include <filesystem>
#include <fstream>
#include <sstream>

#include "sim/report/gzip_file.h"
#include "sim/report/pods_csv.h"
#include "sim/report/result_folder.h"
#include "sim/report/series_csv.h"
#include "sim/report/summary_json.h"
#include "sim/report/summary_text.h"
#include "tests/catch.h"

using namespace casim;
using namespace casim::sim;
using namespace std::chrono_literals;
namespace fs = std::filesystem;

namespace {

// A folder of its own for each test, gone afterwards.
class Scratch {
 public:
  explicit Scratch(const std::string& name)
      : path_(fs::temp_directory_path() / ("casim_report_test_" + name)) {
    fs::remove_all(path_);
    fs::create_directories(path_);
  }

  ~Scratch() { fs::remove_all(path_); }

  fs::path operator/(const std::string& name) const { return path_ / name; }

  std::size_t entries() const {
    return static_cast<std::size_t>(
        std::distance(fs::directory_iterator(path_), fs::directory_iterator()));
  }

 private:
  fs::path path_;
};

void write_file(const ResultFolder& folder, const std::string& file, const std::string& text) {
  REQUIRE(std::ofstream(folder.path(file)) << text);
}

void write_result(const fs::path& target, const std::string& text) {
  auto folder = ResultFolder::open(target);
  REQUIRE(folder);
  write_file(*folder, "summary.json", text);
  write_file(*folder, "scenario.json", "{}");
  REQUIRE(folder->commit());
}

std::string read(const fs::path& file) {
  std::ifstream in(file);
  std::stringstream text;
  text << in.rdbuf();
  return text.str();
}

}  // namespace

TEST_CASE("a result replaces an earlier result whole", "[report]") {
  Scratch scratch("replace");
  write_result(scratch / "out", "one");
  write_result(scratch / "out", "two");
  CHECK(read(scratch / "out" / "summary.json") == "two");
  CHECK(scratch.entries() == 1);
}

TEST_CASE("a folder that is no result is refused and left alone", "[report]") {
  Scratch scratch("refuse");
  fs::create_directory(scratch / "mine");
  std::ofstream(scratch / "mine" / "thesis.txt") << "years of work";
  const auto folder = ResultFolder::open(scratch / "mine");
  REQUIRE_FALSE(folder);
  CHECK(folder.error().message.find("not a result of casim") != std::string::npos);
  CHECK(read(scratch / "mine" / "thesis.txt") == "years of work");
}

TEST_CASE("a result that was not committed leaves nothing behind", "[report]") {
  Scratch scratch("uncommitted");
  {
    auto folder = ResultFolder::open(scratch / "out");
    REQUIRE(folder);
    write_file(*folder, "summary.json", "half");
  }
  CHECK(scratch.entries() == 0);
}

TEST_CASE("a result that is abandoned leaves nothing behind", "[report]") {
  Scratch scratch("abandoned");
  auto folder = ResultFolder::open(scratch / "out");
  REQUIRE(folder);
  for (const char* file : {"summary.json", "scenario.json", "meta.json", "series.csv", "pods.csv",
                           "events.jsonl.gz", "report.html", "trace.json"}) {
    write_file(*folder, file, "half");
  }
  folder->abandon();
  CHECK(scratch.entries() == 0);
}

TEST_CASE("a result below a file is refused", "[report]") {
  Scratch scratch("file");
  std::ofstream(scratch / "file") << "x";
  CHECK_FALSE(ResultFolder::open(scratch / "file" / "out"));
  CHECK_FALSE(ResultFolder::open(scratch / "file"));
}

TEST_CASE("pods.csv prints exact nanoseconds and quotes what must be", "[report]") {
  PodLedger pods;
  NodeLedger nodes;
  nodes.on_fact(kTimeZero, NodeRegistered{NodeId(0), "node-0", "", ""});
  nodes.on_fact(kTimeZero, NodeReady{NodeId(0)});
  pods.on_fact(kTimeZero + 1s, PodCreated{.pod = PodId(0), .workload = WorkloadId(0), .index = 5});
  pods.on_fact(kTimeZero + 1500ms, PodBound{PodId(0), NodeId(0)});
  pods.on_fact(kTimeZero + 2s + 1ns, PodRunning{PodId(0)});
  std::ostringstream out;
  write_pods_csv(out, pods, nodes, [](PodId) { return PodText{"a,b", "w", ""}; });

  std::istringstream lines(out.str());
  std::string header;
  std::string line;
  std::getline(lines, header);
  std::getline(lines, line);
  CHECK(line ==
        "\"a,b\",w,5,,running,node-0,1.000000000,0.000000000,1.500000000,2.000000001,,"
        "1.000000001,,,,,,,,,,,0.500000000,0.000000000,0.500000001,");
  CHECK(std::count(header.begin(), header.end(), ',') ==
        std::count(line.begin(), line.end(), ',') - 1);
}

TEST_CASE("series.csv has a row a step, with the extremes of each gauge", "[report]") {
  PodLedger pods;
  RunSeries series;
  const auto tell = [&](Duration t, const Fact& fact) {
    pods.on_fact(kTimeZero + t, fact);
    series.on_fact(kTimeZero + t, fact, pods);
  };
  tell(0s, GroupTargetChanged{"a,b", 1});
  tell(0s, NodeRegistered{NodeId(0), "node-0", "i-0", "a,b"});
  tell(500ms, PodCreated{PodId(0), WorkloadId(0)});
  tell(700ms, Ec2CallAnswered{"RunInstances", "Throttled", {}});
  series.set_cost_rate(kTimeZero + 500ms, 384'000);
  std::ostringstream out;
  write_series_csv(out, series, kTimeZero + 1250ms);
  CHECK(out.str() ==
        "t_s,step_s,pods_pending,pods_pending_min,pods_pending_max,pods_running,pods_running_min,"
        "pods_running_max,nodes_target,nodes_target_min,nodes_target_max,nodes_ready,"
        "nodes_ready_min,nodes_ready_max,nodes_registered,nodes_registered_min,"
        "nodes_registered_max,cost_usd_per_hour,cost_usd_per_hour_min,cost_usd_per_hour_max,"
        "ec2_calls,ec2_refused,\"target.a,b\",\"target.a,b_min\",\"target.a,b_max\","
        "\"ready.a,b\",\"ready.a,b_min\",\"ready.a,b_max\"\n"
        "0,1,0.5,0,1,0,0,0,1,1,1,0,0,0,1,1,1,0.192,0,0.384,1,1,1,1,1,0,0,0\n"
        "1,0.25,1,1,1,0,0,0,1,1,1,0,0,0,1,1,1,0.384,0.384,0.384,0,0,1,1,1,0,0,0\n");
}

TEST_CASE("the summary is the same bytes each time and keeps null for what never came",
          "[report]") {
  Summary summary;
  summary.scenario = "s";
  summary.latency.scale_up.total = quantiles_of({1s}, 1);
  CHECK(to_json(summary) == to_json(summary));
  CHECK(to_json(summary).find("\"p99\": null") != std::string::npos);
  CHECK(to_text(summary, {}).find("\033") == std::string::npos);
  summary.latency.unserved = 1;
  CHECK(to_text(summary, {}).find("never") != std::string::npos);
}

TEST_CASE("a compressed file holds what was written, in the same bytes each time", "[report]") {
  const Scratch scratch("gzip");
  std::string text;
  for (int i = 0; i < 20'000; ++i) text += "line " + std::to_string(i) + "\n";
  for (const char* name : {"a.gz", "b.gz"}) {
    GzipFile out(scratch / name);
    out << text.substr(0, 7) << text.substr(7);
    CHECK(out.close());
  }
  CHECK(read(scratch / "a.gz") == read(scratch / "b.gz"));
  CHECK(fs::file_size(scratch / "a.gz") < text.size() / 2);
  gzFile in = gzopen((scratch / "a.gz").c_str(), "rb");
  std::string back(text.size() + 1, '\0');
  const int size = gzread(in, back.data(), static_cast<unsigned>(back.size()));
  gzclose(in);
  REQUIRE(size == static_cast<int>(text.size()));
  back.resize(text.size());
  CHECK(back == text);
}

TEST_CASE("a compressed file that cannot be written says so", "[report]") {
  const Scratch scratch("gzip_full");
  CHECK_FALSE(GzipFile(scratch / "missing" / "a.gz").close());
  GzipFile full("/dev/full");
  full << std::string(1 << 20, 'x');
  CHECK_FALSE(full.close());
}
