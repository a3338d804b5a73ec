#include "sim/autoscaler/order/order_policy.h"

namespace casim::sim {

std::size_t OrderPolicy::index(std::string_view what, std::uint64_t draw, std::size_t count) const {
  return static_cast<std::size_t>(random_.index(what, draw, count, count));
}

std::size_t OrderPolicy::choose(std::string_view what, std::size_t count) {
  if (kind_ == Kind::kByName || count < 2) return 0;
  return index(what, draws_++, count);
}

}  // namespace casim::sim
