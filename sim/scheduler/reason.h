// Why a node was refused: one bit per reason text of the real scheduler's filters, so that counts
// per reason say whether its status message has changed. Source: algorithm 5.3.
#pragma once

#include <cstdint>

namespace casim::sim {

using Reasons = std::uint32_t;

inline constexpr Reasons kCordoned = 1 << 0;
inline constexpr Reasons kOtherNode = 1 << 1;  // the pod wants one node, by name
inline constexpr Reasons kTaint = 1 << 2;
inline constexpr Reasons kAffinity = 1 << 3;  // node selector and required node affinity
inline constexpr Reasons kPorts = 1 << 4;
inline constexpr Reasons kPodSlots = 1 << 5;
inline constexpr Reasons kCpu = 1 << 6;
inline constexpr Reasons kMemory = 1 << 7;
inline constexpr Reasons kEphemeralStorage = 1 << 8;
inline constexpr Reasons kExtended = 1 << 9;
// No reason of its own: the request exceeds the node's allocatable, so no pod that goes helps.
inline constexpr Reasons kTooBig = 1 << 10;
inline constexpr int kOwnReasonCount = 11;  // up to here, what one node alone decides
// Those that hang on pods elsewhere too.
inline constexpr Reasons kSpreadLabel = 1 << 11;  // the node lacks a topology key
inline constexpr Reasons kSpread = 1 << 12;
inline constexpr Reasons kPodAffinity = 1 << 13;
inline constexpr Reasons kPodAntiAffinity = 1 << 14;
inline constexpr Reasons kOthersAntiAffinity = 1 << 15;  // of pods that are there
inline constexpr int kReasonCount = 16;

// All that the plugins NodeResourcesFit, PodTopologySpread and InterPodAffinity say.
inline constexpr Reasons kFit = kPodSlots | kCpu | kMemory | kEphemeralStorage | kExtended;
inline constexpr Reasons kAnySpread = kSpreadLabel | kSpread;
inline constexpr Reasons kAnyPodAffinity = kPodAffinity | kPodAntiAffinity | kOthersAntiAffinity;

// With one of these a node is not worth a preemption [k8s: status UnschedulableAndUnresolvable].
inline constexpr Reasons kUnresolvable =
    kCordoned | kOtherNode | kTaint | kAffinity | kTooBig | kSpreadLabel | kPodAffinity;

}  // namespace casim::sim
