#include <cerrno>
#include <cstdlib>
#include <filesystem>
#include <optional>
#include <set>
#include <system_error>

#include <fmt/format.h>

#include "sim/cli/child_runs.h"
#include "sim/cli/command.h"
#include "sim/cli/options.h"
#include "sim/study/comparison.h"
#include "sim/study/comparison_text.h"
#include "src/config/document.h"
#include "src/config/problems.h"

namespace casim::sim {
namespace {

namespace fs = std::filesystem;

constexpr std::size_t kShownRows = 25;

struct BaselineArguments {
  std::vector<std::string> scenarios;  // files
  fs::path folder;
  int jobs = 1;
  bool check = false;
};

// Gone with the object.
class TemporaryFolder {
 public:
  TemporaryFolder() {
    std::string name = (fs::temp_directory_path() / "casim_baseline.XXXXXX").string();
    if (::mkdtemp(name.data()) == nullptr) {
      throw std::system_error(errno, std::generic_category(), name);
    }
    path_ = name;
  }

  ~TemporaryFolder() {
    std::error_code ignored;
    fs::remove_all(path_, ignored);
  }

  TemporaryFolder(const TemporaryFolder&) = delete;
  TemporaryFolder& operator=(const TemporaryFolder&) = delete;

  const fs::path& path() const { return path_; }

 private:
  fs::path path_;
};

std::string name_of(const std::string& scenario) { return fs::path(scenario).stem().string(); }

std::optional<config::Value> read(const fs::path& file) {
  config::Problems problems;
  const auto document = config::load_file(file, problems);
  fmt::print(stderr, "{}", problems.text());
  if (!document || problems.has_errors()) return std::nullopt;
  return document->root();
}

enum class Verdict { kSame, kChanged, kUnreadable };

// Says what differs.
Verdict judge(const fs::path& baseline, const fs::path& result) {
  const auto now = read(result);
  if (!now) return Verdict::kUnreadable;
  if (!fs::exists(baseline)) {
    fmt::print("{}: new\n", baseline.string());
    return Verdict::kChanged;
  }
  const auto base = read(baseline);
  if (!base) return Verdict::kUnreadable;
  auto comparison = compare_summaries(*base, *now, true);
  if (!comparison) {
    fmt::print(stderr, "casim: {}: {}\n", baseline.string(), comparison.error());
    return Verdict::kUnreadable;
  }
  if (comparison->changed.empty() && !comparison->has_other_digest) return Verdict::kSame;
  fmt::print("{}\n", to_text({*std::move(comparison), {}}, kShownRows));
  return Verdict::kChanged;
}

// In one rename, so that a baseline is either the old one or the new one. False: it was said why
// not.
bool keep(const fs::path& result, const fs::path& baseline) {
  const fs::path temporary = baseline.string() + ".new";
  std::error_code error;
  fs::create_directories(baseline.parent_path(), error);
  if (!error) fs::copy_file(result, temporary, fs::copy_options::overwrite_existing, error);
  if (!error) fs::rename(temporary, baseline, error);
  if (!error) return true;
  fmt::print(stderr, "casim: {}: cannot be written: {}\n", baseline.string(), error.message());
  fs::remove(temporary, error);
  return false;
}

int judge_all(const BaselineArguments& arguments, const fs::path& results) {
  int changed = 0;
  for (const std::string& scenario : arguments.scenarios) {
    const fs::path baseline = arguments.folder / (name_of(scenario) + ".json");
    const fs::path result = results / name_of(scenario) / "summary.json";
    const Verdict verdict = judge(baseline, result);
    if (verdict == Verdict::kUnreadable) return kBadInput;
    if (verdict == Verdict::kSame) continue;
    ++changed;
    if (!arguments.check && !keep(result, baseline)) return kBadInput;
  }
  fmt::print("{} of {} results {}\n", changed, arguments.scenarios.size(),
             arguments.check ? "are not what their baselines say" : "were new or changed");
  return arguments.check && changed > 0 ? kThresholdBroken : kOk;
}

int refresh(const BaselineArguments& arguments) {
  std::set<std::string> names;
  for (const std::string& scenario : arguments.scenarios) {
    if (names.insert(name_of(scenario)).second) continue;
    fmt::print(stderr, "casim: two scenarios are named {}\n", name_of(scenario));
    return kBadInput;
  }
  std::optional<TemporaryFolder> folder;
  try {
    folder.emplace();
  } catch (const std::system_error& e) {
    fmt::print(stderr, "casim: no temporary folder: {}\n", e.what());
    return kBadInput;
  }
  const fs::path& results = folder->path();
  std::vector<ChildRun> children;
  for (const std::string& scenario : arguments.scenarios) {
    const std::string name = name_of(scenario);
    children.push_back(
        {{"casim", "run", scenario, "--quiet", "--out", (results / name).string()}, name, true});
  }
  const ChildrenEnd end = run_children(children, arguments.jobs, true);
  if (end.exit_code > kThresholdBroken) return end.exit_code;
  return judge_all(arguments, results);
}

}  // namespace

int baseline_command(const Arguments& arguments) {
  BaselineArguments baseline;
  std::string folder;
  po::options_description options("options");
  options.add_options()("help,h", "print this")(
      "folder", po::value(&folder)->default_value("reports/baselines"), "where they are kept")(
      "check", po::bool_switch(&baseline.check),
      "write nothing; exit code 1 if a result is not what its baseline says")(
      "jobs,j", po::value(&baseline.jobs)->default_value(1), "so many runs at once")(
      "scenario", po::value(&baseline.scenarios), "scenario files");
  const CommandLine line = parse_command_line(
      arguments, options,
      {"SCENARIO... [options]",
       "Keeps the summaries of scenarios, and says what has changed since they were kept.",
       "casim baseline scenarios/first-burst.json --check"},
      "scenario", -1);
  if (!line.goes_on) return line.exit_code;
  baseline.folder = folder;
  if (baseline.scenarios.empty()) {
    fmt::print(stderr, "casim: baseline needs scenario files\n");
    return kBadInput;
  }
  if (baseline.jobs < 1) {
    fmt::print(stderr, "casim: --jobs takes a number from 1 on, not {}\n", baseline.jobs);
    return kBadInput;
  }
  return refresh(baseline);
}

}  // namespace casim::sim
