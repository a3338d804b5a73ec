// Paths of summary values: names joined by dots. A step may stand for many: "{code}" for any name,
// each with a value of its own, and "[]" behind a name for every item of a list.
//   scale_up_latency.total.p99        ec2.calls.{action}.{outcome}        pods.unfit[].reason
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace casim::sim {

struct PathStep {
  enum class Kind : std::uint8_t { kName, kAnyName, kEachItem };

  Kind kind = Kind::kName;
  std::string name;  // of kName the key, of kAnyName what it stands for, of kEachItem nothing

  bool operator==(const PathStep&) const = default;
};

std::vector<PathStep> steps_of(std::string_view path);

}  // namespace casim::sim
