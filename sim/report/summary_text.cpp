#include "sim/report/summary_text.h"

#include <algorithm>
#include <functional>
#include <span>
#include <utility>
#include <vector>

#include <fmt/format.h>

#include "sim/report/clock_text.h"
#include "sim/report/wrapped_text.h"

namespace casim::sim {
namespace {

constexpr int kLabelWidth = 12;

using config::Value;

std::string seconds_text(const Value& value) {
  if (value.is_null()) return "never";
  const double s = *value.as_double();
  if (s >= 600) return fmt::format("{:.0f} s", s);
  return fmt::format("{:.{}f} s", s, s >= 100 ? 1 : 2);
}

// What the text prints: summary values by their paths.
class Values {
 public:
  explicit Values(const Summary& summary) : values_(values_of(summary)) {}

  const Value& at(std::string_view path) const { return values_.at(path); }

  std::int64_t count(std::string_view path) const { return *at(path).as_int64(); }

  double number(std::string_view path) const { return *at(path).as_double(); }

  const std::string& text(std::string_view path) const { return *at(path).as_string(); }

  bool flag(std::string_view path) const { return *at(path).as_bool(); }

  const Value::List& list(std::string_view path) const { return *at(path).as_list(); }

  const Value::Object& by_name(std::string_view path) const { return *at(path).as_object(); }

 private:
  SummaryValues values_;
};

class Text {
 public:
  explicit Text(const TerminalStyle& style) : style_(style) {}

  void title(std::string_view text) {
    out_ += style_.colour ? fmt::format("\n\033[1m{}\033[0m\n", text) : fmt::format("\n{}\n", text);
  }

  void line(std::string_view label, std::string_view text) {
    out_ += fmt::format("  {:<{}} ", label, kLabelWidth);
    const std::size_t indent = static_cast<std::size_t>(kLabelWidth) + 3;
    out_ += wrapped(text, indent, style_.width) + '\n';
  }

  void raw(std::string_view text) { out_ += text; }

  std::string take() { return std::move(out_); }

 private:
  TerminalStyle style_;
  std::string out_;
};

std::string row(const Values& values, std::string_view name, const std::string& path,
                const std::string& share) {
  std::string text = fmt::format("  {:<12}", name);
  for (const char* quantile : {".p50", ".p90", ".p99", ".max"}) {
    text += fmt::format(" {:>10}", seconds_text(values.at(path + quantile)));
  }
  if (!share.empty()) text += fmt::format(" {:>7}", share);
  return text + '\n';
}

void staged(Text& text, const Values& values, const std::string& path,
            std::span<const std::string_view> stages) {
  text.raw(fmt::format("  {:<12} {:>10} {:>10} {:>10} {:>10} {:>7}\n", "", "p50", "p90", "p99",
                       "max", "tail"));
  const Value& tail = values.at(path + ".tail.{stage}");
  for (std::string_view stage : stages) {
    const Value& longest = values.at(fmt::format("{}.stages.{}.max", path, stage));
    if (!longest.is_null() && *longest.as_double() == 0) continue;
    const Value* share = tail.find(stage);
    text.raw(row(values, stage, fmt::format("{}.stages.{}", path, stage),
                 share != nullptr ? fmt::format("{:.1f} %", 100 * *share->as_double()) : ""));
  }
  text.raw(row(values, "total", path + ".total", ""));
}

std::string counts_text(const Value::Object& counts) {
  std::string out;
  for (const auto& [name, count] : counts) {
    out += fmt::format("{}{} {}", out.empty() ? "" : ", ", *count.as_int64(), name);
  }
  return out;
}

void unfit_pods(Text& text, const Values& values) {
  constexpr std::size_t kShown = 5;
  const Value::List& pods = values.list("pods.unfit[].pod");
  const Value::List& reasons = values.list("pods.unfit[].reason");
  for (std::size_t i = 0; i < pods.size() && i < kShown; ++i) {
    text.line(i == 0 ? "never fit" : "",
              fmt::format("{}: {}", *pods[i].as_string(), *reasons[i].as_string()));
  }
  if (pods.size() > kShown) {
    text.line("", fmt::format("and {} more, all in summary.json", pods.size() - kShown));
  }
}

std::string since(const JudgedThreshold& one) {
  return one.broken_from ? ", since " + clock_text(*one.broken_from) : "";
}

void thresholds(Text& text, const Summary& summary) {
  if (summary.thresholds.empty()) return;
  text.title("Thresholds");
  for (const JudgedThreshold& one : summary.thresholds) {
    const char* mark = !one.holds ? "?" : *one.holds ? "✓" : "✗";
    text.raw(fmt::format("  {} {:<44} {}{}\n", mark, one.threshold, one.measured, since(one)));
  }
  if (summary.partial) text.line("", "not judged: the run was stopped before its end");
}

void pods(Text& text, const Values& values) {
  text.title("Pods");
  text.line("created",
            fmt::format("{} ({} asked for, {} of them ran)", values.count("pods.created"),
                        values.count("pods.rows"), values.count("pods.rows_run")));
  std::string states;
  for (const char* state :
       {"pending", "starting", "running", "completed", "deleted", "evicted", "preempted", "lost"}) {
    states += fmt::format("{}{} {}", states.empty() ? "" : ", ",
                          values.count(fmt::format("pods.{}", state)), state);
  }
  text.line("now", states);
  if (const auto unserved = values.count("pods.unserved"); unserved > 0) {
    text.line("unserved", fmt::format("{} pods wait though a group could take them", unserved));
  }
  unfit_pods(text, values);
}

// What a user would attack: the stages that make up most of the slowest pods' wait.
void worst_stages(Text& text, const Values& values) {
  const Value& tail = values.at("scale_up_latency.tail.{stage}");
  std::vector<std::pair<double, std::string_view>> shares;
  for (std::string_view stage : kStageNames) {
    if (const Value* share = tail.find(stage)) shares.emplace_back(*share->as_double(), stage);
  }
  std::ranges::stable_sort(shares, std::greater<>{}, &decltype(shares)::value_type::first);
  constexpr double kMost = 0.6;
  double sum = 0;
  std::string names;
  for (std::size_t i = 0; i < shares.size() && sum < kMost; ++i) {
    sum += shares[i].first;
    names += fmt::format("{}{}", names.empty() ? "" : " and ", shares[i].second);
  }
  if (names.empty()) return;
  text.line("", fmt::format("{:.0f} % of the slowest pods' wait is {}", 100 * sum, names));
}

// What was ordered for pods while they waited for another order, or for room.
void waits(Text& text, const Values& values, std::string_view stage) {
  const auto mean = [&](std::string_view part) {
    const Value& value = values.at(fmt::format("scale_up_latency.{}.{}", stage, part));
    return value.is_null() ? 0.0 : *value.as_double();
  };
  const double failed = mean("failed");
  const double displaced = mean("displaced");
  const double blocked = mean("blocked");
  const double total = failed + displaced + blocked;
  if (total < 1) return;
  std::string parts;
  const auto add = [&](double part, const char* what) {
    if (part < total / 100) return;
    parts += fmt::format("{}{:.0f} % {}", parts.empty() ? "" : ", ", 100 * part / total, what);
  };
  add(failed, "an order for the pod was open and failed");
  add(displaced, "other pods took its place");
  add(blocked, "nothing was ordered for it");
  text.line("", fmt::format("{} ({:.1f} s on average): {}", stage, total, parts));
}

void latencies(Text& text, const Values& values) {
  if (const auto pods = values.count("scale_up_latency.total.count"); pods > 0) {
    text.title(
        fmt::format("Scale-up latency, by stage ({} pods that waited for a new node)", pods));
    staged(text, values, "scale_up_latency", kStageNames);
    worst_stages(text, values);
    waits(text, values, "retry");
    waits(text, values, "room");
  }
  if (const auto pods = values.count("existing_node_latency.total.count"); pods > 0) {
    text.title(fmt::format("Latency on nodes that were there ({} pods)", pods));
    staged(text, values, "existing_node_latency", kPlainStageNames);
  }
}

// How each workload with an HPA came behind its load, link by link.
void replicas(Text& text, const Values& values) {
  const auto& hpas = values.by_name("hpas.{name}.rescales");
  if (hpas.empty()) return;
  text.title("Replicas behind their load");
  const auto of = [&values](const std::string& path, std::string_view hpa) -> const Value& {
    return *values.at("hpas.{name}." + path).find(hpa);
  };
  for (const auto& [hpa, rescales] : hpas) {
    const auto peak = [&](std::string_view step) {
      return *of(fmt::format("peak.{}", step), hpa).as_int64();
    };
    const bool has_need = !of("missing.hpa", hpa).is_null();
    text.line(hpa, fmt::format("{} rescales; at most {}{} asked for, {} ran", *rescales.as_int64(),
                               has_need ? fmt::format("{} needed, ", peak("needed")) : "",
                               peak("asked"), peak("running")));
    if (!has_need) continue;
    std::string steps;
    for (std::string_view step : kReplicaSteps) {
      steps += fmt::format("{}{} {}", steps.empty() ? "" : ", ", step,
                           seconds_text(of(fmt::format("reached.{}", step), hpa)));
    }
    text.line("nine tenths", steps);
    std::string links;
    for (std::string_view link : kReplicaLinks) {
      links += fmt::format("{}{} {:.0f}", links.empty() ? "" : ", ", link,
                           *of(fmt::format("missing.{}", link), hpa).as_double());
    }
    text.line("missing", links + " (replica-seconds, by who was next to act)");
  }
}

std::string settled_text(const Value& value) {
  return value.is_null() ? "not settled" : seconds_text(value);
}

void convergence(Text& text, const Values& values) {
  text.title("Convergence: " + values.text("convergence.verdict"));
  text.line("settled", fmt::format("service {}, size {}",
                                   settled_text(values.at("convergence.service_settled")),
                                   settled_text(values.at("convergence.size_settled"))));
  text.line("overshoot",
            fmt::format("{} nodes above the ideal peak; {:.1f} node-hours in excess; {} extra "
                        "reversals; {} nodes lived less than 10 min",
                        values.count("convergence.overshoot"),
                        values.number("convergence.excess_node_hours"),
                        values.count("convergence.extra_reversals"),
                        values.count("convergence.short_lived")));
  const Value::List& verdicts = values.list("convergence.disturbances[].verdict");
  if (verdicts.size() < 2) return;
  constexpr std::size_t kShown = 8;
  const auto each = [&values](std::string_view member) -> const Value::List& {
    return values.list(fmt::format("convergence.disturbances[].{}", member));
  };
  std::size_t shown = 0;
  std::size_t left_out = 0;
  for (std::size_t i = 0; i < verdicts.size(); ++i) {
    const bool is_last = i + 1 == verdicts.size();
    if (!is_last && *verdicts[i].as_string() == "undecided") continue;  // a part of the next
    if (shown == kShown) {
      ++left_out;
      continue;
    }
    ++shown;
    text.line(seconds_text(each("at")[i]),
              fmt::format("{}: {}, service {}, size {}", *each("what")[i].as_string(),
                          *verdicts[i].as_string(), settled_text(each("service_settled")[i]),
                          settled_text(each("size_settled")[i])));
  }
  if (left_out > 0) text.line("", fmt::format("and {} more, all in summary.json", left_out));
}

// Groups that scale-ups left aside for a minute or more, and why.
void passed_over(Text& text, const Values& values) {
  for (const auto& [group, reasons] : values.by_name("groups.{name}.skipped_s.{reason}")) {
    for (const auto& [reason, time] : *reasons.as_object()) {
      if (*time.as_double() < 60) continue;
      text.line("passed over", fmt::format("{} for {}: {}", group, seconds_text(time), reason));
    }
  }
}

void machines(Text& text, const Values& values) {
  text.title("Nodes");
  text.line("ready",
            fmt::format("peak {}, {} at the end; {} registered, {} gone; {:.1f} node-hours",
                        values.count("nodes.ready_peak"), values.count("nodes.ready_at_end"),
                        values.count("nodes.registered"), values.count("nodes.gone"),
                        values.number("nodes.node_hours")));
  if (!values.at("cost.usd").is_null()) {
    const Value& waste = values.at("cost.waste");
    text.line("cost", fmt::format("{:.2f} USD{}", values.number("cost.usd"),
                                  waste.is_null() ? ""
                                                  : fmt::format(", {:.0f} % of it for nothing",
                                                                100 * *waste.as_double())));
  }
  if (const auto never = values.count("machines.never_ready"); never > 0) {
    text.line("never ready", fmt::format("{} machines were paid for and ended, {:.1f} hours", never,
                                         values.number("machines.never_ready_hours")));
  }
  for (const char* what : {"leaked", "doubled"}) {
    const Value& count = values.at(what);
    if (count.is_null() || *count.as_int64() == 0) continue;
    text.line(what, fmt::format("{} machines", *count.as_int64()));
  }
  text.line("autoscaler",
            fmt::format("{} loops, {} scale-ups of {} nodes in all, {} removed",
                        values.count("autoscaler.loops"), values.count("autoscaler.scale_ups"),
                        values.count("autoscaler.slots_ordered"),
                        values.count("autoscaler.nodes_removed")));
  if (const auto interrupted = values.count("spot.interrupted"); interrupted > 0) {
    text.line("spot",
              fmt::format("{} taken back; {} pods evicted, {} lost by it", interrupted,
                          values.count("spot.pods_evicted"), values.count("spot.pods_lost")));
  }
  passed_over(text, values);
  const Value::Object& errors = values.by_name("autoscaler.loop_errors.{type}");
  if (!errors.empty()) text.line("loop errors", counts_text(errors));
  const Value::Object& failures = values.by_name("autoscaler.slot_failures.{code}");
  if (!failures.empty()) text.line("failed", counts_text(failures));
}

void calls(Text& text, const Values& values) {
  const auto sum = [](const Value::Object& counts) {
    std::int64_t total = 0;
    for (const auto& [name, count] : counts) total += *count.as_int64();
    return total;
  };
  text.title("Calls");
  const Value::Object& by_method = values.by_name("rpc.{method}.calls");
  text.line("rpc", fmt::format("{} calls, {} of them on the wire", sum(by_method),
                               sum(values.by_name("rpc.{method}.wire"))));
  for (const auto& [method, count] : by_method) {
    text.line("", fmt::format("{:>9} {}", *count.as_int64(), method));
  }
  for (const auto& [action, outcomes] : values.by_name("ec2.calls.{action}.{outcome}")) {
    text.line("ec2", action + ": " + counts_text(*outcomes.as_object()));
  }
  const Value::Object& retries = values.by_name("ec2.client.{action}.retries");
  const Value::Object& again = values.by_name("ec2.client.{action}.calls_again");
  const Value::Object& backoff = values.by_name("ec2.client.{action}.backoff_s");
  for (std::size_t i = 0; i < retries.size(); ++i) {
    const std::int64_t retried = *retries[i].value.as_int64();
    const std::int64_t made_again = *again[i].value.as_int64();
    if (retried + made_again == 0) continue;
    text.line("retried",
              fmt::format("{}: {} retries, {} calls made again, {:.1f} s in backoff",
                          retries[i].key, retried, made_again, *backoff[i].value.as_double()));
  }
}

void notes(Text& text, const Values& values) {
  const Value::List& notes = values.list("notes[]");
  if (notes.empty()) return;
  text.title("Notes");
  for (const Value& note : notes) text.line("note", *note.as_string());
}

}  // namespace

std::string to_text(const Summary& summary, const TerminalStyle& style) {
  const Values values(summary);
  Text text(style);
  text.raw(fmt::format(
      "{}  seed {}  {:.0f} s simulated{}\n", values.text("scenario"),
      *values.at("seed").as_uint64(), values.number("end_s"),
      values.flag("partial") ? "  PARTIAL: stopped by " + values.text("stopped_by") : ""));
  thresholds(text, summary);
  pods(text, values);
  latencies(text, values);
  convergence(text, values);
  replicas(text, values);
  machines(text, values);
  calls(text, values);
  notes(text, values);
  text.raw(fmt::format("\n  digest {}  ({} facts, {} events)\n", values.text("digest"),
                       values.count("facts"), summary.events));
  return text.take();
}

}  // namespace casim::sim
