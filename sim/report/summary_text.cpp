#include <fmt/format.h>

#include "sim/report/summary.h"

namespace casim::sim {
namespace {

constexpr int kLabelWidth = 12;

std::string seconds_text(const std::optional<Duration>& d) {
  if (!d) return "never";
  const double s = to_seconds(*d);
  if (s >= 600) return fmt::format("{:.0f} s", s);
  return fmt::format("{:.{}f} s", s, s >= 100 ? 1 : 2);
}

class Text {
 public:
  explicit Text(const TerminalStyle& style) : style_(style) {}

  void title(std::string_view text) {
    out_ += style_.colour ? fmt::format("\n\033[1m{}\033[0m\n", text) : fmt::format("\n{}\n", text);
  }

  void line(std::string_view label, std::string_view text) {
    out_ += fmt::format("  {:<{}} ", label, kLabelWidth);
    const std::size_t indent = static_cast<std::size_t>(kLabelWidth) + 3;
    wrap(text, indent);
  }

  void raw(std::string_view text) { out_ += text; }

  std::string take() { return std::move(out_); }

 private:
  // Breaks at spaces, so that a narrow terminal does not cut numbers in two.
  void wrap(std::string_view text, std::size_t indent) {
    const auto width = static_cast<std::size_t>(std::max(style_.width, 40));
    std::size_t column = indent;
    for (std::size_t from = 0; from < text.size();) {
      const std::size_t space = std::min(text.find(' ', from), text.size());
      const std::string_view word = text.substr(from, space - from);
      if (column + word.size() > width && column > indent) {
        out_ += "\n" + std::string(indent, ' ');
        column = indent;
      } else if (from > 0) {
        out_ += ' ';
      }
      out_ += word;
      column += word.size() + 1;
      from = space + 1;
    }
    out_ += '\n';
  }

  TerminalStyle style_;
  std::string out_;
};

std::string row(std::string_view name, const Quantiles& q, const std::string& share) {
  std::string text = fmt::format("  {:<12} {:>10} {:>10} {:>10} {:>10}", name, seconds_text(q.p50),
                                 seconds_text(q.p90), seconds_text(q.p99), seconds_text(q.max));
  if (!share.empty()) text += fmt::format(" {:>7}", share);
  return text + '\n';
}

template <int N>
void staged(Text& text, const StagedLatency<N>& latency,
            const std::array<std::string_view, N>& names) {
  text.raw(fmt::format("  {:<12} {:>10} {:>10} {:>10} {:>10} {:>7}\n", "", "p50", "p90", "p99",
                       "max", "tail"));
  for (std::size_t i = 0; i < N; ++i) {
    const std::string share = latency.tail ? fmt::format("{:.1f} %", 100 * (*latency.tail)[i]) : "";
    text.raw(row(names[i], latency.stages[i], share));
  }
  text.raw(row("total", latency.total, ""));
}

std::string counts_text(const Activity::ByName& counts) {
  std::string out;
  for (const auto& [name, count] : counts) {
    out += fmt::format("{}{} {}", out.empty() ? "" : ", ", count, name);
  }
  return out;
}

void pods(Text& text, const Summary& s) {
  text.title("Pods");
  text.line("created",
            fmt::format("{} ({} asked for, {} of them ran)", s.pods.created, s.rows, s.rows_run));
  text.line("now", fmt::format("{} pending, {} starting, {} running, {} completed, {} deleted, "
                               "{} evicted, {} preempted, {} lost",
                               s.pods.pending, s.pods.starting, s.pods.running, s.pods.completed,
                               s.pods.deleted, s.pods.evicted, s.pods.preempted, s.pods.lost));
  if (s.latency.unserved > 0) {
    text.line("unserved",
              fmt::format("{} pods wait though a group could take them", s.latency.unserved));
  }
  constexpr std::size_t kShown = 5;
  for (std::size_t i = 0; i < s.unfit.size() && i < kShown; ++i) {
    text.line(i == 0 ? "never fit" : "", s.unfit[i].name + ": " + s.unfit[i].reason);
  }
  if (s.unfit.size() > kShown) {
    text.line("", fmt::format("and {} more, all in summary.json", s.unfit.size() - kShown));
  }
}

void machines(Text& text, const Summary& s) {
  const Activity& a = s.activity;
  text.title("Nodes");
  text.line("ready", fmt::format("peak {}, {} at the end; {} registered, {} gone; "
                                 "{:.1f} node-hours",
                                 s.nodes.ready_peak, s.nodes.ready_at_end, s.nodes.registered,
                                 s.nodes.gone, s.nodes.node_hours));
  text.line("autoscaler", fmt::format("{} loops, {} scale-ups of {} nodes in all, {} removed",
                                      a.loops, a.scale_ups, a.slots_ordered, a.scale_downs));
  if (!a.loop_errors.empty()) text.line("loop errors", counts_text(a.loop_errors));
  if (!a.slot_failures.empty()) text.line("failed", counts_text(a.slot_failures));
}

void calls(Text& text, const Summary& s) {
  text.title("Calls");
  std::int64_t wire = 0;
  std::int64_t memo = 0;
  for (const auto& [method, count] : s.rpc) {
    wire += count.wire;
    memo += count.memo;
  }
  text.line("rpc", fmt::format("{} calls, {} of them on the wire", wire + memo, wire));
  for (const auto& [method, count] : s.rpc) {
    text.line("", fmt::format("{:>9} {}", count.wire + count.memo, method));
  }
  for (const auto& [action, outcomes] : s.activity.ec2_calls) {
    text.line("ec2", action + ": " + counts_text(outcomes));
  }
}

}  // namespace

std::string to_text(const Summary& s, const TerminalStyle& style) {
  Text text(style);
  text.raw(fmt::format("{}  seed {}  {:.0f} s simulated{}\n", s.scenario, s.seed, to_seconds(s.end),
                       s.partial ? "  PARTIAL: stopped by " + s.stopped_by : ""));
  pods(text, s);
  if (s.latency.scale_up.total.count > 0) {
    text.title(fmt::format("Scale-up latency, by stage ({} pods that waited for a new node)",
                           s.latency.scale_up.total.count));
    staged<kStageCount>(text, s.latency.scale_up, kStageNames);
  }
  if (s.latency.existing_node.total.count > 0) {
    text.title(fmt::format("Latency on nodes that were there ({} pods)",
                           s.latency.existing_node.total.count));
    staged<kPlainStageCount>(text, s.latency.existing_node, kPlainStageNames);
  }
  machines(text, s);
  calls(text, s);
  if (!s.notes.empty()) {
    text.title("Notes");
    for (const std::string& note : s.notes) text.line("note", note);
  }
  text.raw(fmt::format("\n  digest {}  ({} facts, {} events)\n", s.digest, s.facts, s.events));
  return text.take();
}

NodeTotals node_totals(const NodeLedger& nodes, TimePoint end) {
  NodeTotals out;
  for (const NodeRecord& node : nodes.nodes()) {
    if (node.registered == kTimeNever) continue;
    ++out.registered;
    if (node.gone != kTimeNever) ++out.gone;
  }
  out.ready_peak = nodes.peak_ready();
  out.ready_at_end = nodes.ready_now();
  out.node_hours = to_seconds(nodes.node_time(end)) / 3600;
  return out;
}

}  // namespace casim::sim
