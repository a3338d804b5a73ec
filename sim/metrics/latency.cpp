#include "sim/metrics/latency.h"

#include <algorithm>
#include <cmath>

namespace casim::sim {
namespace {

// Nearest rank: the least value that at least `percent` of the population does not exceed.
std::optional<Duration> at_percent(const std::vector<Duration>& sorted, std::int64_t count,
                                   std::int64_t percent) {
  if (count == 0) return std::nullopt;
  const std::int64_t rank = std::max<std::int64_t>(1, (count * percent + 99) / 100);
  if (rank > static_cast<std::int64_t>(sorted.size())) return std::nullopt;
  return sorted[static_cast<std::size_t>(rank - 1)];
}

void fill_scale_up(PodStages& out, const PodRecord& pod, const NodeRecord& node,
                   const Provenance& from) {
  const TimePoint known = std::min(pod.seen, from.loop_start);
  const std::array<TimePoint, kStageCount> ends = {
      known,           from.loop_start, from.committed, from.accepted, from.running,
      node.registered, node.ready,      pod.room,       pod.bound,     pod.running};
  TimePoint last = pod.waits_from;
  for (std::size_t i = 0; i < kStageCount; ++i) {
    const bool is_start = i == static_cast<std::size_t>(Stage::kStart);
    const TimePoint limit = is_start ? pod.running : pod.bound;
    const TimePoint end = std::clamp(ends[i], last, limit);
    out.stages[i] = end - last;
    last = end;
  }
}

void fill_plain(PodStages& out, const PodRecord& pod) {
  const TimePoint marked = std::clamp(pod.unschedulable, pod.waits_from, pod.bound);
  out.plain = {marked - pod.waits_from, pod.bound - marked, pod.running - pod.bound};
}

// Columns of durations with what is made of them at the end.
template <int N>
class Columns {
 public:
  void add(Duration total, const std::array<Duration, N>& stages) {
    totals_.push_back(total);
    for (std::size_t i = 0; i < N; ++i) stages_[i].push_back(stages[i]);
  }

  StagedLatency<N> summarize(std::int64_t unserved) const {
    StagedLatency<N> out;
    out.total = quantiles_of(totals_, unserved);
    for (std::size_t i = 0; i < N; ++i) out.stages[i] = quantiles_of(stages_[i]);
    out.tail = tail_shares();
    return out;
  }

 private:
  std::optional<std::array<double, N>> tail_shares() const {
    const auto p99 = quantiles_of(totals_).p99;
    if (!p99) return std::nullopt;
    std::array<double, N> shares{};
    double pods = 0;
    for (std::size_t row = 0; row < totals_.size(); ++row) {
      if (totals_[row] < *p99 || totals_[row] == Duration::zero()) continue;
      pods += 1;
      for (std::size_t i = 0; i < N; ++i) {
        shares[i] += to_seconds(stages_[i][row]) / to_seconds(totals_[row]);
      }
    }
    if (pods == 0) return std::nullopt;
    for (double& share : shares) share /= pods;
    return shares;
  }

  std::vector<Duration> totals_;
  std::array<std::vector<Duration>, N> stages_;
};

}  // namespace

std::optional<PodStages> stages_of(const PodRecord& pod, const NodeLedger& nodes) {
  if (!pod.has_run()) return std::nullopt;
  const NodeRecord& node = nodes.nodes().at(pod.node.value());
  PodStages out;
  out.total = pod.running - pod.waits_from;
  out.scale_up = node.ready > pod.waits_from;
  if (out.scale_up) {
    fill_scale_up(out, pod, node, nodes.provenance(pod.node));
  } else {
    fill_plain(out, pod);
  }
  return out;
}

void split_waits(PodStages& stages, PodId id, const PodRecord& pod, const OrderTrail& orders) {
  TimePoint from = pod.waits_from;
  for (std::size_t i = 0; i < kStageCount; ++i) {
    const TimePoint to = from + stages.stages[i];
    if (i == static_cast<std::size_t>(Stage::kRetry)) stages.retry = orders.split(id, from, to);
    if (i == static_cast<std::size_t>(Stage::kRoom)) stages.room = orders.split(id, from, to);
    from = to;
  }
}

Quantiles quantiles_of(std::vector<Duration> values, std::int64_t infinite) {
  std::sort(values.begin(), values.end());
  Quantiles q;
  q.count = static_cast<std::int64_t>(values.size()) + infinite;
  q.p50 = at_percent(values, q.count, 50);
  q.p90 = at_percent(values, q.count, 90);
  q.p99 = at_percent(values, q.count, 99);
  q.max = at_percent(values, q.count, 100);
  if (!values.empty()) {
    double sum = 0;
    for (Duration d : values) sum += to_seconds(d);
    q.mean_s = sum / static_cast<double>(values.size());
  }
  return q;
}

LatencySummary summarize_latency(const PodLedger& pods, const NodeLedger& nodes,
                                 const OrderTrail& orders, const LatencyScope& scope) {
  LatencySummary out;
  std::vector<Duration> all;
  Columns<kPlainStageCount> existing;
  Columns<kStageCount> scale_up;
  for (std::size_t i = 0; i < pods.pods().size(); ++i) {
    const PodRecord& pod = pods.pods()[i];
    if (pod.daemon_set) continue;
    auto stages = stages_of(pod, nodes);
    if (!stages) continue;
    all.push_back(stages->total);
    if (!stages->scale_up) {
      existing.add(stages->total, stages->plain);
    } else if (pod.created >= scope.warmup) {
      scale_up.add(stages->total, stages->stages);
      split_waits(*stages, PodId(static_cast<PodId::rep>(i)), pod, orders);
      out.retry += stages->retry;
      out.room += stages->room;
    }
  }
  out.unserved = scope.unserved;
  out.pod_latency = quantiles_of(std::move(all), scope.unserved);
  out.existing_node = existing.summarize(0);
  out.scale_up = scale_up.summarize(scope.unserved);
  return out;
}

}  // namespace casim::sim
