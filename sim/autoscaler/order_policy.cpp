#include "sim/autoscaler/order_policy.h"

#include <numeric>
#include <utility>

namespace casim::sim {

std::vector<std::size_t> OrderPolicy::visit(std::string_view map, std::size_t count) {
  std::vector<std::size_t> order(count);
  std::iota(order.begin(), order.end(), std::size_t{0});
  if (kind_ == Kind::kByName) return order;
  const std::uint64_t draw = draws_++;
  for (std::size_t i = count; i > 1; --i) {
    const std::size_t other = static_cast<std::size_t>(random_.index(map, draw, i, i));
    std::swap(order[i - 1], order[other]);
  }
  return order;
}

std::size_t OrderPolicy::choose(std::string_view what, std::size_t count) {
  if (kind_ == Kind::kByName || count < 2) return 0;
  return static_cast<std::size_t>(random_.index(what, draws_++, 0, count));
}

}  // namespace casim::sim
