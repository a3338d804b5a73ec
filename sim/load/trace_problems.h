// All that is wrong with a trace file, said at once: "pods.csv:12: num_gpu: ...". The first ones
// are kept, all are counted: a file of the wrong kind must not fill the screen.
#pragma once

#include <cstddef>
#include <string>
#include <vector>

namespace casim::sim {

class TraceProblems {
 public:
  static constexpr std::size_t kKept = 20;

  explicit TraceProblems(std::string file) : file_(std::move(file)) {}

  void add(std::size_t line, const std::string& what);  // line 0: the file as a whole

  bool empty() const { return count_ == 0; }

  std::size_t count() const { return count_; }

  const std::vector<std::string>& first() const { return first_; }

  // One line each, and one more that counts the rest.
  std::string text() const;

 private:
  std::string file_;
  std::vector<std::string> first_;
  std::size_t count_ = 0;
};

}  // namespace casim::sim
