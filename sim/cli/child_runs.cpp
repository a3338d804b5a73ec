#include "sim/cli/child_runs.h"

#include <fcntl.h>
#include <poll.h>
#include <spawn.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <csignal>
#include <map>
#include <system_error>
#include <utility>

#include <fmt/format.h>

#include "sim/cli/command.h"
#include "sim/cli/host.h"
#include "sim/cli/interrupt.h"

extern char** environ;

namespace casim::sim {
namespace {

constexpr int kPollMs = 5;  // whether a run has ended, or a signal has come

// What a run says on stderr, kept in memory until it has ended, so that runs do not talk at once.
class Said {
 public:
  Said() : fd_(::memfd_create("stderr of a run", MFD_CLOEXEC)) {
    if (fd_ < 0) throw std::system_error(errno, std::generic_category(), "a run cannot start");
  }

  ~Said() {
    if (fd_ >= 0) ::close(fd_);
  }

  Said(Said&& other) noexcept : fd_(std::exchange(other.fd_, -1)) {}

  Said& operator=(Said&&) = delete;

  int fd() const { return fd_; }

  std::string text() const {
    std::string out(static_cast<std::size_t>(std::max<off_t>(0, ::lseek(fd_, 0, SEEK_END))), ' ');
    const ssize_t read = ::pread(fd_, out.data(), out.size(), 0);
    out.resize(static_cast<std::size_t>(std::max<ssize_t>(0, read)));
    return out;
  }

 private:
  int fd_;
};

// `may_wait`: negative when the machine has no more processes or memory just now.
pid_t start(const ChildRun& child, const Said& said, bool may_wait) {
  std::vector<char*> arguments;
  for (const std::string& argument : child.command) {
    arguments.push_back(const_cast<char*>(argument.c_str()));
  }
  arguments.push_back(nullptr);
  posix_spawn_file_actions_t files;
  posix_spawn_file_actions_init(&files);
  posix_spawn_file_actions_addopen(&files, STDOUT_FILENO, "/dev/null", O_WRONLY, 0);
  posix_spawn_file_actions_adddup2(&files, said.fd(), STDERR_FILENO);
  posix_spawnattr_t attributes;
  posix_spawnattr_init(&attributes);
  // Our signals wait to be asked for; a run has its own way to wait.
  sigset_t none;
  sigemptyset(&none);
  posix_spawnattr_setsigmask(&attributes, &none);
  posix_spawnattr_setflags(&attributes, POSIX_SPAWN_SETSIGMASK);
  pid_t pid = -1;
  const int error =
      posix_spawn(&pid, "/proc/self/exe", &files, &attributes, arguments.data(), environ);
  posix_spawnattr_destroy(&attributes);
  posix_spawn_file_actions_destroy(&files);
  if (may_wait && (error == EAGAIN || error == ENOMEM)) return -1;
  if (error != 0) throw std::system_error(error, std::generic_category(), "a run cannot start");
  return pid;
}

class Children {
 public:
  Children(const std::vector<ChildRun>& children, int jobs, bool shows_progress)
      : children_(children), jobs_(jobs), shows_progress_(shows_progress) {}

  // What is alive when something goes wrong is stopped and waited for.
  ~Children() {
    for (const auto& [pid, child] : alive_) ::kill(pid, SIGINT);
    for (const auto& [pid, child] : alive_) ::waitpid(pid, nullptr, 0);
  }

  Children(const Children&) = delete;
  Children& operator=(const Children&) = delete;

  ChildrenEnd finish() {
    Interrupt interrupt;
    while (end_.done < count()) {
      if (interrupt.is_requested() && !is_stopping_) stop();
      while (!is_stopping_ && next_ < count() && static_cast<int>(alive_.size()) < jobs_) {
        Said said;
        const pid_t pid = start(children_[static_cast<std::size_t>(next_)], said, !alive_.empty());
        if (pid < 0) break;
        alive_.emplace(pid, Alive{next_++, std::move(said)});
      }
      if (is_stopping_ && alive_.empty()) break;
      if (!reap()) ::poll(nullptr, 0, kPollMs);
    }
    if (is_stopping_) end_.exit_code = kInterrupted;
    return end_;
  }

 private:
  int count() const { return static_cast<int>(children_.size()); }

  void stop() {
    is_stopping_ = true;
    for (const auto& [pid, child] : alive_) ::kill(pid, SIGINT);
  }

  bool reap() {
    int status = 0;
    const pid_t pid = ::waitpid(-1, &status, WNOHANG);
    const auto found = alive_.find(pid);
    if (pid <= 0 || found == alive_.end()) return false;
    const Alive ended = std::move(found->second);
    alive_.erase(found);
    const ChildRun& child = children_[static_cast<std::size_t>(ended.number)];
    const int code = WIFEXITED(status) ? WEXITSTATUS(status) : kInvariantBroken;
    if (WIFSIGNALED(status) && !is_stopping_) {
      fmt::print(stderr, "casim: the run of {} was ended by signal {}\n", child.name,
                 WTERMSIG(status));
    }
    if (code == kInterrupted) {
      if (!is_stopping_) stop();  // somebody stopped that one alone: the rest is no whole either
      return true;
    }
    ++end_.done;
    end_.exit_code = std::max(end_.exit_code, code);
    const bool fails = code > kThresholdBroken;
    if (fails)
      fmt::print(stderr, "casim: the run of {} ended with exit code {}\n", child.name, code);
    if (fails || child.is_heard) fmt::print(stderr, "{}", ended.said.text());
    if (shows_progress_ && is_terminal(STDERR_FILENO)) {
      fmt::print(stderr, "\r  {} of {} runs done{}", end_.done, count(),
                 end_.done == count() ? "\n" : "");
    }
    return true;
  }

  struct Alive {
    int number = 0;  // in children_
    Said said;
  };

  const std::vector<ChildRun>& children_;
  int jobs_;
  bool shows_progress_;
  std::map<pid_t, Alive> alive_;
  int next_ = 0;
  ChildrenEnd end_;
  bool is_stopping_ = false;
};

}  // namespace

ChildrenEnd run_children(const std::vector<ChildRun>& children, int jobs, bool shows_progress) {
  return Children(children, jobs, shows_progress).finish();
}

}  // namespace casim::sim
