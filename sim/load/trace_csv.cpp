#include "sim/load/trace_csv.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include "sim/load/decimal.h"

namespace casim::sim {

namespace {

std::string_view reason(DecimalError error) {
  switch (error) {
    case DecimalError::kNotANumber:
      return "is not a number";
    case DecimalError::kNegative:
      return "is negative";
    case DecimalError::kTooLarge:
      return "is too large";
    case DecimalError::kTooFine:
      return "has too many decimals";
  }
  return "";
}

// A broken file may hold anything: keep messages printable and short.
std::string shown(std::string_view text) {
  constexpr std::size_t kShown = 40;
  std::string result(text.substr(0, kShown));
  for (char& c : result) {
    if (c < ' ' || c > '~') c = '?';
  }
  return text.size() > kShown ? result + "..." : result;
}

}  // namespace

TraceCsv::TraceCsv(std::string_view text, std::vector<std::string_view> columns,
                   TraceProblems& problems)
    : rest_(text),
      columns_(std::move(columns)),
      problems_(problems),
      is_readable_(check_header()) {}

bool TraceCsv::check_header() {
  std::string_view header;
  if (!take_line(header)) {
    problems_.add(0, "is empty");
    return false;
  }
  split(header);
  if (fields_ == columns_) return true;
  problems_.add(line_, fmt::format("the columns are '{}', they must be '{}'", shown(header),
                                   fmt::join(columns_, ",")));
  return false;
}

bool TraceCsv::next() {
  std::string_view line;
  while (is_readable_ && take_line(line)) {
    split(line);
    if (is_cut_) {
      // Its last digits may be missing too, which nobody could see.
      problems_.add(line_, "the last line is cut short: it must end with a line break");
      return false;
    }
    if (fields_.size() == columns_.size()) return true;
    problems_.add(line_,
                  fmt::format("has {} fields, it must have {}", fields_.size(), columns_.size()));
  }
  return false;
}

bool TraceCsv::take_line(std::string_view& line) {
  if (rest_.empty()) return false;
  const std::size_t end = rest_.find('\n');
  is_cut_ = end == std::string_view::npos;
  line = rest_.substr(0, end);
  rest_.remove_prefix(is_cut_ ? rest_.size() : end + 1);
  if (line.ends_with('\r')) line.remove_suffix(1);
  ++line_;
  return true;
}

void TraceCsv::split(std::string_view line) {
  fields_.clear();
  for (;;) {
    const std::size_t comma = line.find(',');
    fields_.push_back(line.substr(0, comma));
    if (comma == std::string_view::npos) return;
    line.remove_prefix(comma + 1);
  }
}

std::optional<std::int64_t> TraceCsv::number(std::size_t column, std::int64_t unit,
                                             std::string_view allowed) {
  const auto parsed = parse_decimal(fields_[column], unit);
  if (parsed) return *parsed;
  if (fields_[column].empty()) {
    wrong(column, fmt::format("is missing; allowed: {}", allowed));
  } else {
    wrong(column, fmt::format("'{}' {}; allowed: {}", shown(fields_[column]),
                              reason(parsed.error()), allowed));
  }
  return std::nullopt;
}

void TraceCsv::wrong(std::size_t column, std::string_view what) {
  problems_.add(line_, fmt::format("{}: {}", columns_[column], what));
}

}  // namespace casim::sim
