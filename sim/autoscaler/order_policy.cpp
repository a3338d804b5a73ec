#include "sim/autoscaler/order_policy.h"

#include <numeric>

namespace casim::sim {

std::vector<std::size_t> OrderPolicy::visit(std::string_view map, std::size_t count) {
  std::vector<std::size_t> order(count);
  std::iota(order.begin(), order.end(), std::size_t{0});
  arrange(map, order);
  return order;
}

std::size_t OrderPolicy::index(std::string_view what, std::uint64_t draw, std::size_t count) const {
  return static_cast<std::size_t>(random_.index(what, draw, count, count));
}

std::size_t OrderPolicy::choose(std::string_view what, std::size_t count) {
  if (kind_ == Kind::kByName || count < 2) return 0;
  return index(what, draws_++, count);
}

}  // namespace casim::sim
