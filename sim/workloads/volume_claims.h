// PersistentVolumeClaims with zonal volumes: where each is, once it has a volume. A volume is made
// in the zone of the first pod that uses its claim (WaitForFirstConsumer), or at once, in a zone
// that the claim's name decides (Immediate); it stays, and binds the pod to its zone.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

namespace casim::sim {

// One of a StatefulSet's volumeClaimTemplates.
struct VolumeClaimTemplate {
  std::string name;
  std::vector<std::string> zones;  // Immediate: one of them, sorted; empty: WaitForFirstConsumer
};

// "data-db-3".
std::string claim_name(const VolumeClaimTemplate& claim, const std::string& set,
                       std::uint64_t ordinal);

// As provisioners spread claims that are bound at once: the claims of one pod of a StatefulSet
// together, its pods in turn [k8s: cloud-provider volume/helpers ChooseZoneForVolume].
// Requires: there are zones.
const std::string& zone_of_claim(const std::string& name, const std::vector<std::string>& zones);

}  // namespace casim::sim
