#include "sim/cluster/pod_requests.h"

#include <algorithm>

namespace casim::sim {
namespace {

void raise_to(Resources& amounts, const Resources& least) {
  amounts.cpu = std::max(amounts.cpu, least.cpu);
  amounts.memory = std::max(amounts.memory, least.memory);
  amounts.ephemeral_storage = std::max(amounts.ephemeral_storage, least.ephemeral_storage);
  for (const auto& [name, amount] : least.extended) {
    std::int64_t& own = amounts.extended[name];
    own = std::max(own, amount);
  }
}

}  // namespace

Resources effective_requests(const Resources& containers, const std::vector<InitContainer>& inits) {
  Resources running = containers;
  Resources sidecars;
  Resources peak;
  for (const InitContainer& init : inits) {
    if (init.restarts_always) {
      running += init.requests;
      sidecars += init.requests;
      raise_to(peak, sidecars);
    } else {
      raise_to(peak, sidecars + init.requests);
    }
  }
  raise_to(running, peak);
  return running;
}

}  // namespace casim::sim
