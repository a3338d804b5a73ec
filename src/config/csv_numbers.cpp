#include "src/config/csv_numbers.h"

#include <algorithm>
#include <charconv>
#include <cmath>
#include <fstream>
#include <optional>
#include <string_view>

#include <fmt/format.h>

#include "src/config/names.h"

namespace casim::config {
namespace {

constexpr std::size_t kKeptOfFile = 10;  // problems of a file

std::vector<std::string_view> split(std::string_view line) {
  if (line.ends_with('\r')) line.remove_suffix(1);
  std::vector<std::string_view> fields;
  for (;;) {
    const std::size_t comma = line.find(',');
    fields.push_back(line.substr(0, comma));
    if (comma == std::string_view::npos) return fields;
    line.remove_prefix(comma + 1);
  }
}

// A broken file may hold anything: keep messages printable and short.
std::string shown(std::string_view text) {
  std::string result(text.substr(0, 40));
  std::ranges::replace_if(result, [](char c) { return c < ' ' || c > '~'; }, '?');
  return result;
}

std::optional<double> number(std::string_view text) {
  double value = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  const bool is_whole = error == std::errc{} && end == text.data() + text.size();
  if (!is_whole || !std::isfinite(value) || value < 0) return std::nullopt;
  return value;
}

class Reader {
 public:
  Reader(const std::filesystem::path& file, const std::vector<std::string>& columns)
      : file_(file), columns_(columns), numbers_(columns.size()) {}

  std::expected<CsvNumbers, std::vector<std::string>> read() {
    std::error_code error;
    std::ifstream stream(file_, std::ios::binary);
    std::string line;
    if (!std::filesystem::is_regular_file(file_, error) || !stream) {
      add(0, std::filesystem::exists(file_, error) ? "cannot be read as a file"
                                                   : "there is no such file");
    } else if (!std::getline(stream, line)) {
      add(0, "is empty");
    } else if (find_columns(line)) {
      for (line_ = 2; std::getline(stream, line); ++line_) take(line);
      if (problems_.empty() && numbers_.front().empty()) add(0, "has no rows below its header");
    }
    if (count_ > kKeptOfFile) {
      problems_.push_back(
          fmt::format("{}: {} more problems", file_.string(), count_ - kKeptOfFile));
    }
    if (!problems_.empty()) return std::unexpected(std::move(problems_));
    return std::move(numbers_);
  }

 private:
  void add(std::size_t line, const std::string& what) {
    if (++count_ > kKeptOfFile) return;
    const std::string name = file_.string();
    problems_.push_back(line == 0 ? fmt::format("{}: {}", name, what)
                                  : fmt::format("{}:{}: {}", name, line, what));
  }

  bool find_columns(std::string_view header) {
    const std::vector<std::string_view> names = split(header);
    width_ = names.size();
    for (const std::string& column : columns_) {
      const auto found = std::ranges::find(names, std::string_view(column));
      if (found == names.end()) {
        add(1, fmt::format("no column \"{}\"{}", column, suggestion(column, names)));
      } else {
        places_.push_back(static_cast<std::size_t>(found - names.begin()));
      }
    }
    return places_.size() == columns_.size();
  }

  void take(std::string_view line) {
    const std::vector<std::string_view> fields = split(line);
    if (fields.size() != width_) {
      add(line_, fmt::format("has {} fields, it must have {}", fields.size(), width_));
      return;
    }
    for (std::size_t i = 0; i < places_.size(); ++i) {
      const std::string_view field = fields[places_[i]];
      const auto value = number(field);
      if (!value) {
        add(line_, fmt::format("{}: \"{}\" is no number; allowed: 0 or more, such as 12 or 0.5",
                               columns_[i], shown(field)));
      }
      numbers_[i].push_back(value.value_or(0));
    }
  }

  const std::filesystem::path& file_;
  const std::vector<std::string>& columns_;
  CsvNumbers numbers_;
  std::vector<std::size_t> places_;
  std::vector<std::string> problems_;
  std::size_t count_ = 0;
  std::size_t width_ = 0;
  std::size_t line_ = 1;
};

}  // namespace

std::expected<CsvNumbers, std::vector<std::string>> read_csv_numbers(
    const std::filesystem::path& file, const std::vector<std::string>& columns) {
  return Reader(file, columns).read();
}

}  // namespace casim::config
