// All that is wrong with a configuration, collected before anything is said, so that a user
// corrects a file once. One line each: "scenarios/x.json:12: node_groups[0].min: 7 is above max 5".
#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

#include "src/config/value.h"

namespace casim::config {

enum class Severity { kError, kWarning };

struct Problem {
  Severity severity = Severity::kError;
  std::string file;  // or the override
  int line = 0;      // 0: unknown
  int column = 0;    // 0: unknown; known for syntax errors
  std::string path;  // "node_groups[2].min"; empty for the whole document
  std::string message;
};

std::string to_string(const Problem& problem);

class Problems {
 public:
  void add(Problem problem);
  // At the place of `value`, which stands at `path`.
  void error(const Value& value, std::string path, std::string message);
  void warning(const Value& value, std::string path, std::string message);

  bool has_errors() const { return error_count_ > 0; }

  std::size_t error_count() const { return error_count_; }

  bool empty() const { return problems_.empty(); }

  // By file (in order of first mention), then line, then order of finding.
  std::vector<Problem> sorted() const;
  // One line each, sorted; at most 100 lines, then the number left out. Empty when there are none.
  std::string text() const;

 private:
  std::vector<Problem> problems_;  // at most kKept: a broken file must not fill the memory
  std::size_t error_count_ = 0;
  std::size_t left_out_ = 0;
};

}  // namespace casim::config
