#include "sim/faults/process_outages.h"

#include <algorithm>

namespace casim::sim {

void ProcessOutages::add(TimePoint from, TimePoint to) {
  outages_.push_back({from, to});
  kernel_.at(from, Phase::kWorld, [this] { process_.crash(); });
  kernel_.at(to, Phase::kWorld, [this] {
    if (!lasts(kernel_.now())) process_.start();
  });
}

bool ProcessOutages::lasts(TimePoint now) const {
  return std::ranges::any_of(
      outages_, [now](const Outage& outage) { return outage.from <= now && now < outage.to; });
}

}  // namespace casim::sim
