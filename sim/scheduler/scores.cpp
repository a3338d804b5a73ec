#include "sim/scheduler/scores.h"

#include <algorithm>
#include <cmath>
#include <string>

#include "sim/scheduler/topology.h"
#include "src/core/random.h"

namespace casim::sim {

namespace {

constexpr int kMaxScore = 100;

std::int64_t least_allocated(std::int64_t allocatable, std::int64_t requested) {
  if (requested > allocatable) return 0;
  return (allocatable - requested) * kMaxScore / allocatable;
}

// (1 - standard deviation of the two fractions) * 100, cut.
int balance(double cpu, double cpu_allocatable, double memory, double memory_allocatable) {
  const double f_cpu = std::min(1.0, cpu / cpu_allocatable);
  const double f_memory = std::min(1.0, memory / memory_allocatable);
  const double deviation = std::abs((f_cpu - f_memory) / 2);
  return static_cast<int>((1 - deviation) * kMaxScore);
}

std::int32_t reversed(std::int32_t value, std::int32_t max) {
  return max == 0 ? kMaxScore : kMaxScore - kMaxScore * value / max;
}

// A pod's image without a tag is the latest [k8s: normalizedImageName].
std::string full_name(const std::string& image) {
  const std::size_t colon = image.rfind(':');
  const std::size_t slash = image.rfind('/');
  const bool has_tag = colon != std::string::npos && (slash == std::string::npos || colon > slash);
  return has_tag ? image : image + ":latest";
}

// The image's size, less where fewer of the nodes have it; 0: the node has it not.
std::int64_t worth(const std::vector<ImageStateSummary>& images, const std::string& name,
                   std::size_t all_nodes) {
  const auto found = std::find_if(images.begin(), images.end(),
                                  [&](const ImageStateSummary& one) { return one.name == name; });
  if (found == images.end()) return 0;
  const double share = static_cast<double>(found->nodes) / static_cast<double>(all_nodes);
  return static_cast<std::int64_t>(static_cast<double>(found->size) * share);
}

}  // namespace

int base_score(const PodClass& pod_class, const SchedulerNodeInfo& at) {
  const Resources& have = at.allocatable;
  const std::int64_t cpu = have.cpu.value();
  const std::int64_t memory = have.memory.value();
  std::int64_t sum = 0;
  std::int64_t weights = 0;
  if (cpu > 0) {
    sum += least_allocated(cpu, at.nonzero_cpu + pod_class.nonzero_cpu);
    ++weights;
  }
  if (memory > 0) {
    sum += least_allocated(memory, at.nonzero_memory + pod_class.nonzero_memory);
    ++weights;
  }
  const int least = weights == 0 ? 0 : static_cast<int>(sum / weights);
  if (pod_class.is_best_effort) return least;
  if (cpu <= 0 || memory <= 0) {
    // One resource alone is always in balance: 100 before and after.
    return least + (weights == 0 ? 0 : 50 + 50 / 2);
  }
  const Resources& want = pod_class.spec->requests;
  const auto used_cpu = static_cast<double>(at.requested.cpu.value());
  const auto used_memory = static_cast<double>(at.requested.memory.value());
  const auto all_cpu = static_cast<double>(cpu);
  const auto all_memory = static_cast<double>(memory);
  const int before = balance(used_cpu, all_cpu, used_memory, all_memory);
  const int after = balance(used_cpu + static_cast<double>(want.cpu.value()), all_cpu,
                            used_memory + static_cast<double>(want.memory.value()), all_memory);
  return least + 50 + (50 + after - before) / 2;
}

void WindowScorer::score(const PodClass& pod_class, ClassTopology& topology, std::size_t feasible,
                         std::vector<ScoredNode>& window) {
  add_taints(window);
  if (!pod_class.spec->preferred_node_affinity.empty()) add_affinity(window);
  if (!topology.is_empty()) topology.score(feasible, window);
  if (!pod_class.spec->images.empty() && nodes_.any_images()) {
    add_images(*pod_class.spec, window);
  }
}

std::size_t hash_value(const ScoreKey& key) {
  std::uint64_t hash = hash_combine(key.images, key.soft_taints);
  hash = hash_combine(hash, key.place);
  hash = hash_combine(hash, key.nominated.value());
  return hash_combine(hash, static_cast<std::uint32_t>(key.preferred));
}

std::uint64_t image_fingerprint(const PodClass& pod_class, const SchedulerNodeInfo& at) {
  std::uint64_t hash = 0;
  if (pod_class.spec->images.empty()) return hash;
  for (const ImageStateSummary& image : at.images) {
    hash = hash_bytes(image.name, hash + 1);
    hash = hash_combine(hash, static_cast<std::uint64_t>(image.size));
    hash = hash_combine(hash, static_cast<std::uint64_t>(image.nodes));
  }
  return hash;
}

void WindowScorer::add_taints(std::vector<ScoredNode>& window) {
  std::int32_t max = 0;
  for (const ScoredNode& one : window) max = std::max(max, one.soft_taints);
  for (ScoredNode& one : window) one.total += 3 * reversed(one.soft_taints, max);
}

void WindowScorer::add_affinity(std::vector<ScoredNode>& window) {
  std::int32_t max = 0;
  for (const ScoredNode& one : window) max = std::max(max, one.preferred);
  if (max == 0) return;
  for (ScoredNode& one : window) one.total += 2 * (kMaxScore * one.preferred / max);
}

void WindowScorer::add_images(const PodSpec& spec, std::vector<ScoredNode>& window) {
  constexpr std::int64_t kMiB = 1 << 20;
  constexpr std::int64_t kMin = 23 * kMiB;
  const std::int64_t max = 1000 * kMiB * static_cast<std::int64_t>(spec.images.size());
  std::vector<std::string> names;
  for (const ContainerImage& image : spec.images) names.push_back(full_name(image.name));
  for (ScoredNode& one : window) {
    std::int64_t sum = 0;
    for (const std::string& name : names)
      sum += worth(nodes_[one.node].images, name, nodes_.size());
    sum = std::clamp(sum, kMin, std::max(kMin, max));
    one.total += static_cast<std::int32_t>(kMaxScore * (sum - kMin) / (max - kMin));
  }
}

}  // namespace casim::sim
