#include "sim/capacity/capacity_html.h"

#include <algorithm>
#include <array>
#include <set>
#include <string_view>

#include <fmt/format.h>

#include "sim/capacity/conclusions.h"
#include "sim/metrics/latency.h"
#include "sim/report/html_text.h"
#include "sim/report/page_assets.h"
#include "sim/study/summary_leaves.h"
#include "src/core/version.h"

namespace casim::sim {
namespace {

using config::Value;

// Rows of the first table: what people ask of a plan.
struct Row {
  const char* path;
  const char* label;
  bool has_bar = false;  // is drawn to scale over the variants
};

constexpr std::array<Row, 17> kAnswers = {
    {{"pods.created", "pods created"},
     {"scale_up_latency.total.count", "waited for a new node"},
     {"scale_up_latency.total.p50", "their wait, p50", true},
     {"scale_up_latency.total.p99", "their wait, p99", true},
     {"pod_latency.p99", "wait of all pods, p99"},
     {"pods.unserved", "pods unserved"},
     {"convergence.service_settled", "until no pod waits"},
     {"convergence.size_settled", "until the size is right"},
     {"convergence.overshoot", "overshoot"},
     {"nodes.ready_peak", "nodes at the peak", true},
     {"nodes.node_hours", "nodes over time"},
     {"cost.usd", "cost", true},
     {"cost.waste", "of it waste"},
     {"ec2.instances_launched", "instances launched"},
     {"pods.lost", "pods lost with their node"},
     {"leaked", "machines leaked"},
     {"doubled", "machines doubled"}}};

// Without its unit, which stands before the row.
std::string bare_text(double number, const ValueType& type) {
  return figure_text(number, {type.kind, type.unit == "share" ? "share" : ""});
}

// In which the true mean lies, or the runs themselves where they are few; empty: they are one, or
// all the same.
std::string interval_text(const ReplicatedValue& value) {
  if (value.runs.size() < 2) return "";
  const double least = std::ranges::min(value.runs);
  const double most = std::ranges::max(value.runs);
  if (least == most) return "";
  const Interval shown = value.mean.value_or(Interval{least, most});
  return fmt::format("<span class=\"range\">{} to {}</span>", bare_text(shown.low, value.type),
                     bare_text(shown.high, value.type));
}

// The mean of a value over the runs of a variant, with how sure it is.
std::string cell(const std::vector<Variant>& variants, std::size_t of, const std::string& path) {
  const ReplicatedValue* value = variants[of].find(path);
  if (value == nullptr || (value->runs.empty() && value->without == 0)) return "";
  if (const auto mean = variants[of].mean(path)) {
    return data_cell(config::to_json(Value(*mean), -1),
                     fmt::format("data-of=\"{}\" data-path=\"{}\"", of, escape_html(path)),
                     bare_text(*mean, value->type)) +
           interval_text(*value);
  }
  const auto runs = value->runs.size() + static_cast<std::size_t>(value->without);
  const char* none = value->type.unit == "s" ? "never" : "none";
  return runs == 1 ? none : fmt::format("{} in {} of {} runs", none, value->without, runs);
}

std::vector<std::string> columns_of(const std::vector<Variant>& variants, const char* first) {
  std::vector<std::string> columns = {first};
  for (const Variant& variant : variants) columns.push_back("#" + escape_html(variant.label));
  return columns;
}

bool is_in_any(const std::vector<Variant>& variants, const std::string& path) {
  return std::ranges::any_of(variants, [&path](const Variant& variant) {
    const ReplicatedValue* value = variant.find(path);
    return value != nullptr && (!value->runs.empty() || value->without > 0);
  });
}

// "their wait, p99 s"; counts say what they count in their label.
std::string with_unit(const std::vector<Variant>& variants, const std::string& label,
                      const std::string& path) {
  for (const Variant& variant : variants) {
    const ReplicatedValue* value = variant.find(path);
    if (value == nullptr || value->type.kind != ValueType::Kind::kNumber) continue;
    if (value->type.unit.empty() || value->type.unit == "share") continue;
    return fmt::format("{} <span class=\"soft\">{}</span>", label, value->type.unit);
  }
  return label;
}

std::vector<std::string> row_of(const std::vector<Variant>& variants, const std::string& label,
                                const std::string& path) {
  std::vector<std::string> cells = {with_unit(variants, label, path)};
  for (std::size_t i = 0; i < variants.size(); ++i) cells.push_back(cell(variants, i, path));
  return cells;
}

// Below a number, how long it is beside the others.
void add_bars(std::vector<std::string>& cells, const std::vector<Variant>& variants,
              const std::string& path) {
  double most = 0;
  for (const Variant& variant : variants) most = std::max(most, variant.mean(path).value_or(0));
  if (most <= 0) return;
  for (std::size_t i = 0; i < variants.size(); ++i) {
    const double share = variants[i].mean(path).value_or(0) / most;
    cells[i + 1] += fmt::format(
        "<span class=\"bar\" style=\"width:{:.1f}%\"><i class=\"s0\" "
        "style=\"width:100%\"></i></span>",
        100 * share);
  }
}

std::string verdicts_of(const Variant& variant) {
  std::map<std::string, int> counts;
  for (const Value& summary : variant.summaries) {
    const Value* convergence = summary.find("convergence");
    if (convergence != nullptr) ++counts[member_text(*convergence, "verdict")];
  }
  std::string out;
  for (const auto& [verdict, count] : counts) {
    out += fmt::format("{}{}", out.empty() ? "" : ", ", escape_html(verdict));
    if (variant.summaries.size() > 1) out += fmt::format(" in {}", count);
  }
  return out;
}

std::string answers_html(const std::vector<Variant>& variants) {
  HtmlTable table(columns_of(variants, ""));
  std::vector<std::string> verdicts = {"convergence"};
  for (const Variant& variant : variants) verdicts.push_back(verdicts_of(variant));
  table.row(verdicts);
  for (const Row& row : kAnswers) {
    if (!is_in_any(variants, row.path)) continue;
    auto cells = row_of(variants, row.label, row.path);
    if (row.has_bar) add_bars(cells, variants, row.path);
    table.row(cells);
  }
  return table.html();
}

std::string thresholds_html(const std::vector<Variant>& variants) {
  std::set<std::string> thresholds;
  for (const Variant& variant : variants) {
    for (const auto& [threshold, held] : variant.runs.held) thresholds.insert(threshold);
  }
  if (thresholds.empty()) return "<p class=\"note\">No threshold was set.</p>";
  HtmlTable table(columns_of(variants, "threshold"));
  for (const std::string& threshold : thresholds) {
    std::vector<std::string> cells = {"<code>" + escape_html(threshold) + "</code>"};
    for (const Variant& variant : variants) {
      const auto held = variant.runs.held.find(threshold);
      const auto runs = static_cast<std::int64_t>(variant.runs.seeds.size());
      if (held == variant.runs.held.end()) {
        cells.emplace_back("");
      } else if (held->second == runs) {
        cells.emplace_back("<span class=\"good\">✓ holds</span>");
      } else {
        cells.push_back(
            fmt::format("<span class=\"bad\">✗ broken{}</span>",
                        runs == 1 ? "" : fmt::format(" in {} of {}", runs - held->second, runs)));
      }
    }
    table.row(cells);
  }
  return table.html();
}

std::string stage_path(std::string_view stage) {
  return fmt::format("scale_up_latency.stages.{}.mean", stage);
}

// The mean wait of each variant, to one scale, in its stages.
std::string stage_bars_html(const std::vector<Variant>& variants) {
  double longest = 0;
  for (const Variant& variant : variants) {
    longest = std::max(longest, variant.mean("scale_up_latency.total.mean").value_or(0));
  }
  if (longest <= 0) return "<p>No pod waited for a new node.</p>";
  HtmlTable table({"", "~mean wait, by stage"});
  for (const Variant& variant : variants) {
    const double total = variant.mean("scale_up_latency.total.mean").value_or(0);
    std::string bar =
        fmt::format("<span class=\"bar\" style=\"width:{:.2f}%\">", 100 * total / longest);
    for (std::size_t s = 0; total > 0 && s < kStageNames.size(); ++s) {
      const double mean = variant.mean(stage_path(kStageNames[s])).value_or(0);
      bar += fmt::format("<i class=\"s{}\" style=\"width:{:.2f}%\" title=\"{}\"></i>", s,
                         100 * mean / total, kStageNames[s]);
    }
    table.row({escape_html(variant.label), bar + "</span>"});
  }
  return "<div class=\"full\">" + table.html() + "</div>";
}

std::string stages_html(const std::vector<Variant>& variants) {
  if (!is_in_any(variants, "scale_up_latency.total.mean")) return "";
  HtmlTable table(columns_of(variants, "mean of the stage"));
  for (std::size_t s = 0; s < kStageNames.size(); ++s) {
    table.row(row_of(variants, fmt::format("<span class=\"chip s{}\"></span>{}", s, kStageNames[s]),
                     stage_path(kStageNames[s])));
  }
  table.row(row_of(variants, "total", "scale_up_latency.total.mean"), "sum");
  return table.html();
}

std::string paragraphs(const std::vector<std::string>& sentences) {
  std::string out;
  for (const std::string& sentence : sentences) {
    out += "<p class=\"words\">" + escape_html(sentence) + "</p>";
  }
  return out;
}

std::string vcpus_html(const std::vector<Variant>& variants) {
  const auto quotas = names_at(variants, "ec2.vcpus.", ".peak");
  if (quotas.empty()) return "";
  HtmlTable table(columns_of(variants, "vCPUs of the account"));
  for (const std::string& quota : quotas) {
    table.row(row_of(variants, escape_html(quota) + ", at the peak",
                     fmt::format("ec2.vcpus.{}.peak", quota)));
    table.row(row_of(variants, escape_html(quota) + ", allowed",
                     fmt::format("ec2.vcpus.{}.limit", quota)));
  }
  return table.html();
}

std::string calls_html(const std::vector<Variant>& variants) {
  HtmlTable table(columns_of(variants, "calls of the EC2 API"));
  for (const std::string& action : names_at(variants, "ec2.rates.", ".peak_per_s")) {
    table.row(row_of(variants, action + ", in its busiest second",
                     fmt::format("ec2.rates.{}.peak_per_s", action)));
    table.row(row_of(variants, action + ", a second over its busiest minute",
                     fmt::format("ec2.rates.{}.sustained_per_s", action)));
  }
  for (const std::string& outcome : names_at(variants, "ec2.calls.", "")) {
    table.row(row_of(variants, escape_html(outcome), "ec2.calls." + outcome));
  }
  return table.html();
}

std::string differences_html(const std::vector<Variant>& variants) {
  std::string out;
  for (std::size_t i = 1; i < variants.size(); ++i) {
    const auto found = differences_between(variants.front().scenario, variants[i].scenario);
    out += fmt::format("<h3>{}</h3>", escape_html(variants[i].label));
    if (found.empty()) {
      out += "<p>Nothing but the seed.</p>";
      continue;
    }
    HtmlTable table({"value", escape_html(variants.front().label), escape_html(variants[i].label)});
    for (const ScenarioDifference& one : found) {
      table.row({"<code>" + escape_html(one.path) + "</code>",
                 "<code>" + escape_html(one.first.empty() ? "–" : one.first) + "</code>",
                 "<code>" + escape_html(one.other.empty() ? "–" : one.other) + "</code>"});
    }
    out += table.html();
  }
  return out.empty() ? "<p>There is one result only.</p>" : out;
}

std::string results_html(const std::vector<Variant>& variants) {
  HtmlTable table({"", "question", "seeds", "run it again"});
  for (const Variant& variant : variants) {
    const auto& seeds = variant.runs.seeds;
    const std::string range = seeds.size() == 1
                                  ? std::to_string(seeds.front())
                                  : fmt::format("{} to {}", seeds.front(), seeds.back());
    std::string again = fmt::format("casim run {}", (variant.folder / "scenario.json").string());
    if (seeds.size() > 1) again += fmt::format(" --runs {}", seeds.size());
    table.row({escape_html(variant.label),
               escape_html(member_text(variant.summaries.front(), "description")), range,
               "<code>" + escape_html(again) + "</code>"});
  }
  return table.html();
}

std::string footer_of(const std::vector<Variant>& variants) {
  const bool is_one_luck = std::ranges::any_of(
      variants, [](const Variant& variant) { return variant.runs.seeds.size() < 5; });
  return fmt::format(
      "casim {} · numbers are means over the seeds of each result, below them the interval that "
      "holds the true mean with 95 % confidence, where there are 5 seeds or more{}",
      kResultsVersion,
      is_one_luck ? ". A result here has fewer: one seed is one luck, look at several (--runs 20) "
                    "before you plan by it."
                  : ".");
}

}  // namespace

std::string capacity_html(const std::vector<Variant>& variants) {
  std::vector<std::string> labels;
  for (const Variant& variant : variants) labels.push_back(variant.label);
  const std::string title = escape_html(fmt::format("{}", fmt::join(labels, ", ")));
  return fill_page(capacity_template(),
                   {{"version", std::string(kResultsVersion)},
                    {"title", title + " – casim"},
                    {"style", std::string(page_style())},
                    {"count", fmt::format("{} results side by side", variants.size())},
                    {"question", title},
                    {"conclusions", paragraphs(conclusions(variants))},
                    {"answers", answers_html(variants)},
                    {"thresholds", thresholds_html(variants)},
                    {"stage_bars", stage_bars_html(variants)},
                    {"stages", stages_html(variants)},
                    {"requirements_in_words", paragraphs(requirements_in_words(variants))},
                    {"vcpus", vcpus_html(variants)},
                    {"calls", calls_html(variants)},
                    {"differences", differences_html(variants)},
                    {"results", results_html(variants)},
                    {"footer", footer_of(variants)}});
}

}  // namespace casim::sim
