// HorizontalPodAutoscalers. A manifest does not say which load they follow: it is taken to be what
// keeps each metric at its target with the replicas that the target starts with, times a demand.
#pragma once

#include <optional>
#include <span>

#include "sim/manifests/translation.h"

namespace casim::sim {

// `demand`: changes of the load, as a scenario writes them, values as multiples of that load; null:
// it stays. None: it cannot be simulated, which is noted.
std::optional<ManifestItem> read_hpa(const KubeObject& object, std::span<const ManifestItem> items,
                                     const config::Value* demand, ManifestReading& reading);

}  // namespace casim::sim
