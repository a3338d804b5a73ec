// Style as a unit test: layers, banned calls, sizes. The rules are the tables below.

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <iomanip>
#include <iostream>
#include <iterator>
#include <map>
#include <set>
#include <sstream>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "tests/catch.h"
#include "tests/tidy/folders.h"
#include "tests/tidy/source_text.h"
#include "tests/tidy/sources.h"

using namespace casim::tidy;

namespace {

constexpr std::size_t kLinesMax = 400;
constexpr std::size_t kColumnsMax = 100;

// Files that may pass kLinesMax, each with its own limit and the reason in a comment.
const std::map<std::string_view, std::size_t> kLongFiles = {};

const std::set<std::string_view> kMayIncludeGrpc = {"src/server", "src/proto", "sim/rpc", "tests",
                                                    "bench"};

// A call that reads time, chance or the environment, and the path prefixes that may make it.
struct Ban {
  std::string_view call;
  std::vector<std::string_view> allowed;
};

const std::vector<std::string_view> kWallClock = {"src/live/", "sim/cli/host."};
const std::vector<Ban> kBans = {
    {"steady_clock::now", kWallClock},
    {"system_clock::now", kWallClock},
    {"high_resolution_clock", {}},
    {"time(nullptr)", {}},
    {"time(NULL)", {}},
    {"time(0)", {}},
    {"clock_gettime", kWallClock},
    {"gettimeofday", {}},
    {"this_thread::sleep_for", {}},
    {"this_thread::sleep_until", {}},
    {"usleep(", {}},
    {"nanosleep(", {}},
    {"random_device", {"src/live/"}},
    {"rand(", {}},
    {"srand(", {}},
    {"mt19937", {}},
    {"mt19937_64", {}},
    {"default_random_engine", {}},
    {"asio::detached", {}},
    {"getenv", {"src/live/", "sim/cli/", "tests/"}},
};

const Folder* row_of(std::string_view folder) {
  const auto row = std::ranges::find(folders(), folder, &Folder::path);
  return row == folders().end() ? nullptr : &*row;
}

// The folder of the table that holds a path: "sim/ec2/pools.h" is in "sim/ec2". One without a row
// is its own directory; of tests and benches only the top counts.
std::string folder_of(std::string_view path) {
  const auto slash = path.rfind('/');
  if (slash == std::string_view::npos) return {};
  const auto top = path.substr(0, path.find('/'));
  if (top == "tests" || top == "bench") return std::string(top);
  return std::string(path.substr(0, slash));
}

// The file that a line includes, or nothing.
std::string included_by(const std::string& line, const std::string& stripped) {
  const auto hash = stripped.find_first_not_of(' ');
  if (hash == std::string::npos || stripped[hash] != '#') return {};
  const auto word = stripped.find_first_not_of(' ', hash + 1);
  if (word == std::string::npos || !stripped.substr(word).starts_with("include")) return {};
  const auto open = line.find_first_of("\"<", word);
  if (open == std::string::npos) return {};
  const auto close = line.find_first_of("\">", open + 1);
  if (close == std::string::npos) return {};
  return line.substr(open + 1, close - open - 1);
}

// The folders that a row allows, groups taken apart: of a group those that stand above the row.
std::vector<std::string_view> allowed_by(const Folder& row) {
  std::vector<std::string_view> out;
  for (const std::string_view name : row.may_include) {
    const auto group = std::ranges::find(folder_groups(), name, &FolderGroup::name);
    if (group == folder_groups().end()) {
      out.push_back(name);
    } else {
      std::ranges::copy_if(group->folders, std::back_inserter(out),
                           [&](std::string_view to) { return row_of(to) < &row; });
    }
  }
  return out;
}

bool may_include(const std::string& from, const std::string& to) {
  if (from == to || from == "tests" || from == "bench") return true;
  const Folder* row = row_of(from);
  if (row == nullptr) return false;  // a folder without a row has no place in the layers yet
  const auto allowed = allowed_by(*row);
  return std::ranges::find(allowed, to) != allowed.end();
}

bool is_grpc(const std::string& file) {
  return file.starts_with("grpcpp/") || file.starts_with("grpc/") || file.ends_with(".grpc.pb.h");
}

bool is_ours(const std::string& folder) {
  const auto top = folder.substr(0, folder.find('/'));
  return top == "src" || top == "sim" || top == "oracle" || top == "tests" || top == "bench";
}

std::size_t columns(const std::string& line) {
  return static_cast<std::size_t>(std::count_if(line.begin(), line.end(), [](char c) {
    return (static_cast<unsigned char>(c) & 0xC0U) != 0x80U;  // not a UTF-8 continuation
  }));
}

bool calls(const std::string& stripped, std::string_view call) {
  for (auto at = stripped.find(call); at != std::string::npos; at = stripped.find(call, at + 1)) {
    const auto end = at + call.size();
    const bool starts = at == 0 || !is_word(stripped[at - 1]);
    const bool ends = !is_word(call.back()) || end >= stripped.size() || !is_word(stripped[end]);
    if (starts && ends) return true;
  }
  return false;
}

// What is wrong with one file, as "path:line: problem".
class FileCheck {
 public:
  FileCheck(std::string path, const std::string& text)
      : path_(std::move(path)),
        folder_(folder_of(path_)),
        lines_(lines_of(text)),
        stripped_(lines_of(Stripper(text).run())) {}

  std::vector<std::string> run() {
    check_whole();
    for (at_ = 0; at_ < lines_.size(); ++at_) {
      check_text();
      check_include();
      check_calls();
    }
    return std::move(problems_);
  }

 private:
  void report(const std::string& problem) {
    problems_.push_back(path_ + ":" + std::to_string(at_ + 1) + ": " + problem);
  }

  void check_whole() {
    const auto longer = kLongFiles.find(path_);
    const auto limit = longer == kLongFiles.end() ? kLinesMax : longer->second;
    if (lines_.size() > limit)
      report(std::to_string(lines_.size()) + " lines, look for a second noun");
    const bool guarded = std::any_of(stripped_.begin(), stripped_.end(), [](const auto& line) {
      return line.starts_with("#pragma once") || line.starts_with("#ifndef");
    });
    if (path_.ends_with(".h") && !guarded) report("a header without #pragma once");
  }

  void check_text() {
    const auto& line = lines_[at_];
    if (line.contains('\t')) report("a tab");
    if (columns(line) > kColumnsMax) report(std::to_string(columns(line)) + " columns");
  }

  void check_include() {
    const auto file = included_by(lines_[at_], stripped_[at_]);
    if (file.empty()) return;
    if (is_grpc(file) && !kMayIncludeGrpc.contains(folder_)) {
      report("includes " + file + ", only src/server and sim/rpc may");
    }
    const auto to = folder_of(file);
    if (is_ours(to) && !may_include(folder_, to))
      report("no arrow from " + folder_ + " to " + to + " (" + file + ")");
  }

  void check_calls() {
    for (const auto& ban : kBans) {
      const bool allowed = std::any_of(ban.allowed.begin(), ban.allowed.end(),
                                       [&](auto prefix) { return path_.starts_with(prefix); });
      if (!allowed && calls(stripped_[at_], ban.call)) report(std::string(ban.call) + " is banned");
    }
  }

  std::string path_;
  std::string folder_;
  std::vector<std::string> lines_;
  std::vector<std::string> stripped_;  // as many lines as lines_
  std::size_t at_ = 0;
  std::vector<std::string> problems_;
};

std::vector<std::string> problems_in(const std::string& path, const std::string& text) {
  return FileCheck(path, text).run();
}

}  // namespace

TEST_CASE("every source keeps the layers, the bans and the sizes", "[tidy]") {
  const auto sources = read_sources(std::filesystem::current_path());
  REQUIRE(std::ranges::count(sources, "tests/tidy/tidy_test.cpp", &SourceFile::path) == 1);
  for (const SourceFile& source : sources) {
    for (const auto& problem : problems_in(source.path, source.text)) FAIL_CHECK(problem);
  }
}

TEST_CASE("the table of folders has a row for each, and its arrows run one way", "[tidy]") {
  std::set<std::string> used;
  for (const SourceFile& source : read_sources(std::filesystem::current_path())) {
    used.insert(folder_of(source.path));
  }
  std::set<std::string_view> above;
  for (const Folder& row : folders()) {
    std::cout << std::left << std::setw(30) << row.path << row.holds << "\n";
    std::cout << std::setw(30) << "" << "-> ";
    for (const std::string_view name : row.may_include) std::cout << name << ' ';
    std::cout << "\n";
    CAPTURE(row.path);
    for (const std::string_view to : allowed_by(row)) {
      CAPTURE(to);
      CHECK((row_of(to) == nullptr || above.contains(to)));  // else an arrow runs up
      CHECK(row_of(to) != nullptr);
    }
    CHECK((used.contains(std::string(row.path)) || row.path == "src/proto"));
    above.insert(row.path);
  }
  for (const std::string& folder : used) {
    CAPTURE(folder);
    CHECK((folder == "tests" || folder == "bench" || row_of(folder) != nullptr));
  }
}

TEST_CASE("an include against the layers is found", "[tidy]") {
  struct Row {
    const char* path;
    const char* file;
    bool allowed;
  };

  const auto row = GENERATE(values<Row>({
      {"src/ec2/a.cpp", "src/core/time.h", true},
      {"src/core/a.cpp", "src/ec2/api.h", false},
      {"src/config/a.h", "src/async/gate.h", false},
      {"src/ec2/a.cpp", "sim/ec2/model.h", false},
      {"src/ec2/a.cpp", "tests/catch.h", false},
      {"src/server/a.cpp", "src/provider/provider.h", true},
      {"sim/kernel/a.cpp", "src/core/clock.h", true},
      {"sim/kernel/a.cpp", "src/config/value.h", false},
      {"sim/kernel/a.cpp", "sim/events/facts.h", false},
      {"sim/scheduler/a.cpp", "sim/cluster/objects.h", true},
      {"sim/scheduler/a.cpp", "sim/apiserver/api_server.h", true},
      {"sim/scheduler/a.cpp", "sim/autoscaler/core/loop.h", false},
      {"sim/autoscaler/core/a.cpp", "sim/autoscaler/scaleup/b.h", true},
      {"sim/autoscaler/scaleup/a.cpp", "sim/autoscaler/scaledown/b.h", false},
      {"sim/scenario/a.cpp", "sim/world/world.h", false},
      {"sim/cluster/a.h", "sim/events/facts.h", false},
      {"oracle/loops/a.cpp", "sim/autoscaler/core/autoscaler.h", true},
      {"sim/autoscaler/core/a.cpp", "src/server/server.h", false},
      {"sim/autoscaler/core/a.cpp", "sim/kernel/kernel.h", false},
      {"sim/apiserver/a.cpp", "sim/cluster/objects.h", true},
      {"sim/cluster/a.cpp", "sim/apiserver/api_server.h", false},
      {"sim/rpc/a.cpp", "sim/autoscaler/cloudprovider/provider_rpc.h", true},
      {"sim/rpc/a.cpp", "sim/scheduler/queue.h", false},
      {"sim/metrics/a.cpp", "sim/scheduler/queue.h", false},
      {"sim/report/a.cpp", "sim/metrics/latency.h", true},
      {"sim/world/world.cpp", "sim/rpc/client.h", true},
      {"sim/cli/run.cpp", "sim/report/summary.h", true},
      {"sim/rpc/a.cpp", "grpcpp/grpcpp.h", true},
      {"sim/cli/main.cpp", "grpcpp/grpcpp.h", false},
      {"src/provider/a.cpp", "src/proto/externalgrpc.grpc.pb.h", false},
      {"sim/unheard/a.cpp", "src/core/time.h", false},
      {"sim/ec2/a.cpp", "vector", true},
  }));
  CAPTURE(row.path, row.file);
  const auto text = std::string("#pragma once\n  # include \"") + row.file + "\"\n";
  const auto problems = problems_in(row.path, text);
  CHECK(problems.empty() == row.allowed);
  if (!row.allowed) CHECK(problems.front().starts_with(std::string(row.path) + ":2: "));
}

TEST_CASE("a banned call is found outside its file", "[tidy]") {
  for (const auto& ban : kBans) {
    CAPTURE(ban.call);
    const auto text = "auto x = std::" + std::string(ban.call) + ";\n";
    CHECK(problems_in("sim/ec2/a.cpp", text) ==
          std::vector<std::string>{"sim/ec2/a.cpp:1: " + std::string(ban.call) + " is banned"});
    for (const auto prefix : ban.allowed) {
      CHECK(problems_in(std::string(prefix) + "cpp", text).empty());
    }
  }
}

TEST_CASE("names that contain a banned one, comments and literals are no calls", "[tidy]") {
  const auto* text =
      GENERATE(as<const char*>(), "operand(1);", "int x = 1'000;  // rand( is banned",
               "/* rand(\n srand( */", "f(\"rand(\");", "f(R\"x(\n rand( \")x\");",
               "clock.sleep_for(d);", "virtual_time(nullptr);", "c = '\"'; // rand(");
  CAPTURE(text);
  CHECK(problems_in("sim/ec2/a.cpp", text).empty());
}

TEST_CASE("a call after a literal or a comment is still found", "[tidy]") {
  const auto* text = GENERATE(as<const char*>(), "f(\"\\\"\"); rand();", "c = '\\''; rand();",
                              "/* x */ rand();", "n = 1'000; rand();", "R\"(x)\"; rand();");
  CAPTURE(text);
  CHECK(problems_in("sim/ec2/a.cpp", text).size() == 1);
}

TEST_CASE("tabs, long lines, long files and bare headers are found", "[tidy]") {
  CHECK(problems_in("sim/ec2/a.cpp", "int a;\n\tint b;\n").size() == 1);
  CHECK(problems_in("sim/ec2/a.cpp", std::string(kColumnsMax, 'x') + "\n").empty());
  CHECK(problems_in("sim/ec2/a.cpp", std::string(kColumnsMax + 1, 'x') + "\n").size() == 1);
  CHECK(problems_in("sim/ec2/a.cpp", "// " + std::string(kColumnsMax - 4, 'x') + "é\n").empty());
  std::string long_file;
  for (std::size_t i = 0; i < kLinesMax; ++i) long_file += "int a;\n";
  CHECK(problems_in("sim/ec2/a.cpp", long_file).empty());
  CHECK(problems_in("sim/ec2/a.cpp", long_file + "int a;\n").size() == 1);
  CHECK(problems_in("sim/ec2/a.h", "int a;\n").size() == 1);
  CHECK(problems_in("sim/ec2/a.h", "#pragma once\nint a;\n").empty());
}
