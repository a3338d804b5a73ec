// Convergence as summary values: the worst over all disturbances, then each.
#include <algorithm>

#include "sim/metrics/convergence.h"

namespace casim::sim {
namespace {

constexpr std::size_t kListed = 500;

// A disturbance that the next one followed too soon to tell counts as part of it.
std::vector<Settling> decided(const std::vector<Settling>& all) {
  std::vector<Settling> out;
  for (std::size_t i = 0; i < all.size(); ++i) {
    const bool is_last = i + 1 == all.size();
    if (is_last || all[i].verdict != ConvergenceVerdict::kUndecided) out.push_back(all[i]);
  }
  return out;
}

// None if one of them has none.
std::optional<Duration> longest(const std::vector<Settling>& all,
                                std::optional<Duration> Settling::* member) {
  Duration longest{};
  for (const Settling& one : all) {
    if (!(one.*member)) return std::nullopt;
    longest = std::max(longest, *(one.*member));
  }
  return longest;
}

template <class Of>
auto sum(const std::vector<Settling>& all, Of of) {
  decltype(of(all.front())) total{};
  for (const Settling& one : all) total += of(one);
  return total;
}

config::Value number_or_null(const std::optional<double>& number) {
  return number ? config::Value(*number) : config::Value();
}

config::Value ratio(double part, double whole) {
  return whole > 0 ? config::Value(part / whole) : config::Value();
}

void list_worst(SummaryValues& out, const ConvergenceSummary& s) {
  const std::vector<Settling>& all = s.settlings;
  const ValueType seconds = ValueType::seconds().or_null();
  ConvergenceVerdict worst = ConvergenceVerdict::kConverged;
  std::int64_t overshoot = 0;
  const std::vector<Settling> told = decided(all);
  for (const Settling& one : told) worst = std::max(worst, one.verdict);
  for (const Settling& one : all) {
    overshoot = std::max(overshoot, one.overshoot());
  }
  out.add(
      "convergence.verdict", ValueType::text(), std::string(name_of(worst)),
      "the worst of all disturbances. stuck: pods waited and for 15 min nothing was ordered; "
      "oscillating: the target turned back 3 times more often than the demand, or more; late: "
      "service settled only after settle_within; undecided: the end came too soon to tell (another "
      "disturbance that comes too soon takes the first into it); tracking: pods flowed in one "
      "by one, nothing can settle; converged");
  out.add("convergence.service_settled", seconds,
          seconds_or_null(longest(told, &Settling::service_settled)),
          "longest time from a disturbance until no pod that a group could hold waited any more, "
          "and none did for the hold after it; null: after some disturbance it did not settle",
          Better::kLower);
  out.add("convergence.size_settled", seconds,
          seconds_or_null(longest(told, &Settling::size_settled)),
          "likewise, until each group's target was its schedulable nodes and neither moved",
          Better::kLower);
  out.add("convergence.overshoot", ValueType::count("nodes"), overshoot,
          "the most by which the peak of the targets was above the peak of the ideal demand",
          Better::kLower);
  out.add("convergence.excess_node_hours", ValueType::node_hours(),
          sum(all, [](const Settling& one) { return one.excess_node_hours; }),
          "schedulable nodes above the ideal demand, over time", Better::kLower);
  out.add("convergence.excess_usd", ValueType::usd().or_null(),
          s.ideal_usd ? config::Value(sum(
                            all, [](const Settling& one) { return one.excess_usd.value_or(0); }))
                      : config::Value(),
          "what they cost by the prices of their groups, above what the ideal demand would; null: "
          "a group has no known price",
          Better::kLower);
  out.add("convergence.pending_pod_s", {ValueType::Kind::kNumber, "pod-seconds"},
          sum(all, [](const Settling& one) { return one.pending_pod_s; }),
          "pods that waited and that a group could hold, over time", Better::kLower);
  out.add("convergence.extra_reversals", ValueType::count("reversals"),
          sum(all, [](const Settling& one) { return one.extra_reversals; }),
          "changes of direction of the target by 5 % and a node at least, beyond those of the "
          "ideal demand",
          Better::kLower);
  out.add("convergence.short_lived", ValueType::count("nodes"),
          sum(all, [](const Settling& one) { return one.short_lived; }),
          "nodes that were gone within 10 min of registering", Better::kLower);
}

void list_tracking(SummaryValues& out, const ConvergenceSummary& s) {
  const TrackingError& t = s.tracking;
  const auto add = [&out](const char* name, double value, const char* meaning, Better better) {
    out.add(std::string("convergence.tracking.") + name, ValueType::node_hours(), value, meaning,
            better);
  };
  add("ideal_node_hours", t.ideal_node_hours,
      "nodes that the pods needed at least by volume, each pod where it costs least, over time",
      Better::kNeither);
  add("over_node_hours", t.over_node_hours, "schedulable nodes above that, over time",
      Better::kLower);
  add("under_node_hours", t.under_node_hours, "and below that", Better::kLower);
  out.add("convergence.tracking.error", ValueType::share().or_null(),
          ratio(t.over_node_hours + t.under_node_hours, t.ideal_node_hours),
          "both together as a share of the ideal; null: nothing was needed", Better::kLower);
}

void list_disturbances(SummaryValues& out, const ConvergenceSummary& s) {
  const std::size_t listed = std::min(s.settlings.size(), kListed);
  const auto add = [&](const char* name, ValueType type, const char* meaning, Better better,
                       auto of) {
    config::Value::List values;
    for (std::size_t i = 0; i < listed; ++i) values.push_back(of(s.settlings[i]));
    out.add(std::string("convergence.disturbances[].") + name, type, std::move(values), meaning,
            better);
  };
  using S = Settling;
  const ValueType seconds = ValueType::seconds().or_null();
  add("at", ValueType::seconds(), "when it came", Better::kNeither,
      [](const S& one) { return config::Value(to_seconds(one.from)); });
  add("what", ValueType::text(), "what came: the start, an edge of the load, a fault",
      Better::kNeither, [](const S& one) {
        std::string text;
        for (const std::string& what : one.what) text += (text.empty() ? "" : ", ") + what;
        return config::Value(std::move(text));
      });
  add("verdict", ValueType::text(), "as convergence.verdict", Better::kNeither,
      [](const S& one) { return config::Value(std::string(name_of(one.verdict))); });
  add("first_node", seconds, "until the first new node was Ready; null: there was none",
      Better::kLower, [](const S& one) { return seconds_or_null(one.first_node); });
  add("service_settled", seconds, "null: not settled, or not for the hold", Better::kLower,
      [](const S& one) { return seconds_or_null(one.service_settled); });
  add("size_settled", seconds, "likewise", Better::kLower,
      [](const S& one) { return seconds_or_null(one.size_settled); });
  add("peak_target", ValueType::count("nodes"), "of all groups", Better::kNeither,
      [](const S& one) { return config::Value(one.max_target); });
  add("peak_ideal", ValueType::count("nodes"), "peak of the ideal demand", Better::kNeither,
      [](const S& one) { return config::Value(one.max_ideal); });
  add("excess_node_hours", ValueType::node_hours(), "schedulable above ideal", Better::kLower,
      [](const S& one) { return config::Value(one.excess_node_hours); });
  add("excess_ratio", ValueType::share().or_null(),
      "that, by the ideal demand's node-hours; null: nothing was needed", Better::kLower,
      [](const S& one) { return ratio(one.excess_node_hours, one.ideal_node_hours); });
  add("excess_usd", ValueType::usd().or_null(), "null: a group has no known price", Better::kLower,
      [&s](const S& one) {
        return s.ideal_usd ? number_or_null(one.excess_usd.value_or(0)) : config::Value();
      });
  add("pending_pod_s", {ValueType::Kind::kNumber, "pod-seconds"}, "pods that waited",
      Better::kLower, [](const S& one) { return config::Value(one.pending_pod_s); });
  add("extra_reversals", ValueType::count("reversals"), "of the target", Better::kLower,
      [](const S& one) { return config::Value(one.extra_reversals); });
  add("short_lived", ValueType::count("nodes"), "gone within 10 min", Better::kLower,
      [](const S& one) { return config::Value(one.short_lived); });
  out.add("convergence.disturbances_left_out", ValueType::count("disturbances"),
          static_cast<std::int64_t>(s.settlings.size() - listed),
          "later ones that are not listed: 500 are; the values above count all");
}

}  // namespace

void list_values(SummaryValues& out, const ConvergenceSummary& summary) {
  list_worst(out, summary);
  list_tracking(out, summary);
  list_disturbances(out, summary);
}

}  // namespace casim::sim
