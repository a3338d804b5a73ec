#include "sim/autoscaler/order/order_policy.h"

#include <cstddef>

namespace casim::sim {

void OrderPolicy::sort_uniform(std::vector<Ranked>& ranks) {
  __extension__ using Wide = unsigned __int128;
  const std::size_t count = ranks.size();
  const auto bucket_of = [count](std::uint64_t rank) {
    return static_cast<std::size_t>((Wide{rank} * count) >> 64);
  };
  std::vector<std::uint32_t> ends(count + 1, 0);
  for (const Ranked& entry : ranks) ++ends[bucket_of(entry.first) + 1];
  for (std::size_t i = 1; i <= count; ++i) ends[i] += ends[i - 1];
  std::vector<Ranked> sorted(count);
  for (const Ranked& entry : ranks) sorted[ends[bucket_of(entry.first)]++] = entry;
  for (std::size_t i = 1; i < count; ++i) {
    const Ranked entry = sorted[i];
    std::size_t place = i;
    for (; place > 0 && entry < sorted[place - 1]; --place) sorted[place] = sorted[place - 1];
    sorted[place] = entry;
  }
  ranks = std::move(sorted);
}

}  // namespace casim::sim
