#include "sim/explain/explanation.h"

#include <fmt/format.h>

#include "sim/explain/explain_group.h"
#include "sim/explain/explain_loop.h"
#include "sim/explain/explain_node.h"
#include "sim/explain/explain_pod.h"
#include "sim/report/exact_seconds.h"
#include "sim/report/wrapped_text.h"

namespace casim::sim {
namespace {

constexpr std::size_t kNameWidth = 12;

std::string in_bold(const std::string& text, const TerminalStyle& style) {
  return style.colour ? fmt::format("\033[1m{}\033[0m\n", text) : text + "\n";
}

// Behind a label of `indent` columns; later lines begin below the first.
std::string row(const std::string& label, const std::string& text, const TerminalStyle& style) {
  return label + wrapped(text, label.size(), style.width) + "\n";
}

std::string part_text(const Explanation::Part& part, const Explanation& whole,
                      const TerminalStyle& style) {
  const double share = 100 * to_seconds(part.length) / to_seconds(whole.total);
  std::string out = fmt::format("  {:<{}} {:>16} s {:>5.1f} %\n", part.name, kNameWidth,
                                exact_seconds(part.length), share);
  for (const std::string& cause : part.causes) out += row("      ", cause, style);
  return out;
}

std::string moment_text(const ExplainedMoment& moment, const TerminalStyle& style) {
  std::string text = moment.text;
  if (moment.last != moment.first) {
    text += fmt::format(", until {:.3f} s", to_seconds(moment.last));
  }
  return row(fmt::format("  {:>12.3f} s  ", to_seconds(moment.first)), text, style);
}

}  // namespace

Explanation explain(const Target& target, const ReplayedRun& run, const KeptFacts& kept) {
  switch (target.kind) {
    case SubjectKind::kNode:
      return explain_node(target, run, kept);
    case SubjectKind::kGroup:
      return explain_group(target, run, kept);
    case SubjectKind::kLoop:
      return explain_loop(target, run, kept);
    case SubjectKind::kPod:
    case SubjectKind::kSlowest:
      break;
  }
  return explain_pod(target, run, kept);
}

std::string to_text(const Explanation& explanation, const TerminalStyle& style) {
  std::string out = in_bold(wrapped(explanation.title, 0, style.width), style);
  for (const std::string& sentence : explanation.sentences) out += row("  ", sentence, style);
  if (!explanation.parts.empty()) {
    out += "\n" + in_bold("Where the time went", style);
    for (const Explanation::Part& part : explanation.parts) {
      out += part_text(part, explanation, style);
    }
    out +=
        fmt::format("  {:<{}} {:>16} s\n", "total", kNameWidth, exact_seconds(explanation.total));
  }
  if (!explanation.moments.empty()) out += "\n" + in_bold("What happened", style);
  for (const ExplainedMoment& moment : explanation.moments) out += moment_text(moment, style);
  return out;
}

}  // namespace casim::sim
