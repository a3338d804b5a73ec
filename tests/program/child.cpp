#include "tests/program/child.h"

#include <csignal>
#include <cstdlib>
#include <fstream>
#include <iterator>

#include <fcntl.h>
#include <poll.h>
#include <sys/wait.h>
#include <unistd.h>
#include <nlohmann/json.hpp>

namespace casim::live {
namespace {

// Number of a member of the last line with that event; 0: none.
int last_number(const std::string& text, const std::string& event, const char* member) {
  int number = 0;
  std::size_t from = 0;
  while (from < text.size()) {
    const std::size_t end = std::min(text.find('\n', from), text.size());
    const auto line = nlohmann::json::parse(text.substr(from, end - from), nullptr, false);
    if (line.is_object() && line.value("event", "") == event) number = line.value(member, 0);
    from = end + 1;
  }
  return number;
}

int counter = 0;

// Ours, or one that is built otherwise: for the thread sanitizer, see tsan.sh.
std::string provider_program() {
  const char* const other = std::getenv("CASIM_PROVIDER_UNDER_TEST");
  return other != nullptr ? other : CASIM_PROVIDER;
}

}  // namespace

void pause_a_moment() { ::poll(nullptr, 0, 10); }

Child::Child(std::vector<std::string> arguments, const std::filesystem::path& folder,
             std::vector<std::string> environment, const std::string& program)
    : output_(folder / ("output-" + std::to_string(++counter))) {
  arguments.insert(arguments.begin(), program.empty() ? provider_program() : program);
  pid_ = ::fork();
  if (pid_ != 0) return;
  const int file = ::open(output_.c_str(), O_WRONLY | O_CREAT | O_TRUNC, 0600);
  ::dup2(file, STDOUT_FILENO);
  ::dup2(file, STDERR_FILENO);
  ::setenv("AWS_ACCESS_KEY_ID", "test", 1);
  ::setenv("AWS_SECRET_ACCESS_KEY", "secret", 1);
  for (std::string& variable : environment) ::putenv(variable.data());
  std::vector<char*> argv;
  for (std::string& argument : arguments) argv.push_back(argument.data());
  argv.push_back(nullptr);
  ::execv(argv.front(), argv.data());
  ::_exit(127);
}

Child::~Child() {
  if (has_ended()) return;
  signal(SIGKILL);
  wait();
}

bool Child::has_ended() {
  if (!is_over_) is_over_ = ::waitpid(pid_, &status_, WNOHANG) == pid_;
  return is_over_;
}

bool Child::wait_until_listening() {
  eventually([this] {
    const std::string said = text();  // once: it grows
    port_ = last_number(said, "listening", "port");
    http_port_ = last_number(said, "listening", "http_port");
    return port_ != 0 || http_port_ != 0 || has_ended();
  });
  return port_ != 0 || http_port_ != 0;
}

std::string Child::text() const {
  std::ifstream in(output_);
  return {std::istreambuf_iterator<char>(in), {}};
}

bool Child::wait_for_text(const std::string& what, int times) {
  return eventually([&] {
    const std::string all = text();
    int seen = 0;
    for (auto at = all.find(what); at != std::string::npos; at = all.find(what, at + 1)) ++seen;
    return seen >= times;
  });
}

void Child::signal(int number) const { ::kill(pid_, number); }

ChildEnd Child::wait() {
  if (!is_over_) {
    ::waitpid(pid_, &status_, 0);
    is_over_ = true;
  }
  return {WIFEXITED(status_) ? WEXITSTATUS(status_) : -1, text()};
}

ChildEnd run_child(std::vector<std::string> arguments, const std::filesystem::path& folder) {
  return Child(std::move(arguments), folder).wait();
}

}  // namespace casim::live
