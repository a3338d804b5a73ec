#include "sim/study/comparison_text.h"

#include <algorithm>
#include <cmath>
#include <string_view>

#include <fmt/format.h>

#include "sim/metrics/threshold.h"

namespace casim::sim {
namespace {

std::string value_text(const config::Value& value, const ValueType& type) {
  if (value.as_list() != nullptr) return fmt::format("{} items", value.as_list()->size());
  return measured_text(value, type);
}

std::string change_text(const ChangedValue& value) {
  if (!value.difference) return "";
  const double base = *value.base.as_double();
  std::string text = value.type.kind == ValueType::Kind::kInteger
                         ? fmt::format("{:+}", static_cast<std::int64_t>(*value.difference))
                         : fmt::format("{:+.2f}", *value.difference);
  if (base != 0) text += fmt::format(" ({:+.1f} %)", 100 * *value.difference / std::abs(base));
  if (value.paired) {
    text +=
        fmt::format(", 95 % {:+.2f} to {:+.2f}, p {:.3f}, {} up {} down", value.paired->mean.low,
                    value.paired->mean.high, value.paired->p, value.paired->up, value.paired->down);
  }
  return text;
}

bool fails(const JudgedComparison& judged, const ChangedValue& value) {
  return std::ranges::find(judged.failures, &value) != judged.failures.end();
}

// Those that fail first, then those that are worse.
std::vector<const ChangedValue*> by_weight(const JudgedComparison& judged) {
  std::vector<const ChangedValue*> out;
  for (const ChangedValue& value : judged.comparison.changed) out.push_back(&value);
  std::ranges::stable_sort(out, {}, [&](const ChangedValue* value) {
    return fails(judged, *value) ? 0 : value->is_worse ? 1 : 2;
  });
  return out;
}

std::string sum_text(const JudgedComparison& judged) {
  const Comparison& comparison = judged.comparison;
  if (comparison.changed.empty()) {
    return comparison.has_other_digest
               ? "no value changed, but the digest did: something happened otherwise"
               : "nothing changed";
  }
  const auto worse =
      static_cast<std::size_t>(std::ranges::count_if(comparison.changed, &ChangedValue::is_worse));
  const std::size_t failing = judged.failures.size();
  return fmt::format("{} of {} values changed, {} of them for the worse{}",
                     comparison.changed.size(), comparison.values, worse,
                     failing == worse ? "" : fmt::format(", {} more than they may", failing));
}

// Of what the values alone do not say.
std::vector<std::string> sentences(const JudgedComparison& judged) {
  const Comparison& comparison = judged.comparison;
  std::vector<std::string> out;
  if (!comparison.version_now.empty()) {
    out.push_back(fmt::format("Results of version {} against {}: the model itself may differ.",
                              comparison.version_now, comparison.version_before));
  }
  if (comparison.pairs > 1 && !comparison.changed.empty()) {
    out.emplace_back(
        "Means over seeds, paired: worse is what has a 95 % interval of the mean difference "
        "(bootstrap) beyond 0 and p of at most 0.05 (paired t test, Holm).");
  }
  if (comparison.stage) {
    const Comparison::Stage& stage = *comparison.stage;
    out.push_back(
        fmt::format("The mean wait for a new node changed by {:+.2f} s; of its stages {} did most, "
                    "by {:+.2f} s.",
                    stage.total_seconds, stage.name, stage.seconds));
  }
  if (judged.wall_time) {
    out.push_back(fmt::format("{}{}.", to_text(*judged.wall_time),
                              judged.is_too_slow ? "; longer than the gate allows" : ""));
  }
  return out;
}

// Of a table in Markdown.
std::string in_cell(std::string_view text) {
  std::string out;
  for (const char c : text) {
    if (c == '|') out += '\\';
    out += c == '\n' ? ' ' : c;
  }
  return out;
}

std::string escaped(std::string_view text) {
  std::string out;
  for (const char c : text) {
    if (c == '&') {
      out += "&amp;";
    } else if (c == '<') {
      out += "&lt;";
    } else if (c == '>') {
      out += "&gt;";
    } else if (c == '"') {
      out += "&quot;";
    } else if (static_cast<unsigned char>(c) < 0x20) {
      out += ' ';  // XML 1.0 has no way to write most of them
    } else {
      out += c;
    }
  }
  return out;
}

// What a gate stops at, as JUnit names and tells it.
struct Regression {
  std::string name;
  std::string message;
};

std::vector<Regression> regressions(const JudgedComparison& judged) {
  std::vector<Regression> out;
  for (const ChangedValue* value : judged.failures) {
    out.push_back({value->path, fmt::format("{} was {}, is {}", value->path,
                                            value_text(value->base, value->type),
                                            value_text(value->now, value->type))});
  }
  if (judged.is_too_slow) out.push_back({"wall_time", to_text(*judged.wall_time)});
  return out;
}

}  // namespace

std::string to_text(const JudgedComparison& judged, std::size_t most) {
  const Comparison& comparison = judged.comparison;
  std::string out = fmt::format("{}: {}\n", comparison.name, sum_text(judged));
  for (const std::string& sentence : sentences(judged)) out += "  " + sentence + "\n";
  std::size_t shown = 0;
  for (const ChangedValue* value : by_weight(judged)) {
    if (shown++ == most) {
      out += fmt::format("  and {} more; --all shows them\n", comparison.changed.size() - most);
      break;
    }
    const char* mark = fails(judged, *value) ? "✗" : value->is_worse ? "-" : " ";
    out += fmt::format("  {} {:<44} {:>14} {:>14}  {}\n", mark, value->path,
                       value_text(value->base, value->type), value_text(value->now, value->type),
                       change_text(*value));
  }
  return out;
}

std::string to_markdown(const JudgedComparison& judged, std::size_t most) {
  const Comparison& comparison = judged.comparison;
  std::string out = fmt::format("### {}\n\n{}.\n", comparison.name, sum_text(judged));
  for (const std::string& sentence : sentences(judged)) out += "\n" + sentence + "\n";
  if (comparison.changed.empty()) return out;
  out += "\n| | value | base | new | change |\n|---|---|---:|---:|---:|\n";
  std::size_t shown = 0;
  for (const ChangedValue* value : by_weight(judged)) {
    if (shown++ == most) {
      out += fmt::format("\nand {} more\n", comparison.changed.size() - most);
      break;
    }
    out += fmt::format("| {} | `{}` | {} | {} | {} |\n", fails(judged, *value) ? "✗" : "",
                       in_cell(value->path), value_text(value->base, value->type),
                       value_text(value->now, value->type), change_text(*value));
  }
  return out;
}

config::Value to_value(const JudgedComparison& judged) {
  const Comparison& comparison = judged.comparison;
  config::Value out;
  out.set("name", comparison.name);
  out.set("values", comparison.values);
  out.set("digest_changed", comparison.has_other_digest);
  config::Value::List changed;
  for (const ChangedValue& value : comparison.changed) {
    config::Value one;
    one.set("path", value.path);
    one.set("unit", value.type.unit);
    one.set("base", value.base);
    one.set("new", value.now);
    one.set("worse", value.is_worse);
    one.set("fails", fails(judged, value));
    if (value.paired) {
      one.set("mean_difference", *value.difference);
      one.set("mean_difference_95",
              config::Value::List{value.paired->mean.low, value.paired->mean.high});
      one.set("p", value.paired->p);
      one.set("up", value.paired->up);
      one.set("down", value.paired->down);
    }
    changed.push_back(std::move(one));
  }
  out.set("changed", std::move(changed));
  if (const auto& wall = judged.wall_time) {
    config::Value time;
    time.set("pairs", wall->pairs);
    time.set("base_s", wall->base);
    time.set("new_s", wall->now);
    time.set("ratio", wall->ratio);
    if (wall->ratio95) {
      time.set("ratio_95", config::Value::List{wall->ratio95->low, wall->ratio95->high});
    }
    time.set("fails", judged.is_too_slow);
    out.set("wall_time", std::move(time));
  }
  return out;
}

std::string to_junit(const std::vector<JudgedComparison>& all) {
  std::size_t tests = 0;
  std::size_t failed = 0;
  std::string suites;
  for (const JudgedComparison& judged : all) {
    const std::vector<Regression> found = regressions(judged);
    const std::size_t cases = std::max<std::size_t>(1, found.size());
    tests += cases;
    failed += found.size();
    const std::string name = escaped(judged.comparison.name);
    suites += fmt::format(
        "  <testsuite name=\"{}\" tests=\"{}\" failures=\"{}\" errors=\"0\" skipped=\"0\" "
        "time=\"0\">\n",
        name, cases, found.size());
    if (found.empty()) {
      suites +=
          fmt::format("    <testcase classname=\"{}\" name=\"no regression\" time=\"0\"/>\n", name);
    }
    for (const Regression& one : found) {
      suites += fmt::format(
          "    <testcase classname=\"{}\" name=\"{}\" time=\"0\">\n"
          "      <failure type=\"regression\" message=\"{}\"/>\n    </testcase>\n",
          name, escaped(one.name), escaped(one.message));
    }
    suites += "  </testsuite>\n";
  }
  return fmt::format(
      "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<testsuites name=\"casim compare\" "
      "tests=\"{}\" failures=\"{}\" errors=\"0\" time=\"0\">\n{}</testsuites>\n",
      tests, failed, suites);
}

}  // namespace casim::sim
