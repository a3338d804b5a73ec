#include "sim/autoscaler/simulator/similarity.h"

#include <algorithm>
#include <array>

namespace casim::sim {
namespace {

constexpr std::int64_t kMilli = 1000;

constexpr std::array<std::string_view, 7> kAlwaysIgnored = {
    "kubernetes.io/hostname",
    "failure-domain.beta.kubernetes.io/zone",
    "failure-domain.beta.kubernetes.io/region",
    "topology.kubernetes.io/zone",
    "topology.kubernetes.io/region",
    "beta.kubernetes.io/fluentd-ds-ready",
    "kops.k8s.io/instancegroup",
};

// Of quantities in thousandths, as upstream compares them.
bool is_within(std::int64_t a, std::int64_t b, double ratio) {
  const auto larger = static_cast<double>(std::max(a, b));
  const auto smaller = static_cast<double>(std::min(a, b));
  return larger - smaller <= larger * ratio;
}

bool is_within(const Resources& a, const Resources& b, double ratio) {
  if (!is_within(a.cpu.value(), b.cpu.value(), ratio) ||
      !is_within(a.memory.value() * kMilli, b.memory.value() * kMilli, ratio) ||
      !is_within(a.ephemeral_storage.value() * kMilli, b.ephemeral_storage.value() * kMilli,
                 ratio) ||
      !is_within(a.pods * kMilli, b.pods * kMilli, ratio) ||
      a.extended.size() != b.extended.size()) {
    return false;
  }
  return std::all_of(a.extended.begin(), a.extended.end(), [&](const auto& entry) {
    const auto other = b.extended.find(entry.first);
    return other != b.extended.end() &&
           is_within(entry.second * kMilli, other->second * kMilli, ratio);
  });
}

bool have_equal_capacity(const Resources& a, const Resources& b, double memory_ratio) {
  return a.cpu == b.cpu && a.ephemeral_storage == b.ephemeral_storage && a.pods == b.pods &&
         a.extended == b.extended &&
         is_within(a.memory.value() * kMilli, b.memory.value() * kMilli, memory_ratio);
}

// What the template's pods leave. Of pod slots all are free; of extended resources only those
// count that some pod asks for.
Resources free_of(const NodeInfo& info) {
  const Resources& all = info.node->allocatable;
  Resources free;
  free.cpu = all.cpu - info.requested.cpu;
  free.memory = all.memory - info.requested.memory;
  free.ephemeral_storage = all.ephemeral_storage - info.requested.ephemeral_storage;
  free.pods = all.pods;
  for (const auto& [name, used] : info.requested.extended) {
    const auto amount = all.extended.find(name);
    free.extended[name] = (amount == all.extended.end() ? 0 : amount->second) - used;
  }
  return free;
}

Labels compared(const Labels& labels, const std::set<std::string>& extra_ignored) {
  Labels result = labels;
  std::erase_if(result, [&](const auto& label) {
    return extra_ignored.contains(label.first) ||
           std::find(kAlwaysIgnored.begin(), kAlwaysIgnored.end(), label.first) !=
               kAlwaysIgnored.end();
  });
  return result;
}

bool have_same(const std::vector<std::string>& names, const Labels& a, const Labels& b) {
  return std::all_of(names.begin(), names.end(), [&](const std::string& name) {
    const auto in_a = a.find(name);
    const auto in_b = b.find(name);
    return in_a != a.end() && in_b != b.end() && in_a->second == in_b->second;
  });
}

}  // namespace

SimilarityRules::SimilarityRules(const AutoscalerOptions& options)
    : labels(options.balancing_labels) {
  if (has(Behaviour::kSimilarityFlagsIgnored, options.version)) return;
  extra_ignored_labels = {options.balancing_ignore_labels.begin(),
                          options.balancing_ignore_labels.end()};
  memory_difference_ratio = options.memory_difference_ratio;
  max_allocatable_difference_ratio = options.max_allocatable_difference_ratio;
  max_free_difference_ratio = options.max_free_difference_ratio;
}

bool are_similar(const NodeInfo& a, const NodeInfo& b, const SimilarityRules& rules) {
  if (!rules.labels.empty()) return have_same(rules.labels, a.node->labels, b.node->labels);
  return have_equal_capacity(a.node->capacity, b.node->capacity, rules.memory_difference_ratio) &&
         is_within(a.node->allocatable, b.node->allocatable,
                   rules.max_allocatable_difference_ratio) &&
         is_within(free_of(a), free_of(b), rules.max_free_difference_ratio) &&
         compared(a.node->labels, rules.extra_ignored_labels) ==
             compared(b.node->labels, rules.extra_ignored_labels);
}

}  // namespace casim::sim
