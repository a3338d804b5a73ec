#include "sim/load/workload_metrics.h"

#include <algorithm>
#include <utility>

namespace casim::sim {
namespace {

// How long a container must have run for its first mean, which is from its start.
constexpr Duration kFreshFor = std::chrono::seconds(10);

// In thousandths, rounded down but for what doubles lose.
std::int64_t thousandths(double value) {
  return static_cast<std::int64_t>(std::min(value * 1000 + 1e-6, 9.0e18));
}

}  // namespace

WorkloadMetrics::WorkloadMetrics(Parts parts, WorkloadId workload,
                                 std::vector<LoadedMetric> metrics, MetricsPipeline pipeline)
    : parts_(parts), workload_(workload), metrics_(std::move(metrics)), pipeline_(pipeline) {
  sharers_.push_back({kTimeZero, 0});
}

void WorkloadMetrics::on_ready(std::int64_t ready) {
  Duration back = 3 * (pipeline_.resolution + pipeline_.housekeeping);
  for (const LoadedMetric& metric : metrics_) back = std::max(back, metric.lag);
  while (sharers_.size() > 1 && now() - sharers_[1].since > back) sharers_.pop_front();
  if (sharers_.back().since == now()) {
    sharers_.back().pods = ready;
  } else {
    sharers_.push_back({now(), ready});
  }
}

std::optional<MetricsSource::PodSamples> WorkloadMetrics::of_pods(std::size_t metric,
                                                                  const std::vector<PodId>& pods) {
  PodSamples samples;
  for (const PodId pod : pods) samples.push_back(sample(metrics_[metric], pod));
  return samples;
}

std::optional<std::int64_t> WorkloadMetrics::value(std::size_t metric) {
  const LoadedMetric& one = metrics_[metric];
  return thousandths(one.load.at(std::max(kTimeZero, now() - one.lag)));
}

std::optional<PodSample> WorkloadMetrics::sample(const LoadedMetric& metric, PodId pod) const {
  const auto running = parts_.pods.ready_since(workload_, pod);
  if (!running) return std::nullopt;
  if (metric.source != HpaMetric::Source::kPods) return scraped(metric, pod, *running);
  const TimePoint seen = now() - metric.lag;
  if (seen < *running) return std::nullopt;
  return PodSample{thousandths(share_at(metric, seen)), parts_.api.kernel().wall(seen), {}};
}

std::optional<PodSample> WorkloadMetrics::scraped(const LoadedMetric& metric, PodId pod,
                                                  TimePoint running) const {
  const TimePoint scrape = last_scrape();
  const TimePoint newest = housekept(pod, scrape);
  if (newest - running < kFreshFor) return std::nullopt;
  const TimePoint before = std::max(running, housekept(pod, scrape - pipeline_.resolution));
  PodSample sample;
  sample.taken = parts_.api.kernel().wall(newest);
  sample.window = newest - before;
  const double used = metric.source == HpaMetric::Source::kMemory
                          ? share_at(metric, newest)
                          : shared(metric, before, newest) / to_seconds(sample.window);
  sample.value = thousandths(used);
  return sample;
}

TimePoint WorkloadMetrics::last_scrape() const {
  const double phase = parts_.random.uniform("metrics.scrape", 0, 0);
  const TimePoint first = kTimeZero + from_seconds(phase * to_seconds(pipeline_.resolution));
  const Duration since = now() - first;
  const std::int64_t rounds = std::chrono::floor<Duration>(since) / pipeline_.resolution;
  return since < Duration{} ? first - pipeline_.resolution : first + rounds * pipeline_.resolution;
}

TimePoint WorkloadMetrics::housekept(PodId pod, TimePoint by) const {
  const PodLife& life = parts_.api.cluster().life(pod);
  const double phase = parts_.random.uniform(
      "kubelet.housekeeping", hash_combine(life.workload.value(), life.index), life.incarnation);
  const Duration offset = from_seconds(phase * to_seconds(pipeline_.housekeeping));
  const Duration since = by - kTimeZero - offset;
  std::int64_t rounds = since / pipeline_.housekeeping;
  if (since < Duration{}) --rounds;
  return kTimeZero + offset + rounds * pipeline_.housekeeping;
}

double WorkloadMetrics::share_at(const LoadedMetric& metric, TimePoint t) const {
  const auto after = std::ranges::upper_bound(sharers_, t, {}, &Sharers::since);
  if (after == sharers_.begin() || std::prev(after)->pods == 0) return 0;
  return metric.load.at(t) / static_cast<double>(std::prev(after)->pods);
}

double WorkloadMetrics::shared(const LoadedMetric& metric, TimePoint from, TimePoint to) const {
  double sum = 0;
  for (std::size_t i = 0; i < sharers_.size(); ++i) {
    const TimePoint begin = std::max(from, sharers_[i].since);
    const TimePoint end = i + 1 < sharers_.size() ? std::min(to, sharers_[i + 1].since) : to;
    if (begin >= end || sharers_[i].pods == 0) continue;
    sum += metric.load.between(begin, end) / static_cast<double>(sharers_[i].pods);
  }
  return sum;
}

}  // namespace casim::sim
