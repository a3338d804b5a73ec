#include "sim/report/report_tables.h"

#include <algorithm>
#include <span>

#include <fmt/format.h>

#include "sim/report/clock_text.h"
#include "sim/report/exact_seconds.h"
#include "sim/report/html_text.h"
#include "sim/report/series_csv.h"

namespace casim::sim {
namespace {

constexpr std::size_t kCourseRows = 24;
constexpr std::size_t kDecisionsShown = 500;

std::string span_text(TimePoint from, TimePoint to, TimePoint end) {
  if (from == to) return clock_text(from);
  if (to == kTimeNever || to > end) return clock_text(from) + " to the end";
  return clock_text(from) + " to " + clock_text(to);
}

std::string series_cell(const std::string& column, std::size_t from, std::size_t to,
                        const std::string& value) {
  return data_cell(
      value,
      fmt::format("data-column=\"{}\" data-rows=\"{}-{}\"", escape_html(column), from, to - 1),
      value);
}

// Mean, weighted by the lengths of the rows, and most of the rows [from, to).
std::pair<double, double> mean_and_most(const RunSeries::Quantity& of, const StepSeries::Rows& rows,
                                        std::size_t from, std::size_t to) {
  double sum = 0;
  double length = 0;
  double most = 0;
  for (std::size_t row = from; row < to; ++row) {
    const double seconds = to_seconds(rows.length_of(row));
    sum += rows.mean_of(of.column, row) * seconds;
    length += seconds;
    most = std::max(most, static_cast<double>(rows.of(of.column, row).most));
  }
  return {of.scale * (length > 0 ? sum / length : 0), of.scale * most};
}

std::string count_in(const RunSeries::Quantity& of, const StepSeries::Rows& rows, std::size_t from,
                     std::size_t to) {
  std::int64_t sum = 0;
  for (std::size_t row = from; row < to; ++row) sum += rows.count_of(of.column, row);
  return std::to_string(sum);
}

template <std::size_t N>
std::string stage_bar(const std::array<Duration, N>& stages,
                      const std::array<std::string_view, N>& names, Duration total, double share,
                      char chip) {
  std::string out = fmt::format("<span class=\"bar\" style=\"width:{:.2f}%\">", 100 * share);
  for (std::size_t i = 0; i < N; ++i) {
    if (stages[i] <= Duration{} || total <= Duration{}) continue;
    out += fmt::format("<i class=\"{}{}\" style=\"width:{:.2f}%\" title=\"{} {:.2f} s\"></i>", chip,
                       i, 100 * to_seconds(stages[i]) / to_seconds(total), names[i],
                       to_seconds(stages[i]));
  }
  return out + "</span>";
}

// The stages of a wait that took the most of it, in words beside the bar.
template <std::size_t N>
std::string longest_stages(const std::array<Duration, N>& stages,
                           const std::array<std::string_view, N>& names, const std::string& pod,
                           const char* prefix) {
  std::vector<std::size_t> order;
  for (std::size_t i = 0; i < N; ++i) {
    if (stages[i] > Duration{}) order.push_back(i);
  }
  std::ranges::stable_sort(order,
                           [&](std::size_t a, std::size_t b) { return stages[a] > stages[b]; });
  std::string out;
  for (std::size_t i = 0; i < std::min<std::size_t>(3, order.size()); ++i) {
    const std::size_t stage = order[i];
    out += fmt::format("{}{} {}", i == 0 ? "" : ", ", names[stage],
                       data_cell(exact_seconds(stages[stage]),
                                 fmt::format("data-pod=\"{}\" data-column=\"{}{}_s\"",
                                             escape_html(pod), prefix, names[stage]),
                                 fmt::format("{:.2f} s", to_seconds(stages[stage]))));
  }
  return out;
}

void list_slow_pod(HtmlTable& table, const ReportInput& input, const SlowPod& slow,
                   Duration longest) {
  const PodRecord& pod = input.told.pods().pods()[slow.id.value()];
  const NodeRecord& node = input.told.nodes().nodes().at(pod.node.value());
  const PodText text = input.text_of(slow.id);
  const auto cell = [&text](const char* column, Duration d) {
    return data_cell(
        exact_seconds(d),
        fmt::format("data-pod=\"{}\" data-column=\"{}\"", escape_html(text.name), column),
        fmt::format("{:.2f} s", to_seconds(d)));
  };
  const double share =
      longest > Duration{} ? to_seconds(slow.stages.total) / to_seconds(longest) : 0;
  const bool scales = slow.stages.scale_up;
  const std::string bar =
      scales ? stage_bar(slow.stages.stages, kStageNames, slow.stages.total, share, 's')
             : stage_bar(slow.stages.plain, kPlainStageNames, slow.stages.total, share, 'p');
  const std::string words =
      scales ? longest_stages(slow.stages.stages, kStageNames, text.name, "")
             : longest_stages(slow.stages.plain, kPlainStageNames, text.name, "existing_");
  table.row({escape_html(text.name), escape_html(node.group.empty() ? "(none)" : node.group),
             cell("created_s", pod.created.time_since_epoch()), cell("total_s", slow.stages.total),
             bar + "<span class=\"soft\">" + words + "</span>"});
}

}  // namespace

std::string course_table_html(const RunSeries& series, TimePoint end) {
  const StepSeries::Rows rows(series.steps(), end);
  std::vector<RunSeries::Quantity> shown;
  std::vector<std::string> columns = {"from", "to"};
  for (const RunSeries::Quantity& of : series.quantities()) {
    if (!of.group.empty() || of.name == "nodes_registered") continue;
    shown.push_back(of);
    columns.push_back("#" + of.name);
    if (!of.is_counter) columns.emplace_back("#at most");
  }
  HtmlTable table(columns);
  const std::size_t each = (rows.size() + kCourseRows - 1) / kCourseRows;
  for (std::size_t from = 0; from < rows.size(); from += each) {
    const std::size_t to = std::min(from + each, rows.size());
    std::vector<std::string> cells = {clock_text(rows.begin_of(from)),
                                      clock_text(rows.begin_of(to - 1) + rows.length_of(to - 1))};
    for (const RunSeries::Quantity& of : shown) {
      if (of.is_counter) {
        cells.push_back(series_cell(of.name, from, to, count_in(of, rows, from, to)));
        continue;
      }
      const auto [mean, most] = mean_and_most(of, rows, from, to);
      cells.push_back(series_cell(of.name, from, to, short_number(mean, 2)));
      cells.push_back(series_cell(of.name + "_max", from, to, short_number(most, 6)));
    }
    table.row(cells);
  }
  return table.html() +
         "<p class=\"note\">Means over the time of each row, sums of calls. series.csv has every "
         "step, and each node group.</p>";
}

std::string marks_html(const RunMarks& marks, TimePoint end) {
  if (marks.marks().empty()) return "";
  HtmlTable table({"what disturbed the run", "when"});
  for (const RunMark& mark : marks.marks()) {
    table.row({escape_html(mark.is_fault ? mark.what : mark.what + " down"),
               span_text(mark.from, mark.to, end)});
  }
  std::string more;
  if (marks.left_out() > 0) {
    more = fmt::format("<p class=\"note\">and {} more that are not shown</p>", marks.left_out());
  }
  const bool is_long = marks.marks().size() > 8;
  return fmt::format("<details{}><summary>Faults and outages as a table</summary>{}{}</details>",
                     is_long ? "" : " open", table.html(), more);
}

std::string decisions_html(const DecisionLog& log, TimePoint end) {
  if (log.decisions().empty()) return "<p>The autoscaler ordered and removed nothing.</p>";
  HtmlTable table({"when", "group", "decision", "#nodes", "#pods", "why"});
  const std::size_t shown = std::min(kDecisionsShown, log.decisions().size());
  for (const Decision& of : std::span(log.decisions()).first(shown)) {
    std::string what(name_of(of.kind));
    if (of.decisions > 1) what += fmt::format(" ({} times)", of.decisions);
    table.row({span_text(of.from, of.to, end), escape_html(of.group), what,
               of.nodes > 0 ? std::to_string(of.nodes) : "",
               of.pods > 0 ? std::to_string(of.pods) : "", escape_html(of.reason)});
  }
  std::string notes;
  if (log.window() > Duration{}) {
    notes += fmt::format("Decisions of one group, kind and reason within {} are told as one. ",
                         clock_text(kTimeZero + log.window()));
  }
  if (shown < log.decisions().size()) {
    notes += fmt::format("The first {} of {}; the chart has all.", shown, log.decisions().size());
  }
  return table.html() + (notes.empty() ? "" : "<p class=\"note\">" + notes + "</p>");
}

std::string bands_table_html(const std::vector<WaitBand>& bands) {
  std::vector<std::string> columns = {"percentile", "#pods"};
  for (const std::string_view stage : kStageNames) columns.push_back("#" + std::string(stage));
  columns.emplace_back("#total");
  HtmlTable table(columns);
  for (const WaitBand& band : bands) {
    std::vector<std::string> cells = {band.name, std::to_string(band.pods)};
    Duration total{};
    for (const Duration d : band.mean) {
      cells.push_back(fmt::format("{:.2f} s", to_seconds(d)));
      total += d;
    }
    cells.push_back(fmt::format("{:.2f} s", to_seconds(total)));
    table.row(cells);
  }
  return table.html() +
         "<p class=\"note\">Pods that waited for a new node and ran, in order of their wait; of "
         "each band the mean of every stage.</p>";
}

std::string slowest_html(const ReportInput& input, const PodWaits& waits) {
  std::string out;
  if (waits.never_count > 0) {
    HtmlTable never({"pods that still waited at the end", "#created", "why no node can hold it"});
    for (const PodId id : waits.never) {
      const PodText text = input.text_of(id);
      const PodRecord& pod = input.told.pods().pods()[id.value()];
      never.row({escape_html(text.name),
                 data_cell(exact_seconds(pod.created),
                           fmt::format("data-pod=\"{}\" data-column=\"created_s\"",
                                       escape_html(text.name)),
                           fmt::format("{:.2f} s", to_seconds(pod.created))),
                 escape_html(text.unfit)});
    }
    out += never.html();
    out += fmt::format("<p class=\"note\">The oldest {} of {}.</p>", waits.never.size(),
                       waits.never_count);
  }
  if (waits.slowest.empty()) return out + "<p>No pod ran.</p>";
  HtmlTable table({"pod", "group of its node", "#created", "#waited", "~where the time went"});
  for (const SlowPod& slow : waits.slowest) {
    list_slow_pod(table, input, slow, waits.slowest.front().stages.total);
  }
  return out + table.html();
}

}  // namespace casim::sim
