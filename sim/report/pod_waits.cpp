#include "sim/report/pod_waits.h"

#include <algorithm>

#include <fmt/format.h>

namespace casim::sim {
namespace {

constexpr std::array<int, 13> kBandEdges = {0, 10, 20, 30, 40, 50, 60, 70, 80, 90, 95, 99, 100};
constexpr std::size_t kSpreadPoints = 250;

std::vector<WaitBand> bands_of(std::vector<PodStages>& waits) {
  std::stable_sort(waits.begin(), waits.end(),
                   [](const PodStages& a, const PodStages& b) { return a.total < b.total; });
  const auto count = static_cast<std::int64_t>(waits.size());
  // As a percentile by nearest rank, so that the last band begins with the 99th.
  const auto begin_of = [count](int percent) {
    if (percent == 100) return count;
    return percent == 0 ? 0 : std::max<std::int64_t>(0, (count * percent + 99) / 100 - 1);
  };
  std::vector<WaitBand> out;
  for (std::size_t edge = 0; edge + 1 < kBandEdges.size(); ++edge) {
    const std::int64_t from = begin_of(kBandEdges[edge]);
    const std::int64_t to = begin_of(kBandEdges[edge + 1]);
    if (from >= to) continue;
    WaitBand band{fmt::format("{}–{} %", kBandEdges[edge], kBandEdges[edge + 1]), to - from, {}};
    for (std::int64_t i = from; i < to; ++i) {
      for (std::size_t stage = 0; stage < band.mean.size(); ++stage) {
        band.mean[stage] += waits[static_cast<std::size_t>(i)].stages[stage];
      }
    }
    for (Duration& mean : band.mean) mean /= band.pods;
    out.push_back(std::move(band));
  }
  return out;
}

std::vector<SpreadPoint> spread_of(std::vector<Duration> waits, std::int64_t infinite) {
  std::sort(waits.begin(), waits.end());
  const auto all = static_cast<double>(static_cast<std::int64_t>(waits.size()) + infinite);
  const std::size_t points = std::min(kSpreadPoints, waits.size());
  std::vector<SpreadPoint> out;
  for (std::size_t i = 1; i <= points; ++i) {
    const std::size_t rank = waits.size() * i / points;
    out.push_back({waits[rank - 1], static_cast<double>(rank) / all});
  }
  return out;
}

// Longest first, pods of one wait by id.
void keep_slowest(std::vector<SlowPod>& pods, std::size_t shown) {
  const auto slower = [](const SlowPod& a, const SlowPod& b) {
    return a.stages.total != b.stages.total ? a.stages.total > b.stages.total : a.id < b.id;
  };
  const std::size_t kept = std::min(shown, pods.size());
  std::partial_sort(pods.begin(), pods.begin() + static_cast<std::ptrdiff_t>(kept), pods.end(),
                    slower);
  pods.resize(kept);
}

}  // namespace

PodWaits waits_of(const PodLedger& pods, const NodeLedger& nodes, const LatencyScope& scope,
                  std::size_t shown) {
  PodWaits out;
  std::vector<Duration> all;
  std::vector<Duration> scale_up;
  std::vector<PodStages> staged;
  for (std::size_t i = 0; i < pods.pods().size(); ++i) {
    const PodRecord& pod = pods.pods()[i];
    const PodId id(static_cast<PodId::rep>(i));
    if (pod.daemon_set) continue;
    const auto stages = stages_of(pod, nodes);
    if (!stages) {
      if (pod.has_ended || pod.is_bound()) continue;
      ++out.never_count;
      if (out.never.size() < shown) out.never.push_back(id);  // by id is by age
      continue;
    }
    all.push_back(stages->total);
    out.slowest.push_back({id, *stages});
    if (out.slowest.size() > 64 * shown) keep_slowest(out.slowest, shown);
    if (!stages->scale_up || pod.created < scope.warmup) continue;
    scale_up.push_back(stages->total);
    staged.push_back(*stages);
  }
  keep_slowest(out.slowest, shown);
  out.bands = bands_of(staged);
  out.all = spread_of(std::move(all), scope.unserved);
  out.scale_up = spread_of(std::move(scale_up), scope.unserved);
  return out;
}

}  // namespace casim::sim
