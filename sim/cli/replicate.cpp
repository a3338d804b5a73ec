#include "sim/cli/replicate.h"

#include <fcntl.h>
#include <poll.h>
#include <spawn.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <csignal>
#include <fstream>
#include <map>
#include <system_error>

#include <fmt/format.h>

#include "sim/cli/command.h"
#include "sim/cli/host.h"
#include "sim/cli/interrupt.h"
#include "sim/study/replications.h"
#include "src/config/document.h"
#include "src/config/problems.h"

extern char** environ;

namespace casim::sim {
namespace {

namespace fs = std::filesystem;

constexpr int kPollMs = 5;  // whether a run has ended, or a signal has come

// The first one says what all of them would say of the scenario.
pid_t start(const std::vector<std::string>& command, bool is_first) {
  std::vector<char*> arguments;
  for (const std::string& argument : command)
    arguments.push_back(const_cast<char*>(argument.c_str()));
  arguments.push_back(nullptr);
  posix_spawn_file_actions_t files;
  posix_spawn_file_actions_init(&files);
  posix_spawn_file_actions_addopen(&files, STDOUT_FILENO, "/dev/null", O_WRONLY, 0);
  if (!is_first) posix_spawn_file_actions_addopen(&files, STDERR_FILENO, "/dev/null", O_WRONLY, 0);
  posix_spawnattr_t attributes;
  posix_spawnattr_init(&attributes);
  // Ours wait to be asked for; a run has its own way to wait.
  sigset_t none;
  sigemptyset(&none);
  posix_spawnattr_setsigmask(&attributes, &none);
  posix_spawnattr_setflags(&attributes, POSIX_SPAWN_SETSIGMASK);
  pid_t pid = -1;
  const int error =
      posix_spawn(&pid, "/proc/self/exe", &files, &attributes, arguments.data(), environ);
  posix_spawnattr_destroy(&attributes);
  posix_spawn_file_actions_destroy(&files);
  if (error != 0) throw std::system_error(error, std::generic_category(), "a run cannot start");
  return pid;
}

class Runs {
 public:
  explicit Runs(const ReplicationPlan& plan) : plan_(plan) {}

  // The worst exit code.
  int finish() {
    Interrupt interrupt;
    while (done_ < plan_.runs) {
      if (interrupt.is_requested() && !is_stopping_) stop();
      while (!is_stopping_ && next_ < plan_.runs && static_cast<int>(alive_.size()) < plan_.jobs) {
        launch();
      }
      if (is_stopping_ && alive_.empty()) break;
      if (!reap()) ::poll(nullptr, 0, kPollMs);
    }
    return is_stopping_ ? kInterrupted : worst_;
  }

  int done() const { return done_; }

  fs::path summary_of(int run) const { return folder_of(run) / "summary.json"; }

 private:
  std::uint64_t seed_of(int run) const {
    return plan_.first_seed + static_cast<std::uint64_t>(run);
  }

  fs::path folder_of(int run) const { return plan_.folder / std::to_string(seed_of(run)); }

  void launch() {
    std::vector<std::string> command = plan_.command;
    command.insert(command.end(), {"--seed", std::to_string(seed_of(next_)), "--out",
                                   folder_of(next_).string(), "--quiet"});
    alive_[start(command, next_ == 0)] = next_;
    ++next_;
  }

  void stop() {
    is_stopping_ = true;
    for (const auto& [pid, run] : alive_) ::kill(pid, SIGINT);
  }

  bool reap() {
    int status = 0;
    const pid_t pid = ::waitpid(-1, &status, WNOHANG);
    if (pid <= 0) return false;
    const auto found = alive_.find(pid);
    if (found == alive_.end()) return true;
    const int run = found->second;
    alive_.erase(found);
    const int code = WIFEXITED(status) ? WEXITSTATUS(status) : kInvariantBroken;
    if (code == kInterrupted) return true;
    ++done_;
    worst_ = std::max(worst_, code);
    if (code > kThresholdBroken) {
      fmt::print(stderr, "casim: the run of seed {} ended with exit code {}\n", seed_of(run), code);
    }
    if (!plan_.quiet && is_terminal(STDERR_FILENO)) {
      fmt::print(stderr, "\r  {} of {} runs done{}", done_, plan_.runs,
                 done_ == plan_.runs ? "\n" : "");
    }
    return true;
  }

  const ReplicationPlan& plan_;
  std::map<pid_t, int> alive_;
  int next_ = 0;
  int done_ = 0;
  int worst_ = kOk;
  bool is_stopping_ = false;
};

}  // namespace

int merge_results(const std::vector<fs::path>& summaries, const fs::path& file, bool quiet,
                  bool json) {
  std::vector<config::Value> read;
  for (const fs::path& summary : summaries) {
    config::Problems problems;
    const auto document = config::load_file(summary, problems);
    fmt::print(stderr, "{}", problems.text());
    if (!document || problems.has_errors()) return kBadInput;
    read.push_back(document->root());
  }
  const auto replications = replications_of(read);
  if (!replications) {
    fmt::print(stderr, "casim: {}\n", replications.error());
    return kBadInput;
  }
  const std::string text = config::to_json(to_value(*replications));
  const fs::path temporary = file.string() + ".new";
  std::ofstream out(temporary, std::ios::binary);
  out << text;
  out.close();
  std::error_code error;
  if (out) fs::rename(temporary, file, error);
  if (!out || error) {
    fs::remove(temporary, error);
    fmt::print(stderr, "casim: {}: cannot be written\n", file.string());
    return kBadInput;
  }
  if (json) {
    fmt::print("{}", text);
  } else if (!quiet) {
    fmt::print("{}\n  result {}\n", to_text(*replications), file.string());
  }
  const auto runs = static_cast<std::int64_t>(replications->seeds.size());
  const bool all_held = std::ranges::all_of(
      replications->held, [&](const auto& threshold) { return threshold.second == runs; });
  return all_held ? kOk : kThresholdBroken;
}

int replicate(const ReplicationPlan& plan) {
  std::error_code error;
  fs::create_directories(plan.folder, error);
  if (error) {
    fmt::print(stderr, "casim: {}: {}\n", plan.folder.string(), error.message());
    return kBadInput;
  }
  Runs runs(plan);
  const int code = runs.finish();
  if (code == kInterrupted) {
    fmt::print(stderr, "casim: stopped; {} of {} runs are done and kept in {}\n", runs.done(),
               plan.runs, plan.folder.string());
    return code;
  }
  if (code > kThresholdBroken) return code;
  std::vector<fs::path> summaries;
  for (int run = 0; run < plan.runs; ++run) summaries.push_back(runs.summary_of(run));
  return merge_results(summaries, plan.folder / "runs.json", plan.quiet, plan.json);
}

}  // namespace casim::sim
