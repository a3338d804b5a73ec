// CSV as the traces are written: one header line, commas, no quoting, an empty field is a missing
// value. A cursor over the rows; what is malformed goes to the problems and is skipped.
#pragma once

#include <cstdint>
#include <optional>
#include <string_view>
#include <vector>

#include "sim/load/trace_problems.h"

namespace casim::sim {

// Units of a column, for number().
inline constexpr std::int64_t kTraceSecond = 1'000'000'000;
inline constexpr std::int64_t kTraceMib = 1024 * 1024;

class TraceCsv {
 public:
  // Text and columns outlive the cursor.
  TraceCsv(std::string_view text, std::vector<std::string_view> columns, TraceProblems& problems);

  // To the next row that has all its fields. False at the end, or if the header is another.
  bool next();

  std::size_t line() const { return line_; }  // of the file, from 1

  std::string_view field(std::size_t column) const { return fields_[column]; }

  // The field times `unit`, which must come out whole. Anything else is reported, with `allowed`.
  std::optional<std::int64_t> number(std::size_t column, std::int64_t unit,
                                     std::string_view allowed);
  // Something else is wrong with the field.
  void wrong(std::size_t column, std::string_view what);

 private:
  bool take_line(std::string_view& line);
  void split(std::string_view line);
  bool check_header();

  std::string_view rest_;
  std::vector<std::string_view> columns_;
  TraceProblems& problems_;
  std::vector<std::string_view> fields_;
  std::size_t line_ = 0;
  bool is_cut_ = false;  // the last line has no end
  bool is_readable_;
};

}  // namespace casim::sim
