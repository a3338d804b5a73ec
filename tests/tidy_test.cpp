// Style as a unit test: layers, banned calls, sizes. The rules are the tables below.

#include <algorithm>
#include <cctype>
#include <filesystem>
#include <fstream>
#include <map>
#include <set>
#include <sstream>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "tests/catch.h"

namespace {

using Folders = std::set<std::string_view>;

constexpr std::size_t kLinesMax = 400;
constexpr std::size_t kColumnsMax = 100;

// Files that may pass kLinesMax, each with its own limit and the reason in a comment.
const std::map<std::string_view, std::size_t> kLongFiles = {};

// What src/ folders may include of ours, beside themselves. Nothing in src/ includes sim/.
const std::map<std::string_view, Folders> kSrcLayers = {
    {"src/core", {}},
    {"src/config", {"src/core"}},
    {"src/backoff", {"src/core"}},
    {"src/http", {"src/core"}},
    {"src/ec2", {"src/core", "src/config", "src/backoff", "src/http"}},
    {"src/provider", {"src/core", "src/config", "src/backoff", "src/http", "src/ec2"}},
    {"src/proto", {}},
    {"src/server",
     {"src/core", "src/config", "src/backoff", "src/http", "src/ec2", "src/provider", "src/proto"}},
    {"src/live",
     {"src/core", "src/config", "src/backoff", "src/http", "src/ec2", "src/provider", "src/proto",
      "src/server"}},
};

// The world's modules do not include each other, but for these edges. Every module but the kernel
// may also include sim/kernel, sim/events, sim/cluster and the parts of src/ without a wire.
const std::map<std::string_view, Folders> kSimLayers = {
    {"sim/kernel", {}},
    {"sim/events", {}},
    {"sim/cluster", {}},
    {"sim/apiserver", {}},
    {"sim/rpc", {"sim/autoscaler", "src/server", "src/proto"}},
    {"sim/scheduler", {"sim/apiserver"}},
    {"sim/autoscaler", {"sim/apiserver"}},
    {"sim/kubelet", {"sim/apiserver"}},
    {"sim/workloads", {"sim/apiserver"}},
    {"sim/load", {"sim/apiserver"}},
    {"sim/ec2", {"sim/apiserver"}},
    {"sim/paths", {"sim/apiserver"}},
    {"sim/metrics", {}},
    {"sim/report", {"sim/metrics"}},
};
const Folders kSimShared = {"sim/kernel", "sim/events", "sim/cluster"};
const Folders kSrcWithWire = {"src/server", "src/proto", "src/live"};
const Folders kMayIncludeAll = {"sim/scenario", "sim/cli", "tests", "bench"};
const Folders kMayIncludeGrpc = {"src/server", "src/proto", "sim/rpc", "tests", "bench"};

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

bool is_word(char c) { return std::isalnum(static_cast<unsigned char>(c)) != 0 || c == '_'; }

// The text with comments and the insides of literals blanked, line breaks kept.
class Stripper {
 public:
  explicit Stripper(std::string_view text) : text_(text), out_(text) {}

  std::string run() {
    while (at_ < text_.size()) {
      if (next_is("//")) {
        blank_until("\n", 0);
      } else if (next_is("/*")) {
        blank_until("*/", 2);
      } else if (next_is("R\"") && (at_ == 0 || !is_word(text_[at_ - 1]))) {
        const auto open = text_.find('(', at_);
        if (open == std::string_view::npos) break;
        const std::string close = ")" + std::string(text_.substr(at_ + 2, open - at_ - 2)) + "\"";
        blank_until(close, close.size());
      } else if (text_[at_] == '"' || starts_char_literal()) {
        blank_literal(text_[at_]);
      } else {
        ++at_;
      }
    }
    return out_;
  }

 private:
  bool next_is(std::string_view token) const { return text_.substr(at_).starts_with(token); }

  // An apostrophe after a digit separates digits.
  bool starts_char_literal() const {
    return text_[at_] == '\'' &&
           (at_ == 0 || std::isxdigit(static_cast<unsigned char>(text_[at_ - 1])) == 0);
  }

  void blank(std::size_t end) {
    for (; at_ < std::min(end, text_.size()); ++at_) {
      if (text_[at_] != '\n') out_[at_] = ' ';
    }
  }

  void blank_until(std::string_view close, std::size_t take) {
    const auto found = text_.find(close, at_ + 1);
    blank(found == std::string_view::npos ? text_.size() : found + take);
  }

  void blank_literal(char quote) {
    std::size_t end = at_ + 1;
    while (end < text_.size() && text_[end] != quote && text_[end] != '\n') {
      end += text_[end] == '\\' ? 2 : 1;
    }
    blank(end + 1);
  }

  std::string_view text_;
  std::string out_;
  std::size_t at_ = 0;
};

std::vector<std::string> lines_of(const std::string& text) {
  std::vector<std::string> lines;
  std::istringstream in(text);
  for (std::string line; std::getline(in, line);) lines.push_back(line);
  return lines;
}

// "sim/ec2/pools.h" is in "sim/ec2"; "tests/kernel/x.cpp" is in "tests".
std::string folder_of(std::string_view path) {
  const auto first = path.find('/');
  if (first == std::string_view::npos) return {};
  const auto top = path.substr(0, first);
  if (top != "src" && top != "sim") return std::string(top);
  return std::string(path.substr(0, path.find('/', first + 1)));
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

bool may_include(const std::string& from, const std::string& to) {
  if (from == to || kMayIncludeAll.contains(from)) return true;
  if (const auto src = kSrcLayers.find(from); src != kSrcLayers.end()) {
    return src->second.contains(to);
  }
  const auto sim = kSimLayers.find(from);
  if (sim == kSimLayers.end()) return false;  // an unknown folder has no place in the layers yet
  if (from == "sim/kernel") return to == "src/core";
  if (sim->second.contains(to) || kSimShared.contains(to)) return true;
  return kSrcLayers.contains(to) && !kSrcWithWire.contains(to);
}

bool is_grpc(const std::string& file) {
  return file.starts_with("grpcpp/") || file.starts_with("grpc/") || file.ends_with(".grpc.pb.h");
}

bool is_ours(const std::string& folder) {
  const auto top = folder.substr(0, folder.find('/'));
  return top == "src" || top == "sim" || top == "tests" || top == "bench";
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
    if (is_ours(to) && !may_include(folder_, to)) report(folder_ + " may not include " + file);
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
  namespace fs = std::filesystem;
  const fs::path root = fs::current_path();
  std::vector<std::string> paths;
  for (const auto* top : {"src", "sim", "bench", "tests"}) {
    if (!fs::exists(root / top)) continue;
    for (const auto& entry : fs::recursive_directory_iterator(root / top)) {
      const auto extension = entry.path().extension();
      if (!entry.is_regular_file() || (extension != ".h" && extension != ".cpp")) continue;
      paths.push_back(fs::relative(entry.path(), root).generic_string());
    }
  }
  REQUIRE(std::ranges::count(paths, "tests/tidy_test.cpp") == 1);
  std::ranges::sort(paths);
  for (const auto& path : paths) {
    std::ifstream in(root / path);
    std::stringstream text;
    text << in.rdbuf();
    for (const auto& problem : problems_in(path, text.str())) FAIL_CHECK(problem);
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
      {"src/backoff/a.h", "src/http/request.h", false},
      {"src/ec2/a.cpp", "sim/ec2/model.h", false},
      {"src/ec2/a.cpp", "tests/catch.h", false},
      {"src/live/main.cpp", "src/server/server.h", true},
      {"sim/kernel/a.cpp", "src/core/clock.h", true},
      {"sim/kernel/a.cpp", "src/config/value.h", false},
      {"sim/kernel/a.cpp", "sim/events/facts.h", false},
      {"sim/scheduler/a.cpp", "sim/cluster/objects.h", true},
      {"sim/scheduler/a.cpp", "sim/apiserver/api_server.h", true},
      {"sim/scheduler/a.cpp", "sim/autoscaler/loop.h", false},
      {"sim/autoscaler/a.cpp", "src/server/server.h", false},
      {"sim/autoscaler/a.cpp", "src/live/clock.h", false},
      {"sim/apiserver/a.cpp", "sim/cluster/objects.h", true},
      {"sim/cluster/a.cpp", "sim/apiserver/api_server.h", false},
      {"sim/rpc/a.cpp", "sim/autoscaler/provider_rpc.h", true},
      {"sim/rpc/a.cpp", "sim/scheduler/queue.h", false},
      {"sim/metrics/a.cpp", "sim/scheduler/queue.h", false},
      {"sim/report/a.cpp", "sim/metrics/latency.h", true},
      {"sim/scenario/world.cpp", "sim/rpc/client.h", true},
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
