// A zone in the eyes of the node lifecycle controller: how many of its nodes are not Ready, and at
// which rate it taints them. Source: algorithm 5.6, ComputeZoneState of
// [k8s:pkg/controller/nodelifecycle/node_lifecycle_controller.go].
#pragma once

#include <cstdint>
#include <string>

#include "sim/cluster/objects.h"
#include "sim/controllers/node_lifecycle_config.h"
#include "sim/controllers/taint_queue.h"

namespace casim::sim {

enum class Disruption : std::uint8_t { kInitial, kNone, kPartial, kFull };

// Region and zone, as GetZoneKey; nodes without either are one zone.
std::string zone_of(const Labels& node);

struct DisruptionZone {
  std::int64_t nodes = 0;      // all of them
  std::int64_t ready = 0;      // of those that count
  std::int64_t not_ready = 0;  // likewise
  bool is_open = false;        // the controller has met it; the next two are of that time
  Disruption state = Disruption::kInitial;
  TaintQueue queue{0};

  bool counts() const { return ready + not_ready > 0; }

  void open(const EvictionRates& rates);
  Disruption disruption(const EvictionRates& rates) const;
  // Takes the state and the rate that goes with it.
  void enter(Disruption next, const EvictionRates& rates, TimePoint now);
};

}  // namespace casim::sim
