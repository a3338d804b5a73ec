// The answer to one question about a run: what came of a thing, where its time went and why, and
// what happened in order.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "sim/explain/kept_facts.h"
#include "sim/explain/target.h"
#include "sim/report/summary_text.h"

namespace casim::sim {

// Something that happened, or several things of one kind.
struct ExplainedMoment {
  TimePoint first{};
  TimePoint last{};
  std::string text;
};

struct Explanation {
  // A stretch of its time, with what filled it.
  struct Part {
    std::string name;
    Duration length{};
    std::vector<std::string> causes;
  };

  std::string title;
  std::vector<std::string> sentences;
  std::vector<Part> parts;  // that add up to its wait; those without length are left out
  Duration total{};         // of them
  std::vector<ExplainedMoment> moments;
};

// `kept`: by facts_for(target), over the run.
Explanation explain(const Target& target, const ReplayedRun& run, const KeptFacts& kept);

// For a terminal.
std::string to_text(const Explanation& explanation, const TerminalStyle& style);

}  // namespace casim::sim
