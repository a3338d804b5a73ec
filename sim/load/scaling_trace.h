// How many replicas some Deployments had over time: SimKube's scaling events. Each is played as a
// ReplicaSet whose size somebody sets.
#pragma once

#include <cstdint>
#include <expected>
#include <string>
#include <string_view>
#include <vector>

#include "sim/load/trace.h"

namespace casim::sim {

struct ScalingStep {
  Duration at{};
  std::uint64_t replicas = 0;

  bool operator==(const ScalingStep&) const = default;
};

struct ScaledDeployment {
  std::string namespace_name;
  std::string name;
  Resources requests;              // of a pod
  std::vector<ScalingStep> steps;  // times rise
};

struct ScalingTrace {
  std::vector<ScaledDeployment> deployments;  // by first event, ties as in the file
  TraceCounts counts;
};

// Rows are "this Deployment now has so many replicas", in order of time. What was there before the
// window is there at its start. Of a span, shares and copies are of Deployments.
std::expected<ScalingTrace, TraceProblems> read_simkube(std::string_view text, std::string file,
                                                        const TraceSpan& span = {});

}  // namespace casim::sim
