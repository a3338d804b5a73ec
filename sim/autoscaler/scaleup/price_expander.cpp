#include "sim/autoscaler/scaleup/price_expander.h"

#include <algorithm>
#include <cmath>
#include <utility>

#include "sim/autoscaler/cluster/readiness.h"

namespace casim::sim {
namespace {

constexpr double kGpuUnfitness = 1000;  // without need of its GPUs nobody chooses such a node
constexpr double kNotExistCoefficient = 2.0;
constexpr double kDamping = 15;  // so many nodes: their size matters little

// Its price keeps the ratio of prices finite and calm.
PodSpecPtr stabilization_pod() {
  auto spec = std::make_shared<PodSpec>();
  spec->workload = "stabilize";
  spec->requests.cpu = MilliCpu(500);
  spec->requests.memory = Bytes(std::int64_t{500} << 20);
  return spec;
}

}  // namespace

MilliCpu preferred_cpu(std::size_t cluster_size) {
  // Twice the size each time the cluster has grown by a factor of about three.
  constexpr std::array<std::pair<std::size_t, int>, 5> kSteps = {
      {{2, 1}, {6, 2}, {20, 4}, {60, 8}, {200, 16}}};
  for (const auto& [nodes, cores] : kSteps) {
    if (cluster_size <= nodes) return MilliCpu(std::int64_t{1000} * cores);
  }
  return MilliCpu(32000);
}

double price_score(const PriceTerms& terms) {
  const double price_ratio = (terms.nodes_price + terms.stabilization_price) /
                             (terms.pods_price + terms.stabilization_price);
  const double creation = terms.exists ? 1.0 : kNotExistCoefficient;
  if (terms.has_gpu) return kGpuUnfitness * price_ratio * creation;
  const auto cpu = static_cast<double>(terms.cpu.value());
  const auto preferred = static_cast<double>(terms.preferred.value());
  const double unfitness = std::max(preferred / cpu, cpu / preferred);
  const double damping = 1.0 - std::tanh(static_cast<double>(terms.node_count - 1) / kDamping);
  return ((unfitness - 1.0) * damping + 1.0) * price_ratio * creation;
}

Awaitable<std::vector<ScaleUpOption>> PriceExpander::best(ExpanderInput input,
                                                          std::vector<ScaleUpOption> options) {
  const WallTime now = clock_.wall_now();
  const Hour hour{now, now + std::chrono::hours(1)};
  PriceTerms terms;
  terms.preferred = preferred_cpu(view_.nodes().size());
  const Result<double> stabilization =
      co_await provider_.pod_price(input.by, stabilization_pod(), hour.start, hour.end);
  terms.stabilization_price = stabilization.value_or(0);
  double least = 0;
  std::vector<ScaleUpOption> kept;
  for (ScaleUpOption& option : options) {
    const auto info = input.infos.find(option.group->id());
    if (info == input.infos.end()) continue;
    const NodePtr node = info->second->node;
    const auto node_price = co_await provider_.node_price(input.by, node, hour.start, hour.end);
    if (!node_price) continue;
    terms.nodes_price = *node_price * option.node_count;
    const Result<double> pods = co_await pods_price(input.by, option, hour);
    if (!pods) continue;
    terms.pods_price = *pods;
    terms.node_count = option.node_count;
    terms.exists = option.exists;
    terms.cpu = node->capacity.cpu;
    terms.has_gpu = co_await has_gpu(input.by, node);
    const double score = price_score(terms);
    if (kept.empty() || score < least) {
      kept.clear();
      least = score;
    }
    if (score == least) kept.push_back(std::move(option));
  }
  co_return kept;
}

Awaitable<Result<double>> PriceExpander::pods_price(LoopId by, const ScaleUpOption& option,
                                                    Hour hour) {
  double sum = 0;
  for (const PodPtr& pod : option.pods) {
    const auto price = co_await provider_.pod_price(by, pod->spec, hour.start, hour.end);
    if (!price) co_return std::unexpected(price.error());
    sum += *price;
  }
  co_return sum;
}

Awaitable<bool> PriceExpander::has_gpu(LoopId by, NodePtr node) {
  std::string label;
  if (const std::string* known = provider_.known_gpu_label()) {
    label = *known;
  } else {
    label = co_await provider_.gpu_label(by);
  }
  co_return node->labels.contains(label) || !gpu_resource_of(*node).empty();
}

}  // namespace casim::sim
