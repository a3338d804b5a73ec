#include "src/config/problems.h"

#include <algorithm>
#include <tuple>
#include <utility>

#include <fmt/format.h>

namespace casim::config {
namespace {

constexpr std::size_t kKept = 1000;
constexpr std::size_t kShown = 100;

Problem at_value(Severity severity, const Value& value, std::string path, std::string message) {
  const Origin* origin = value.origin();
  return {severity,        origin != nullptr ? origin->name : std::string(),
          value.line(),    0,
          std::move(path), std::move(message)};
}

}  // namespace

std::string to_string(const Problem& problem) {
  std::string text = problem.file;
  if (problem.line > 0) text += fmt::format("{}{}", text.empty() ? "line " : ":", problem.line);
  if (problem.column > 0) text += fmt::format(":{}", problem.column);
  if (!text.empty()) text += ": ";
  if (problem.severity == Severity::kWarning) text += "warning: ";
  if (!problem.path.empty()) text += problem.path + ": ";
  text += problem.message;
  // Names and texts come from outside: a line stays a line, and a terminal undisturbed.
  std::ranges::replace_if(text, [](unsigned char c) { return c < 0x20 || c == 0x7f; }, '?');
  return text;
}

void Problems::add(Problem problem) {
  if (problem.severity == Severity::kError) ++error_count_;
  if (problems_.size() < kKept) {
    problems_.push_back(std::move(problem));
  } else {
    ++left_out_;
  }
}

void Problems::error(const Value& value, std::string path, std::string message) {
  add(at_value(Severity::kError, value, std::move(path), std::move(message)));
}

void Problems::warning(const Value& value, std::string path, std::string message) {
  add(at_value(Severity::kWarning, value, std::move(path), std::move(message)));
}

std::vector<Problem> Problems::sorted() const {
  std::vector<std::string> files;
  const auto rank = [&files](const std::string& file) {
    return std::ranges::find(files, file) - files.begin();
  };
  for (const Problem& problem : problems_) {
    if (std::ranges::find(files, problem.file) == files.end()) files.push_back(problem.file);
  }
  std::vector<Problem> result = problems_;
  std::ranges::stable_sort(result, {}, [&](const Problem& problem) {
    return std::tuple(rank(problem.file), problem.line, problem.column);
  });
  return result;
}

std::string Problems::text() const {
  std::string result;
  std::size_t shown = 0;
  for (const Problem& problem : sorted()) {
    if (++shown > kShown) break;
    result += to_string(problem) + '\n';
  }
  const std::size_t total = problems_.size() + left_out_;
  if (total > kShown) result += fmt::format("and {} more\n", total - kShown);
  return result;
}

}  // namespace casim::config
