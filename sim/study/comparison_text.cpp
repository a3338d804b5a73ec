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
std::vector<std::string> sentences(const Comparison& comparison) {
  std::vector<std::string> out;
  if (!comparison.version_now.empty()) {
    out.push_back(fmt::format("Results of version {} against {}: the model itself may differ.",
                              comparison.version_now, comparison.version_before));
  }
  if (comparison.stage) {
    const Comparison::Stage& stage = *comparison.stage;
    out.push_back(
        fmt::format("The mean wait for a new node changed by {:+.2f} s; of its stages {} did most, "
                    "by {:+.2f} s.",
                    stage.total_seconds, stage.name, stage.seconds));
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
    } else {
      out += c;
    }
  }
  return out;
}

}  // namespace

std::string to_text(const JudgedComparison& judged, std::size_t most) {
  const Comparison& comparison = judged.comparison;
  std::string out = fmt::format("{}: {}\n", comparison.name, sum_text(judged));
  for (const std::string& sentence : sentences(comparison)) out += "  " + sentence + "\n";
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
  for (const std::string& sentence : sentences(comparison)) out += "\n" + sentence + "\n";
  if (comparison.changed.empty()) return out;
  out += "\n| | value | base | new | change |\n|---|---|---:|---:|---:|\n";
  std::size_t shown = 0;
  for (const ChangedValue* value : by_weight(judged)) {
    if (shown++ == most) {
      out += fmt::format("\nand {} more\n", comparison.changed.size() - most);
      break;
    }
    out += fmt::format("| {} | `{}` | {} | {} | {} |\n", fails(judged, *value) ? "✗" : "",
                       value->path, value_text(value->base, value->type),
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
    changed.push_back(std::move(one));
  }
  out.set("changed", std::move(changed));
  return out;
}

std::string to_junit(const std::vector<JudgedComparison>& all) {
  std::size_t tests = 0;
  std::size_t failed = 0;
  std::string suites;
  for (const JudgedComparison& judged : all) {
    const std::size_t cases = std::max<std::size_t>(1, judged.failures.size());
    tests += cases;
    failed += judged.failures.size();
    const std::string name = escaped(judged.comparison.name);
    suites += fmt::format(
        "  <testsuite name=\"{}\" tests=\"{}\" failures=\"{}\" errors=\"0\" skipped=\"0\" "
        "time=\"0\">\n",
        name, cases, judged.failures.size());
    if (judged.failures.empty()) {
      suites +=
          fmt::format("    <testcase classname=\"{}\" name=\"no regression\" time=\"0\"/>\n", name);
    }
    for (const ChangedValue* value : judged.failures) {
      suites += fmt::format(
          "    <testcase classname=\"{}\" name=\"{}\" time=\"0\">\n"
          "      <failure type=\"regression\" message=\"{}\"/>\n    </testcase>\n",
          name, escaped(value->path),
          escaped(fmt::format("{} was {}, is {}", value->path, value_text(value->base, value->type),
                              value_text(value->now, value->type))));
    }
    suites += "  </testsuite>\n";
  }
  return fmt::format(
      "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<testsuites name=\"casim compare\" "
      "tests=\"{}\" failures=\"{}\" errors=\"0\" time=\"0\">\n{}</testsuites>\n",
      tests, failed, suites);
}

}  // namespace casim::sim
