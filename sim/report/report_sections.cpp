#include "sim/report/report_sections.h"

#include <algorithm>
#include <span>

#include <fmt/format.h>

#include "sim/metrics/summary_path.h"
#include "sim/report/clock_text.h"

namespace casim::sim {
namespace {

using config::Value;

std::string figure(std::string_view label, const std::string& cell) {
  return fmt::format("<div><dt>{}</dt><dd>{}</dd></div>", label, cell);
}

// The meaning of a stage, which its percentiles carry behind their own.
std::string meaning_of(const SummaryCells& cells, const std::string& path) {
  const auto match = cells.values().match(path);
  if (match.row == nullptr) return "";
  const std::string& meaning = match.row->meaning;
  const std::size_t colon = meaning.rfind(": ");
  return colon == std::string::npos ? meaning : meaning.substr(colon + 2);
}

std::string staged_table(const SummaryCells& cells, const std::string& path,
                         std::span<const std::string_view> stages, char chip) {
  HtmlTable table(
      {"stage", "from where the last one ended", "#p50", "#p90", "#p99", "#max", "#mean", "#tail"});
  const auto add = [&](const std::string& name, const std::string& at, const std::string& meaning,
                       const std::string& tail, std::string_view row_class) {
    std::vector<std::string> row = {name, meaning};
    for (const char* of : {".p50", ".p90", ".p99", ".max", ".mean"}) {
      row.push_back(cells.cell(at + of));
    }
    row.push_back(tail);
    table.row(row, row_class);
  };
  for (std::size_t i = 0; i < stages.size(); ++i) {
    const std::string at = fmt::format("{}.stages.{}", path, stages[i]);
    add(fmt::format("<span class=\"chip {}{}\"></span>{}", chip, i, stages[i]), at,
        escape_html(meaning_of(cells, at + ".p50")),
        cells.cell(path + ".tail.{stage}", {std::string(stages[i])}), "");
  }
  add("total", path + ".total", "created to running", "", "sum");
  return table.html();
}

// A name behind a value that every summary has one of for each name: its rows in `path`.
std::vector<std::string> names_in(const SummaryCells& cells, std::string_view path) {
  std::vector<std::string> names;
  const Value::Object* object = cells.values().at(path).as_object();
  if (object == nullptr) return names;
  for (const auto& [name, value] : *object) names.push_back(name);
  return names;
}

// The stage with the greatest share of the wait of the slowest.
std::string greatest_stage(const SummaryCells& cells) {
  std::string greatest;
  double most = 0;
  const Value* shares = cells.find("scale_up_latency.tail.{stage}");
  if (shares->as_object() == nullptr) return "";
  for (const auto& [stage, share] : *shares->as_object()) {
    if (*share.as_double() <= most) continue;
    most = *share.as_double();
    greatest = stage;
  }
  return greatest;
}

// Leaves of a value below its row's path, each with the names that lead there.
void list_leaves(HtmlTable& table, const SummaryCells& cells, const SummaryValue& row,
                 const Value& value, std::vector<std::string>& names, std::size_t depth) {
  if (names.size() < depth) {
    if (value.as_object() == nullptr) return;
    for (const auto& [name, inner] : *value.as_object()) {
      names.push_back(name);
      list_leaves(table, cells, row, inner, names, depth);
      names.pop_back();
    }
    return;
  }
  std::string path = row.path;
  for (const std::string& name : names) {
    const std::size_t open = path.find('{');
    path.replace(open, path.find('}') + 1 - open, name);
  }
  table.row({escape_html(path), cells.cell(row.path, names), escape_html(row.meaning)});
}

}  // namespace

std::string verdict_html(const Summary& summary) {
  if (summary.partial) {
    return fmt::format("<p class=\"verdict open\">Partial: stopped by {}</p>",
                       escape_html(summary.stopped_by));
  }
  if (summary.thresholds.empty()) return "";
  const auto broken = std::ranges::count_if(
      summary.thresholds, [](const JudgedThreshold& one) { return one.holds == false; });
  if (broken == 0) {
    return fmt::format("<p class=\"verdict good\">✓ {0} of {0} thresholds hold</p>",
                       summary.thresholds.size());
  }
  return fmt::format("<p class=\"verdict bad\">✗ {} of {} thresholds broken</p>", broken,
                     summary.thresholds.size());
}

std::string key_figures_html(const SummaryCells& cells) {
  std::string out;
  const bool waits = cells.count("scale_up_latency.total.count") > 0;
  const std::string latency = waits ? "scale_up_latency.total" : "pod_latency";
  const char* of = waits ? "wait for a new node" : "created to running";
  for (const char* percentile : {"p50", "p99"}) {
    out += figure(fmt::format("{}, {}", of, percentile),
                  cells.cell(fmt::format("{}.{}", latency, percentile)));
  }
  out += figure("pods that ran, of those asked for",
                cells.cell("pods.rows_run") + " / " + cells.cell("pods.rows"));
  out += figure("pods unserved", cells.cell("pods.unserved"));
  out += figure("most nodes Ready", cells.cell("nodes.ready_peak"));
  out += figure("node-hours", cells.bare_cell("nodes.node_hours"));
  out += figure("cost in USD", cells.bare_cell("cost.usd"));
  out += figure("convergence", cells.cell("convergence.verdict"));
  return out;
}

std::string in_words_html(const SummaryCells& cells) {
  if (cells.count("scale_up_latency.total.count") == 0) {
    return "<p class=\"words\">No pod waited for a new node.</p>";
  }
  std::string out = fmt::format(
      "<p class=\"words\">{} pods waited for a new node: half of them ran within {}, 99 % within "
      "{}.",
      cells.cell("scale_up_latency.total.count"), cells.cell("scale_up_latency.total.p50"),
      cells.cell("scale_up_latency.total.p99"));
  const std::string stage = greatest_stage(cells);
  if (!stage.empty()) {
    out += fmt::format(
        " Of the wait of the slowest, {} went into <b>{}</b> (<i>… {}</i>).",
        cells.cell("scale_up_latency.tail.{stage}", {stage}), stage,
        escape_html(meaning_of(cells, fmt::format("scale_up_latency.stages.{}.p50", stage))));
  }
  return out + "</p>";
}

std::string thresholds_html(const Summary& summary) {
  if (summary.thresholds.empty()) return "";
  HtmlTable table({"threshold", "measured", "verdict", "from then on"});
  for (std::size_t i = 0; i < summary.thresholds.size(); ++i) {
    const JudgedThreshold& one = summary.thresholds[i];
    const char* verdict = !one.holds   ? "<span class=\"open\">? not judged</span>"
                          : *one.holds ? "<span class=\"good\">✓ holds</span>"
                                       : "<span class=\"bad\">✗ broken</span>";
    std::string since;
    if (one.broken_from) {
      since = data_cell(config::to_json(Value(to_seconds(*one.broken_from - kTimeZero)), -1),
                        fmt::format("data-path=\"/thresholds/{}/broken_from_s\"", i),
                        "since " + clock_text(*one.broken_from));
    }
    table.row({"<code>" + escape_html(one.threshold) + "</code>",
               data_cell(one.measured, fmt::format("data-path=\"/thresholds/{}/measured\"", i),
                         one.measured),
               verdict, since});
  }
  return table.html();
}

std::string latency_tables_html(const SummaryCells& cells) {
  std::string out;
  if (cells.count("scale_up_latency.total.count") > 0) {
    out += fmt::format("<h3>{} pods that waited for a new node</h3>",
                       cells.cell("scale_up_latency.total.count"));
    out += staged_table(cells, "scale_up_latency", kStageNames, 's');
  }
  if (cells.count("existing_node_latency.total.count") > 0) {
    out += fmt::format("<h3>{} pods on nodes that were there before them</h3>",
                       cells.cell("existing_node_latency.total.count"));
    out += staged_table(cells, "existing_node_latency", kPlainStageNames, 'p');
  }
  if (out.empty()) return "<p>No pod ran.</p>";
  return out +
         "<p class=\"note\">tail: mean share of the stage over the pods at or above the 99th "
         "percentile. Percentiles of stages do not add up, shares do.</p>";
}

std::string calls_html(const SummaryCells& cells) {
  HtmlTable table({"action", "outcome", "#calls", "#retries by the SDK", "#made again", "#backoff",
                   "#held back by the own limit"});
  for (const std::string& action : names_in(cells, "ec2.calls.{action}.{outcome}")) {
    const Value* outcomes = cells.find("ec2.calls.{action}.{outcome}", {action});
    bool is_first = true;
    for (const auto& [outcome, count] : *outcomes->as_object()) {
      std::vector<std::string> row = {
          is_first ? escape_html(action) : "",
          outcome == "ok" ? "ok" : "<span class=\"bad\">" + escape_html(outcome) + "</span>",
          cells.cell("ec2.calls.{action}.{outcome}", {action, outcome})};
      for (const char* of : {"retries", "calls_again", "backoff_s", "limiter_wait_s"}) {
        row.push_back(is_first ? cells.cell(fmt::format("ec2.client.{{action}}.{}", of), {action})
                               : "");
      }
      table.row(row);
      is_first = false;
    }
  }
  const Value* failures = cells.find("autoscaler.slot_failures.{code}");
  if (failures->as_object() == nullptr || failures->as_object()->empty()) return table.html();
  HtmlTable failed({"orders that failed by", "#nodes"});
  for (const std::string& code : names_in(cells, "autoscaler.slot_failures.{code}")) {
    failed.row({escape_html(code), cells.cell("autoscaler.slot_failures.{code}", {code})});
  }
  return table.html() + failed.html();
}

std::string differences_html(const std::vector<ConfigDifference>& differences) {
  HtmlTable table({"value", "this run", "default"});
  for (const ConfigDifference& one : differences) {
    table.row({"<code>" + escape_html(one.path) + "</code>",
               "<code>" + escape_html(one.value) + "</code>",
               one.standard.empty() ? "" : "<code>" + escape_html(one.standard) + "</code>"});
  }
  return table.html();
}

std::string notes_html(const Summary& summary) {
  if (summary.notes.empty()) return "";
  std::string out = "<h2>What the numbers hang on</h2><ul>";
  for (const std::string& note : summary.notes) out += "<li>" + escape_html(note) + "</li>";
  return out + "</ul>";
}

std::string all_values_html(const SummaryCells& cells) {
  HtmlTable table({"value", "#measured", "meaning"});
  for (const SummaryValue& row : cells.values().rows()) {
    const std::vector<PathStep> steps = steps_of(row.path);
    const auto is = [](PathStep::Kind kind) {
      return [kind](const PathStep& step) { return step.kind == kind; };
    };
    if (std::ranges::any_of(steps, is(PathStep::Kind::kEachItem))) continue;
    std::vector<std::string> names;
    list_leaves(
        table, cells, row, row.value, names,
        static_cast<std::size_t>(std::ranges::count_if(steps, is(PathStep::Kind::kAnyName))));
  }
  return table.html();
}

}  // namespace casim::sim
