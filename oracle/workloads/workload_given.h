// What a case of workload controllers gives about pods and nodes, read strictly.
#pragma once

#include <cstdint>
#include <nlohmann/json.hpp>
#include <optional>
#include <string>
#include <vector>

#include "sim/cluster/objects.h"
#include "src/core/time.h"

namespace casim::oracle {

// What scheduler and kubelet do with a pod.
struct PodScript {
  std::optional<Duration> bind = Duration{};   // from its creation; none: never
  Duration start{};                            // from bound to Running
  std::optional<Duration> ready = Duration{};  // from Running to Ready; none: never
  Duration run{};                              // from Running to its end; 0: never
  bool fail = false;                           // it ends with a failure
  Duration stop{};                             // from its deletion to gone
  int cpu_request_m = 0;
};

PodScript script_of(const nlohmann::json& pod);

// The scripts of a case: one for all, and its exceptions.
class PodScripts {
 public:
  // Requires: `given` outlives it.
  explicit PodScripts(const nlohmann::json& given) : given_(given) {}

  // The pod `number` in order of creation, of that revision; the `attempt`-th of its index, both
  // from 0.
  PodScript of(std::uint64_t number, const std::string& revision, std::uint64_t index,
               std::uint64_t attempt) const;

  const nlohmann::json& given() const { return given_; }

 private:
  const nlohmann::json& given_;
};

// "key:effect".
sim::Taint workload_taint_of(const std::string& text);
// Likewise; an empty effect stands for all. Operator Exists.
sim::Toleration workload_toleration_of(const std::string& text);
// Of an entry with a count the nodes name-0000, name-0001, ...
std::vector<sim::Node> workload_nodes_of(const nlohmann::json& entry);
TimePoint workload_time_of(const nlohmann::json& seconds);

}  // namespace casim::oracle
