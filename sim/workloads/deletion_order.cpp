#include "sim/workloads/deletion_order.h"

#include <algorithm>
#include <bit>
#include <cassert>
#include <charconv>
#include <optional>

namespace casim::sim {

namespace {

int time_class(Duration since) {
  const std::int64_t ns = std::max<std::int64_t>(since.count(), 0);
  return static_cast<int>(std::bit_width(static_cast<std::uint64_t>(ns))) - 1;  // -1 for none
}

// Whether the shorter time, or else the UID, decides; nothing: the times are equal.
std::optional<bool> by_time(Duration a, Duration b, bool uid_decides) {
  if (a == b) return std::nullopt;
  const int class_a = time_class(a);
  const int class_b = time_class(b);
  return class_a == class_b ? uid_decides : class_a < class_b;
}

}  // namespace

bool goes_before(const DeletionCandidate& a, const DeletionCandidate& b) {
  if (a.assigned != b.assigned) return !a.assigned;
  if (a.running != b.running) return !a.running;
  if (a.ready != b.ready) return !a.ready;
  if (a.deletion_cost != b.deletion_cost) return a.deletion_cost < b.deletion_cost;
  if (a.on_node != b.on_node) return a.on_node > b.on_node;
  const bool uid_decides = a.uid < b.uid;
  if (a.ready) {
    if (const auto first = by_time(a.ready_for, b.ready_for, uid_decides)) return *first;
  }
  if (a.restarts != b.restarts) return a.restarts > b.restarts;
  return by_time(a.age, b.age, uid_decides).value_or(false);
}

std::int32_t deletion_cost_of(const PodSpec& pod) {
  if (pod.annotations.empty()) return 0;
  const auto found = pod.annotations.find("controller.kubernetes.io/pod-deletion-cost");
  if (found == pod.annotations.end()) return 0;
  const std::string& text = found->second;
  std::int32_t cost = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), cost);
  return error == std::errc() && end == text.data() + text.size() ? cost : 0;
}

std::vector<PodId> choose_to_delete(std::vector<DeletionCandidate> candidates, std::size_t count) {
  assert(count <= candidates.size());
  std::sort(candidates.begin(), candidates.end(),
            [](const auto& a, const auto& b) { return a.pod < b.pod; });
  // The rule runs in circles where equal and different times of one class meet, as upstream's does;
  // a merge sort ends all the same, and gives the same answer each time.
  std::stable_sort(candidates.begin(), candidates.end(), goes_before);
  std::vector<PodId> chosen;
  chosen.reserve(count);
  for (std::size_t i = 0; i < count; ++i) chosen.push_back(candidates[i].pod);
  return chosen;
}

}  // namespace casim::sim
