#include "sim/load/trace_problems.h"

#include <fmt/format.h>

namespace casim::sim {

void TraceProblems::add(std::size_t line, const std::string& what) {
  ++count_;
  if (first_.size() == kKept) return;
  first_.push_back(line == 0 ? fmt::format("{}: {}", file_, what)
                             : fmt::format("{}:{}: {}", file_, line, what));
}

std::string TraceProblems::text() const {
  std::string text;
  for (const std::string& problem : first_) text += problem + "\n";
  if (count_ > first_.size()) {
    text += fmt::format("{}: {} more problems\n", file_, count_ - first_.size());
  }
  return text;
}

}  // namespace casim::sim
