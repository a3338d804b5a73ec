// How much worse a new result may be: what decides whether a comparison fails.
//
//   { "limits": { "scale_up_latency.total.p99": "5%", "cost.usd": "0.10", "pods.unserved": "0" } }
//
// Only thresholds and the values that a gate names are looked at; each may be worse by so much of
// itself, or by so much in its own unit (2s); of paired seeds the whole interval has to be beyond
// that. Without a gate nothing may be worse at all. wall_time is a limit for the time that the runs
// took (wall_time.h); it has to be a share, and without it that time is told and not judged.
#pragma once

#include <map>
#include <optional>
#include <string>
#include <vector>

#include "sim/study/comparison.h"
#include "src/config/document.h"
#include "src/config/problems.h"

namespace casim::sim {

struct GateLimit {
  double amount = 0;
  bool is_relative = false;  // of the base value
};

struct Gate {
  std::map<std::string, GateLimit> limits;  // by path
  std::optional<double> wall_time;          // by what share it may be longer
};

// What is no gate, or names what is no value, is an error at its place.
std::optional<Gate> read_gate(const config::Document& document, config::Problems& problems);

// Those that are worse by more than they may.
std::vector<const ChangedValue*> failures(const Comparison& comparison, const Gate* gate);

}  // namespace casim::sim
