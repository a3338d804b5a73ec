// trace.json keeps the rules of the format, and says of pods what pods.csv says.
#include <cmath>

#include "tests/catch.h"
#include "tests/report/program.h"

using namespace casim::sim;
using nlohmann::json;
namespace fs = std::filesystem;

namespace {

using Nanoseconds = std::int64_t;

struct Span {
  Nanoseconds from = 0;
  Nanoseconds to = 0;
  std::string name;
};

using Track = std::pair<int, std::int64_t>;

Nanoseconds nanoseconds(const json& microseconds) {
  return std::llround(microseconds.get<double>() * 1000);
}

Nanoseconds nanoseconds_of_seconds(const std::string& text) {
  const std::size_t dot = text.find('.');
  REQUIRE(text.size() == dot + 10);
  return std::stoll(text.substr(0, dot)) * 1'000'000'000 + std::stoll(text.substr(dot + 1));
}

// Reads a trace event by event, and finds what breaks the rules.
class TraceCheck {
 public:
  void read(const json& trace) {
    for (const json& event : trace["traceEvents"]) {
      const std::string phase = event.at("ph");
      CAPTURE(event.dump());
      CHECK(event.at("ts") >= 0);
      if (phase != "M") processes_used_.insert({event.at("pid"), true});
      take(phase, event);
    }
    for (const auto& [process, used] : processes_used_) {
      CAPTURE(process);
      CHECK(processes_named_.contains(process));
    }
    for (const auto& [id, open] : open_) CHECK(open.empty());
    check_flows();
  }

  // Slices of an async track, the outer one last.
  std::map<std::uint64_t, std::vector<Span>> pods;
  std::map<std::string, int> seen;  // by phase

 private:
  void take(const std::string& phase, const json& event) {
    ++seen[phase];
    if (phase == "M") {
      if (event.at("name") == "process_name") processes_named_[event.at("pid")] = true;
    } else if (phase == "X") {
      add_slice(event);
    } else if (phase == "b" || phase == "e") {
      add_async(event, phase == "b");
    } else if (phase == "s" || phase == "f") {
      add_flow(event, phase == "s");
    } else if (phase == "C") {
      CHECK(event.at("args").at("value").is_number());
    } else {
      CHECK(phase == "i");
      CHECK((event.at("s") == "g" || event.at("s") == "t"));
      order(event);
    }
  }

  // Within a track time does not run back.
  void order(const json& event) {
    const Track track{event.at("pid"), event.at("tid")};
    CHECK(nanoseconds(event.at("ts")) >= last_[track]);
    last_[track] = nanoseconds(event.at("ts"));
  }

  void add_slice(const json& event) {
    order(event);
    const Nanoseconds from = nanoseconds(event.at("ts"));
    const Nanoseconds length = nanoseconds(event.at("dur"));
    CHECK(length >= 0);
    std::vector<Span>& slices = slices_[{event.at("pid"), event.at("tid")}];
    // Each follows the one before it or lies within it; here none does lie within.
    if (!slices.empty()) CHECK((from >= slices.back().to || from + length <= slices.back().to));
    slices.push_back({from, from + length, event.at("name")});
  }

  void add_async(const json& event, bool begins) {
    // Local to a process, or Perfetto 52 puts it beside all processes.
    const std::string local = event.at("id2").at("local");
    const std::pair<std::string, std::uint64_t> id{event.at("cat"), std::stoull(local)};
    std::vector<Span>& open = open_[id];
    const Nanoseconds at = nanoseconds(event.at("ts"));
    if (begins) {
      if (!open.empty()) CHECK(at >= open.back().from);
      open.push_back({at, at, event.at("name")});
      return;
    }
    REQUIRE_FALSE(open.empty());
    CHECK(open.back().name == event.at("name"));
    CHECK(at >= open.back().from);
    open.back().to = at;
    if (id.first == "pod") pods[id.second].push_back(open.back());
    open.pop_back();
  }

  void add_flow(const json& event, bool begins) {
    const Track track{event.at("pid"), event.at("tid")};
    const std::uint64_t id = event.at("id");
    auto& flows = begins ? flows_from_ : flows_to_;
    CHECK_FALSE(flows.contains(id));
    flows[id] = {track, nanoseconds(event.at("ts"))};
    if (!begins) CHECK(event.at("bp") == "e");
  }

  bool is_in_slice(const std::pair<Track, Nanoseconds>& end) const {
    const auto track = slices_.find(end.first);
    if (track == slices_.end()) return false;
    return std::any_of(track->second.begin(), track->second.end(), [&](const Span& slice) {
      return slice.from <= end.second && end.second <= slice.to;
    });
  }

  void check_flows() const {
    CHECK(flows_from_.size() == flows_to_.size());
    for (const auto& [id, from] : flows_from_) {
      CAPTURE(id);
      REQUIRE(flows_to_.contains(id));
      CHECK(flows_to_.at(id).second >= from.second);
      CHECK(is_in_slice(from));
      CHECK(is_in_slice(flows_to_.at(id)));
    }
  }

  std::map<int, bool> processes_used_;
  std::map<int, bool> processes_named_;
  std::map<Track, Nanoseconds> last_;
  std::map<Track, std::vector<Span>> slices_;
  std::map<std::pair<std::string, std::uint64_t>, std::vector<Span>> open_;
  std::map<std::uint64_t, std::pair<Track, Nanoseconds>> flows_from_;
  std::map<std::uint64_t, std::pair<Track, Nanoseconds>> flows_to_;
};

// Stages of pods.csv that took time, in the order of its columns.
std::vector<Span> stages_in(const std::map<std::string, std::string>& row,
                            const std::vector<std::string>& columns) {
  std::vector<Span> out;
  Nanoseconds at = nanoseconds_of_seconds(row.at("created_s"));
  if (const Nanoseconds gated = nanoseconds_of_seconds(row.at("gated_s")); gated != 0) {
    out.push_back({at, at + gated, "gated"});
    at += gated;
  }
  for (const std::string& column : columns) {
    const std::string& text = row.at(column);
    if (text.empty() || nanoseconds_of_seconds(text) == 0) continue;
    const std::string stage = column.substr(0, column.size() - 2);
    const std::string prefix = "existing_";
    const Nanoseconds end = at + nanoseconds_of_seconds(text);
    out.push_back({at, end, stage.starts_with(prefix) ? stage.substr(prefix.size()) : stage});
    at = end;
  }
  return out;
}

std::vector<std::string> stage_columns(const fs::path& csv) {
  std::ifstream in(csv);
  std::string column;
  std::vector<std::string> out;
  std::string line;
  std::getline(in, line);
  std::istringstream columns(line);
  bool is_stage = false;
  while (std::getline(columns, column, ',')) {
    if (column == "never_fits") break;
    if (is_stage) out.push_back(column);
    if (column == "total_s") is_stage = true;
  }
  return out;
}

void check_pods(const TraceCheck& trace, const fs::path& csv) {
  const std::vector<std::string> columns = stage_columns(csv);
  REQUIRE(columns.size() >= 12);
  const auto rows = read_csv(csv);
  std::size_t ran = 0;
  for (std::size_t id = 0; id < rows.size(); ++id) {
    const auto& row = rows[id];
    CAPTURE(row.at("pod"));
    if (row.at("total_s").empty() || !trace.pods.contains(id)) continue;  // DaemonSets
    ++ran;
    const std::vector<Span>& slices = trace.pods.at(id);
    CHECK(slices.back().name == row.at("pod"));
    CHECK(slices.back().from == nanoseconds_of_seconds(row.at("created_s")));
    CHECK(slices.back().to == nanoseconds_of_seconds(row.at("running_s")));
    const std::vector<Span> stages = stages_in(row, columns);
    REQUIRE(stages.size() == slices.size() - 1);
    for (std::size_t i = 0; i < stages.size(); ++i) {
      CHECK(slices[i].name == stages[i].name);
      CHECK(slices[i].from == stages[i].from);
      CHECK(slices[i].to == stages[i].to);
    }
  }
  CHECK(ran > 0);
}

}  // namespace

TEST_CASE("a trace keeps the rules of its format and agrees with pods.csv", "[report]") {
  const ProgramFolder folder("trace_test");
  std::map<std::string, int> seen;
  for (const std::string& name : shipped_scenarios(true)) {
    CAPTURE(name);
    const fs::path out = folder / name;
    REQUIRE(ProgramFolder::run("run scenarios/" + name +
                               ".json --quiet --no-report --trace --pods --out " + out.string()) <=
            1);
    TraceCheck check;
    check.read(json::parse(read_file(out / "trace.json")));
    check_pods(check, out / "pods.csv");
    for (const auto& [phase, count] : check.seen) seen[phase] += count;
    fs::remove_all(out);
  }
  for (const char* phase : {"M", "X", "i", "C", "b", "e", "s", "f"}) {
    CAPTURE(phase);
    CHECK(seen[phase] > 0);
  }
}
