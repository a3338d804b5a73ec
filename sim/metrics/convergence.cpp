#include "sim/metrics/convergence.h"

#include <algorithm>
#include <utility>

#include <fmt/format.h>

namespace casim::sim {
namespace {

constexpr Duration kStuckAfter = std::chrono::minutes(15);
constexpr Duration kShortLife = std::chrono::minutes(10);
constexpr std::int64_t kOscillates = 3;  // extra reversals

double hours(Duration span) { return to_seconds(span) / 3600; }

double usd_per_hour(Price price) { return static_cast<double>(price.micro_usd_per_hour) / 1e6; }

}  // namespace

std::string_view name_of(ConvergenceVerdict verdict) {
  switch (verdict) {
    case ConvergenceVerdict::kConverged:
      return "converged";
    case ConvergenceVerdict::kTracking:
      return "tracking";
    case ConvergenceVerdict::kUndecided:
      return "undecided";
    case ConvergenceVerdict::kLate:
      return "late";
    case ConvergenceVerdict::kOscillating:
      return "oscillating";
    case ConvergenceVerdict::kStuck:
      return "stuck";
  }
  return "";
}

Convergence::Convergence(const WorldModel& world, LoadSchedule schedule, ConvergenceOptions options)
    : schedule_(std::move(schedule)),
      options_(options),
      demand_(world),
      sizes_(world),
      window_{.result = {}, .target = Reversals(0), .ideal = Reversals(demand_.nodes())} {
  window_.result.what.emplace_back("start");
  note_levels();
}

void Convergence::on_fact(TimePoint at, const Fact& fact, const Known& known) {
  begin_edges(at, known);
  advance(at);
  sizes_.on_fact(fact);
  std::visit([&](const auto& f) { on(at, f, known); }, fact);
  // A pod that is created may be told to be gated next, and was never demand then.
  if (!std::holds_alternative<PodCreated>(fact)) note_levels();
}

void Convergence::on(TimePoint /*now*/, const PodCreated& fact, const Known& known) {
  const PodShape& shape = known.shapes.of(fact.pod);
  if (!shape.group) return;
  ++pending_;
  demand_.add(shape);
}

// Behind its gates nobody may serve it.
void Convergence::on(TimePoint /*now*/, const PodGated& fact, const Known& known) {
  const PodShape& shape = known.shapes.of(fact.pod);
  if (!shape.group) return;
  --pending_;
  demand_.remove(shape);
}

void Convergence::on(TimePoint /*now*/, const PodUngated& fact, const Known& known) {
  const PodShape& shape = known.shapes.of(fact.pod);
  if (!shape.group) return;
  ++pending_;
  demand_.add(shape);
}

void Convergence::on(TimePoint /*now*/, const PodBound& fact, const Known& known) {
  const PodShape& shape = known.shapes.of(fact.pod);
  if (!shape.group) return;
  --pending_;
  if (!known.nodes.nodes()[fact.node.value()].group.empty()) return;
  demand_.remove(shape);
  if (fact.pod.value() >= is_elsewhere_.size()) is_elsewhere_.resize(fact.pod.value() + 1);
  is_elsewhere_[fact.pod.value()] = true;
}

void Convergence::on(TimePoint /*now*/, const PodEnded& fact, const Known& known) {
  const PodShape& shape = known.shapes.of(fact.pod);
  if (!shape.group) return;
  const auto pod = fact.pod.value();
  const PodRecord& record = known.pods.pods()[pod];
  if (record.waits_from == kTimeNever) return;
  if (!record.is_bound()) --pending_;
  if (pod >= is_elsewhere_.size() || !is_elsewhere_[pod]) demand_.remove(shape);
}

void Convergence::on(TimePoint now, const NodeReady& fact, const Known& known) {
  const NodeRecord& node = known.nodes.nodes()[fact.node.value()];
  if (node.group.empty() || window_.result.first_node) return;
  // The initial nodes are there at the start.
  if (node.registered > window_.result.from) window_.result.first_node = now - window_.result.from;
}

void Convergence::on(TimePoint now, const NodeGone& fact, const Known& known) {
  const NodeRecord& node = known.nodes.nodes()[fact.node.value()];
  if (!node.group.empty() && now - node.registered < kShortLife) ++window_.result.short_lived;
}

void Convergence::on(TimePoint now, const IncreaseSizeCommitted& /*fact*/, const Known& /*known*/) {
  ordered_ = now;
}

void Convergence::on(TimePoint now, const GroupTargetChanged& /*fact*/, const Known& /*known*/) {
  window_.unequal_until = now;
}

void Convergence::on(TimePoint now, const FaultBegan& fact, const Known& known) {
  begin(now, "fault " + fact.kind, known);
}

void Convergence::begin_edges(TimePoint now, const Known& known) {
  while (next_edge_ < schedule_.edges.size() && schedule_.edges[next_edge_].at <= now) {
    const LoadEdge& edge = schedule_.edges[next_edge_++];
    advance(edge.at);
    begin(edge.at, edge.what, known);
  }
}

void Convergence::begin(TimePoint now, std::string what, const Known& known) {
  if (now == window_.result.from) {
    window_.result.what.push_back(std::move(what));
    return;
  }
  close(now, known);
  window_ = Window{.result = {.from = now, .what = {std::move(what)}},
                   .unserved_until = now,
                   .unequal_until = now,
                   .target = Reversals(sizes_.target()),
                   .ideal = Reversals(demand_.nodes())};
}

// Integrals up to an instant, with the levels since the last one.
void Convergence::advance(TimePoint now) {
  const Duration span = now - since_;
  if (span <= Duration::zero()) return;
  note_levels();
  const std::int64_t ideal = demand_.nodes();
  const std::int64_t over = sizes_.schedulable() - ideal;
  Settling& result = window_.result;
  result.ideal_node_hours += static_cast<double>(ideal) * hours(span);
  result.pending_pod_s += static_cast<double>(pending_) * to_seconds(span);
  if (over > 0) result.excess_node_hours += static_cast<double>(over) * hours(span);
  if (demand_.price() && sizes_.price()) {
    const double ideal_usd = usd_per_hour(*demand_.price()) * hours(span);
    const double usd = usd_per_hour(*sizes_.price()) * hours(span);
    ideal_usd_ += ideal_usd;
    used_usd_ += std::min(usd, ideal_usd);
    result.excess_usd = result.excess_usd.value_or(0) + std::max(0.0, usd - ideal_usd);
  }
  const TimePoint from = std::max(since_, options_.warmup);
  if (from < now) {
    const double counted = hours(now - from);
    tracking_.ideal_node_hours += static_cast<double>(ideal) * counted;
    (over > 0 ? tracking_.over_node_hours : tracking_.under_node_hours) +=
        static_cast<double>(std::abs(over)) * counted;
  }
  if (pending_ > 0) window_.unserved_until = now;
  if (sizes_.unequal() > 0) window_.unequal_until = now;
  since_ = now;
}

void Convergence::note_levels() {
  Settling& result = window_.result;
  result.max_target = std::max(result.max_target, sizes_.target());
  result.max_ideal = std::max(result.max_ideal, demand_.nodes());
  window_.target.on_size(sizes_.target());
  window_.ideal.on_size(demand_.nodes());
}

void Convergence::close(TimePoint now, const Known& known) {
  note_levels();
  Settling& result = window_.result;
  result.to = now;
  const auto settled = [&](bool rests, TimePoint until) {
    const bool held = rests && now - until >= options_.hold;
    return held ? std::optional(until - result.from) : std::nullopt;
  };
  result.service_settled = settled(pending_ == 0, window_.unserved_until);
  result.size_settled = settled(sizes_.unequal() == 0, window_.unequal_until);
  result.extra_reversals =
      std::max<std::int64_t>(0, window_.target.count() - window_.ideal.count());
  result.verdict = judge(window_, now, known);
  done_.push_back(std::move(result));
}

bool Convergence::has_waited(TimePoint now, const Known& known) {
  const std::vector<PodRecord>& pods = known.pods.pods();
  const auto may_wait = [&](std::size_t i) {
    const PodId id(static_cast<PodId::rep>(i));
    return !pods[i].is_bound() && !pods[i].has_ended && known.shapes.of(id).group.has_value();
  };
  while (oldest_ < pods.size() && !may_wait(oldest_)) ++oldest_;
  // Later pods may wait for longer than those that were held back by gates.
  for (std::size_t i = oldest_; i < pods.size() && now - pods[i].created >= kStuckAfter; ++i) {
    if (may_wait(i) && pods[i].waits_from <= now - kStuckAfter) return true;
  }
  return false;
}

ConvergenceVerdict Convergence::judge(const Window& window, TimePoint now, const Known& known) {
  const Settling& result = window.result;
  if (pending_ > 0 && now - ordered_ >= kStuckAfter && has_waited(now, known)) {
    return ConvergenceVerdict::kStuck;
  }
  if (result.extra_reversals >= kOscillates) return ConvergenceVerdict::kOscillating;
  const bool flows = schedule_.flows_from < now && result.from < schedule_.flows_to;
  if (flows) return ConvergenceVerdict::kTracking;
  if (window.unserved_until - result.from > options_.settle_within) {
    return ConvergenceVerdict::kLate;
  }
  return result.service_settled ? ConvergenceVerdict::kConverged : ConvergenceVerdict::kUndecided;
}

ConvergenceSummary Convergence::summary(TimePoint end, const Known& known) const {
  Convergence last = *this;
  last.begin_edges(end, known);
  last.advance(end);
  last.close(end, known);
  const bool has_prices = demand_.price() && sizes_.price();
  return {.settlings = std::move(last.done_),
          .tracking = last.tracking_,
          .ideal_usd = has_prices ? std::optional(last.ideal_usd_) : std::nullopt,
          .used_usd = has_prices ? std::optional(last.used_usd_) : std::nullopt};
}

}  // namespace casim::sim
