// casim-provider as a child process of a test.
#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include <sys/types.h>

namespace casim::live {

struct ChildEnd {
  int exit_code = -1;  // -1: killed
  std::string text;    // all that it wrote to standard error and output
};

class Child {
 public:
  // Starts it; its output goes to a file in `folder`. Another `program` may stand in its place, if
  // it says in the same words that it listens.
  Child(std::vector<std::string> arguments, const std::filesystem::path& folder,
        std::vector<std::string> environment = {}, const std::string& program = {});
  ~Child();  // kills it
  Child(const Child&) = delete;
  Child& operator=(const Child&) = delete;

  // Waits until it says that it listens, or ends. The ports are of the last such line.
  bool wait_until_listening();

  pid_t pid() const { return pid_; }

  int port() const { return port_; }

  int http_port() const { return http_port_; }

  std::string text() const;
  // Waits until its output has the text so often.
  bool wait_for_text(const std::string& what, int times = 1);
  void signal(int number) const;
  ChildEnd wait();

 private:
  bool has_ended();

  std::filesystem::path output_;
  pid_t pid_ = -1;
  int status_ = 0;
  bool is_over_ = false;
  int port_ = 0;
  int http_port_ = 0;
};

// Runs it to its end.
ChildEnd run_child(std::vector<std::string> arguments, const std::filesystem::path& folder);

// A moment of real time, between two looks.
void pause_a_moment();

// Waits until it holds; false: it did not within a minute.
template <class Condition>
bool eventually(Condition condition) {
  for (int i = 0; i < 6000; ++i) {
    if (condition()) return true;
    pause_a_moment();
  }
  return false;
}

}  // namespace casim::live
