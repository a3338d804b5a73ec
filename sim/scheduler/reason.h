// Why a node was refused: one bit per reason text of the real scheduler's filters, so that counts
// per reason say whether its status message has changed. Source: algorithm 5.3.
#pragma once

#include <cstdint>

namespace casim::sim {

using Reasons = std::uint16_t;

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
inline constexpr int kReasonCount = 10;

// All that the plugin NodeResourcesFit says.
inline constexpr Reasons kFit = kPodSlots | kCpu | kMemory | kEphemeralStorage | kExtended;

}  // namespace casim::sim
