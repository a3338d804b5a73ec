#include "sim/paths/kube/kube_client.h"

namespace casim::sim {

Awaitable<void> KubeClient::request(std::uint64_t object, std::uint64_t n) {
  ++requests_;
  const TimePoint turn = bucket_.reserve(kernel_.now());
  const double u = random_.uniform(name_, object, n);
  co_await kernel_.clock(Phase::kWorld).sleep_until(turn + config_.call.duration(u));
}

}  // namespace casim::sim
