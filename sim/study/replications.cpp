#include "sim/study/replications.h"

#include <algorithm>
#include <array>
#include <string_view>
#include <utility>

#include <fmt/format.h>

#include "sim/metrics/collectors.h"
#include "sim/study/summary_leaves.h"

namespace casim::sim {
namespace {

using config::Value;

struct Run {
  std::uint64_t seed = 0;
  const Value* summary = nullptr;
};

std::expected<std::vector<Run>, std::string> in_order(const std::vector<Value>& summaries) {
  std::vector<Run> runs;
  for (const Value& summary : summaries) {
    const Value* seed = summary.find("seed");
    if (seed == nullptr || !seed->as_uint64() || member_text(summary, "scenario").empty()) {
      return std::unexpected("one is no summary.json of casim");
    }
    runs.push_back({*seed->as_uint64(), &summary});
    const Value* partial = summary.find("partial");
    if (partial == nullptr || partial->as_bool() == nullptr || *partial->as_bool()) {
      return std::unexpected(
          fmt::format("the run of seed {} was stopped before its end", runs.back().seed));
    }
  }
  std::ranges::sort(runs, {}, &Run::seed);
  return runs;
}

// Why they do not belong together; empty: they do.
std::string mismatch(const std::vector<Run>& runs) {
  if (runs.empty()) return "there is no run";
  const Value& first = *runs.front().summary;
  for (std::size_t i = 1; i < runs.size(); ++i) {
    for (const char* key : {"scenario", "version", "description"}) {
      const std::string before = member_text(first, key);
      const std::string now = member_text(*runs[i].summary, key);
      if (before != now) {
        return fmt::format("seeds {} and {} differ in {}: \"{}\" and \"{}\"", runs.front().seed,
                           runs[i].seed, key, before, now);
      }
    }
    if (runs[i].seed == runs[i - 1].seed) return fmt::format("two runs of seed {}", runs[i].seed);
    if (runs[i].seed != runs[i - 1].seed + 1) {
      return fmt::format("no run of seed {}, between {} and {}", runs[i - 1].seed + 1,
                         runs[i - 1].seed, runs[i].seed);
    }
  }
  return "";
}

class Gathering {
 public:
  explicit Gathering(std::size_t runs) : runs_(runs) {}

  void add(const Value& summary) {
    for (const SummaryLeaf& leaf : leaves_of(summary)) {
      if (is_threshold(leaf.path)) {
        held_[threshold_of(leaf.path)] += leaf.value == Value(true) ? 1 : 0;
      } else {
        note(leaf);
      }
    }
    ++added_;
  }

  void finish(Replications& out) {
    for (const std::string& path : order_) {
      ReplicatedValue value = std::move(values_.at(path));
      if (value.is_zero_if_absent) {
        value.runs.resize(runs_, 0);
      } else {
        value.without = static_cast<std::int64_t>(runs_ - value.runs.size());
      }
      if (value.without == 0) {
        value.mean = mean_interval(value.runs, path);
        value.median = median_interval(value.runs);
      }
      out.values.push_back(std::move(value));
    }
    out.held = std::move(held_);
  }

 private:
  void note(const SummaryLeaf& leaf) {
    auto found = values_.find(leaf.path);
    if (found == values_.end()) {
      const SummaryValues::Match match = table_.match(leaf.path);
      if (match.row == nullptr || match.row->type.kind == ValueType::Kind::kText ||
          match.row->type.kind == ValueType::Kind::kFlag) {
        return;
      }
      order_.push_back(leaf.path);
      found = values_.emplace(leaf.path, ReplicatedValue{}).first;
      found->second.path = leaf.path;
      found->second.type = match.row->type;
      found->second.is_zero_if_absent = is_zero_if_absent(*match.row);
    }
    ReplicatedValue& value = found->second;
    if (value.is_zero_if_absent) value.runs.resize(added_, 0);
    if (const auto number = leaf.value.as_double()) value.runs.push_back(*number);
  }

  std::size_t runs_;
  std::size_t added_ = 0;
  SummaryValues table_ = values_of(Summary{});
  std::vector<std::string> order_;
  std::map<std::string, ReplicatedValue> values_;
  std::map<std::string, std::int64_t> held_;
};

Value interval_value(const std::optional<Interval>& interval) {
  if (!interval) return {};
  return Value(Value::List{interval->low, interval->high});
}

Value statistics(const ReplicatedValue& value) {
  Value out;
  out.set("unit", value.type.unit);
  out.set("without", value.without);
  const bool is_whole = value.without == 0 && !value.runs.empty();
  out.set("mean", is_whole ? Value(mean_of(value.runs)) : Value());
  out.set("mean_95", interval_value(value.mean));
  out.set("median", is_whole ? Value(median_of(value.runs)) : Value());
  out.set("median_95", interval_value(value.median));
  out.set("least", value.runs.empty() ? Value() : Value(std::ranges::min(value.runs)));
  out.set("most", is_whole ? Value(std::ranges::max(value.runs)) : Value());
  return out;
}

std::string number_text(double number, const ValueType& type) {
  if (type.unit == "share") return fmt::format("{:.2f} %", 100 * number);
  return fmt::format("{:.2f}", number);
}

std::string row_text(const ReplicatedValue& value) {
  if (value.without > 0) {
    return fmt::format("  {:<40} never in {} of {} runs\n", value.path, value.without,
                       value.without + static_cast<std::int64_t>(value.runs.size()));
  }
  const std::string interval =
      value.mean ? fmt::format("{} to {}", number_text(value.mean->low, value.type),
                               number_text(value.mean->high, value.type))
                 : "";
  const std::string_view unit = value.type.unit == "share" ? "" : value.type.unit;
  return fmt::format("  {:<40} {:>9} {:>20} {:>9} {:>9}  {}\n", value.path,
                     number_text(mean_of(value.runs), value.type), interval,
                     number_text(std::ranges::min(value.runs), value.type),
                     number_text(std::ranges::max(value.runs), value.type), unit);
}

// What people look at first; the rest is in runs.json.
constexpr std::array<std::string_view, 16> kShown = {"pod_latency.p50",
                                                     "pod_latency.p99",
                                                     "scale_up_latency.total.p50",
                                                     "scale_up_latency.total.p90",
                                                     "scale_up_latency.total.p99",
                                                     "scale_up_latency.total.max",
                                                     "scale_up_latency.stages.retry.mean",
                                                     "scale_up_latency.stages.provision.mean",
                                                     "scale_up_latency.stages.boot.mean",
                                                     "scale_up_latency.stages.join.mean",
                                                     "pods.unserved",
                                                     "pods.lost",
                                                     "nodes.ready_peak",
                                                     "nodes.node_hours",
                                                     "cost.usd",
                                                     "ec2.instances_launched"};

}  // namespace

const ReplicatedValue* Replications::find(const std::string& path) const {
  const auto found = std::ranges::find(values, path, &ReplicatedValue::path);
  return found == values.end() ? nullptr : &*found;
}

std::expected<Replications, std::string> replications_of(const std::vector<Value>& summaries) {
  const auto runs = in_order(summaries);
  if (!runs) return std::unexpected(runs.error());
  if (const std::string why = mismatch(*runs); !why.empty()) return std::unexpected(why);
  Replications out;
  out.scenario = member_text(*runs->front().summary, "scenario");
  out.version = member_text(*runs->front().summary, "version");
  Gathering gathering(runs->size());
  for (const Run& run : *runs) {
    out.seeds.push_back(run.seed);
    out.digests.push_back(member_text(*run.summary, "digest"));
    gathering.add(*run.summary);
  }
  gathering.finish(out);
  return out;
}

Value to_value(const Replications& replications) {
  Value out;
  out.set("schema_version", 1);
  out.set("version", replications.version);
  out.set("scenario", replications.scenario);
  Value::List runs;
  for (std::size_t i = 0; i < replications.seeds.size(); ++i) {
    Value run;
    run.set("seed", replications.seeds[i]);
    run.set("digest", replications.digests[i]);
    runs.push_back(std::move(run));
  }
  out.set("runs", std::move(runs));
  Value held{Value::Object{}};
  for (const auto& [threshold, count] : replications.held) held.set(threshold, count);
  out.set("held", std::move(held));
  Value values{Value::Object{}};
  for (const ReplicatedValue& value : replications.values) {
    values.set(value.path, statistics(value));
  }
  out.set("values", std::move(values));
  return out;
}

std::string to_text(const Replications& replications) {
  const std::size_t runs = replications.seeds.size();
  std::string out = fmt::format("{}  {} runs, seeds {} to {}\n", replications.scenario, runs,
                                replications.seeds.front(), replications.seeds.back());
  if (!replications.held.empty()) out += "\nThresholds\n";
  for (const auto& [threshold, count] : replications.held) {
    out +=
        fmt::format("  {} {} held in {} of {} runs\n",
                    count == static_cast<std::int64_t>(runs) ? "✓" : "✗", threshold, count, runs);
  }
  out += fmt::format("\nOver the runs\n  {:<40} {:>9} {:>20} {:>9} {:>9}\n", "", "mean",
                     "95 % of the mean", "least", "most");
  for (std::string_view path : kShown) {
    const ReplicatedValue* value = replications.find(std::string(path));
    if (value != nullptr && (!value->runs.empty() || value->without > 0)) out += row_text(*value);
  }
  return out;
}

}  // namespace casim::sim
