#include "sim/capacity/conclusions.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <set>
#include <string_view>
#include <utility>

#include <fmt/format.h>

#include "sim/metrics/latency.h"

namespace casim::sim {
namespace {

constexpr const char* kWait = "scale_up_latency.total.p99";
constexpr double kSame = 0.005;  // half a percent: nobody plans by less

// What is said of each variant against the first, in this order.
struct Compared {
  const char* path;
  const char* what;
};

constexpr std::array<Compared, 5> kCompared = {
    {{"pods.created", "pods"},
     {kWait, "wait of the slowest hundredth for a new node"},
     {"nodes.ready_peak", "nodes at the peak"},
     {"cost.usd", "cost"},
     {"convergence.service_settled", "time until no pod waits"}}};

std::string times(double now, double base) {
  const double ratio = now / base;
  if (std::abs(ratio - 1) < kSame) return "as much";
  return fmt::format("{:.3g} times", ratio);
}

std::string mean_text(const Variant& variant, const std::string& path) {
  const ReplicatedValue* value = variant.find(path);
  const auto mean = variant.mean(path);
  return value == nullptr || !mean ? "" : figure_text(*mean, value->type);
}

// "it breaks pods.unserved == 0 in 3 of 20 runs"; empty: all hold.
std::string broken_text(const Variant& variant) {
  std::string out;
  const auto runs = static_cast<std::int64_t>(variant.runs.seeds.size());
  for (const auto& [threshold, held] : variant.runs.held) {
    if (held == runs) continue;
    out += fmt::format("{}{}{}", out.empty() ? "it breaks " : ", ", threshold,
                       runs == 1 ? "" : fmt::format(" in {} of {} runs", runs - held, runs));
  }
  return out;
}

// The stage with the greatest share of the wait of the slowest.
std::string worst_stage(const Variant& variant) {
  std::string_view worst;
  double most = 0;
  for (const std::string_view stage : kStageNames) {
    const auto share = variant.mean(fmt::format("scale_up_latency.tail.{}", stage));
    if (!share || *share <= most) continue;
    most = *share;
    worst = stage;
  }
  return worst.empty() ? "" : fmt::format(", {:.0f} % of it {}", 100 * most, worst);
}

// The stage whose mean grew most against the first variant.
std::string grown_stage(const Variant& first, const Variant& other) {
  std::string_view grown;
  double most = 0.05;  // seconds that are worth a word
  for (const std::string_view stage : kStageNames) {
    const std::string path = fmt::format("scale_up_latency.stages.{}.mean", stage);
    const auto before = first.mean(path);
    const auto now = other.mean(path);
    if (!before || !now || *now - *before <= most) continue;
    most = *now - *before;
    grown = stage;
  }
  if (grown.empty()) return "";
  return fmt::format("; of the stages {} grew most, by {}", grown,
                     figure_text(most, ValueType::seconds()));
}

std::string of_first(const Variant& variant) {
  std::vector<std::string> parts;
  if (const std::string wait = mean_text(variant, kWait); !wait.empty()) {
    parts.push_back(fmt::format("99 % of the pods that wait for a new node run within {}{}", wait,
                                worst_stage(variant)));
  } else {
    parts.push_back(variant.find("scale_up_latency.total.count") != nullptr &&
                            variant.most("scale_up_latency.total.count") == 0
                        ? "no pod waits for a new node"
                        : "the slowest hundredth of the pods never runs");
  }
  if (const std::string nodes = mean_text(variant, "nodes.ready_peak"); !nodes.empty()) {
    parts.push_back(fmt::format("the peak is {}", nodes));
  }
  if (const std::string cost = mean_text(variant, "cost.usd"); !cost.empty()) {
    const std::string waste = mean_text(variant, "cost.waste");
    parts.push_back(fmt::format("it costs {}{}", cost,
                                waste.empty() ? "" : fmt::format(", {} of it waste", waste)));
  }
  if (std::string broken = broken_text(variant); !broken.empty()) parts.push_back(broken);
  return fmt::format("{}: {}.", variant.label, fmt::join(parts, "; "));
}

std::string against(const Variant& first, const Variant& other) {
  std::vector<std::string> parts;
  std::vector<std::string> same;
  for (const auto& [path, what] : kCompared) {
    const auto before = first.mean(path);
    const auto now = other.mean(path);
    if (!now && before && other.find(path) != nullptr) {
      const bool is_wait = std::string_view(path) == kWait;
      parts.push_back(is_wait ? "the slowest hundredth of the pods never runs"
                              : fmt::format("no {} any more", what));
      continue;
    }
    if (!before || !now || *before == 0) continue;
    if (std::abs(*now / *before - 1) < kSame) {
      same.emplace_back(what);
      continue;
    }
    parts.push_back(fmt::format("{} the {} ({}, not {})", times(*now, *before), what,
                                figure_text(*now, other.find(path)->type),
                                figure_text(*before, first.find(path)->type)));
  }
  std::string out = fmt::format("{}, against {}: ", other.label, first.label);
  out += parts.empty() ? "nothing of this differs" : fmt::format("{}", fmt::join(parts, ", "));
  if (!same.empty() && !parts.empty()) out += fmt::format("; the same {}", fmt::join(same, ", "));
  out += grown_stage(first, other);
  if (const std::string broken = broken_text(other); !broken.empty()) out += "; " + broken;
  return out + ".";
}

// The most of a path over all variants, with its label.
struct Most {
  double number = 0;
  const Variant* variant = nullptr;
};

Most most_of(const std::vector<Variant>& variants, const std::string& path) {
  Most out;
  for (const Variant& variant : variants) {
    const auto number = variant.most(path);
    if (!number || *number <= out.number) continue;
    out = {*number, &variant};
  }
  return out;
}

// Which has the least of a value; null: another has hardly more, or one has none.
const Variant* least_of(const std::vector<Variant>& variants, const std::string& path) {
  const Variant* least = nullptr;
  for (const Variant& variant : variants) {
    const auto number = variant.mean(path);
    if (!number) return nullptr;
    if (least == nullptr || *number < *least->mean(path)) least = &variant;
  }
  const double most_alike = (1 + kSame) * *least->mean(path);
  const auto alike = std::ranges::count_if(
      variants, [&](const Variant& variant) { return *variant.mean(path) <= most_alike; });
  return alike == 1 ? least : nullptr;
}

std::string best_text(const std::vector<Variant>& variants) {
  const Variant* fastest = least_of(variants, kWait);
  const Variant* cheapest = least_of(variants, "cost.usd");
  if (fastest != nullptr && fastest == cheapest) {
    return fmt::format("{} is both the fastest and the cheapest.", fastest->label);
  }
  std::vector<std::string> parts;
  if (fastest != nullptr) {
    parts.push_back(fmt::format("{} is the fastest (99 % within {})", fastest->label,
                                mean_text(*fastest, kWait)));
  }
  if (cheapest != nullptr) {
    parts.push_back(
        fmt::format("{} is the cheapest ({})", cheapest->label, mean_text(*cheapest, "cost.usd")));
  }
  return parts.empty() ? "" : fmt::format("{}.", fmt::join(parts, ", "));
}

}  // namespace

std::string figure_text(double number, const ValueType& type) {
  if (type.unit == "share") return fmt::format("{:.3g} %", 100 * number);
  // Three digits, and never fewer than stand before the point.
  const std::string text =
      std::abs(number) >= 100 ? fmt::format("{:.0f}", number) : fmt::format("{:.3g}", number);
  return type.unit.empty() ? text : fmt::format("{} {}", text, type.unit);
}

std::vector<std::string> names_at(const std::vector<Variant>& variants, std::string_view before,
                                  std::string_view behind) {
  std::set<std::string> names;
  for (const Variant& variant : variants) {
    for (const ReplicatedValue& value : variant.runs.values) {
      std::string_view path = value.path;
      if (!path.starts_with(before) || !path.ends_with(behind)) continue;
      if (path.size() <= before.size() + behind.size()) continue;
      path.remove_prefix(before.size());
      path.remove_suffix(behind.size());
      names.emplace(path);
    }
  }
  return {names.begin(), names.end()};
}

std::vector<std::string> conclusions(const std::vector<Variant>& variants) {
  std::vector<std::string> out = {of_first(variants.front())};
  for (std::size_t i = 1; i < variants.size(); ++i) {
    out.push_back(against(variants.front(), variants[i]));
  }
  if (std::string best = best_text(variants); variants.size() > 1 && !best.empty()) {
    out.push_back(std::move(best));
  }
  return out;
}

std::vector<std::string> requirements_in_words(const std::vector<Variant>& variants) {
  std::vector<std::string> out;
  for (const std::string& quota : names_at(variants, "ec2.vcpus.", ".peak")) {
    const Most peak = most_of(variants, fmt::format("ec2.vcpus.{}.peak", quota));
    if (peak.variant == nullptr) continue;
    const auto limit = peak.variant->most(fmt::format("ec2.vcpus.{}.limit", quota));
    out.push_back(fmt::format(
        "The account needs {:.0f} vCPUs of the quota \"{}\" ({}); the scenario allows {:.0f}{}.",
        peak.number, quota, peak.variant->label, limit.value_or(0),
        limit && peak.number >= *limit ? ", and all of them were used: it may have needed more"
                                       : ""));
  }
  for (const std::string& action : names_at(variants, "ec2.rates.", ".peak_per_s")) {
    const Most second = most_of(variants, fmt::format("ec2.rates.{}.peak_per_s", action));
    const Most minute = most_of(variants, fmt::format("ec2.rates.{}.sustained_per_s", action));
    if (second.variant == nullptr) continue;
    out.push_back(fmt::format(
        "{}: at most {:.0f} calls in one second ({}), {:.3g} a second over the busiest minute.",
        action, second.number, second.variant->label, minute.number));
  }
  return out;
}

}  // namespace casim::sim
