// Nodes, pods and their surroundings out of the common objects of the decision cases. Times are
// ages: the decision is taken at kDecisionTime.
#pragma once

#include <string>
#include <vector>

#include "oracle/judge/strict_json.h"
#include "sim/autoscaler/cluster/cluster_view.h"
#include "sim/autoscaler/simulator/drainability.h"
#include "sim/autoscaler/simulator/snapshot.h"

namespace casim::oracle {

// A whole second; which one does not matter.
inline constexpr WallTime kDecisionTime{std::chrono::seconds(1767571200)};
inline constexpr const char* kGpuLabel = "accelerator";

Duration seconds_of(const Json& number);
Duration seconds_of(const Json& object, const char* key, double fallback = 0);

// These and the reader throw std::runtime_error on a key that is not known.
sim::NodePtr node_of(const Json& given);
// The group that the node names; empty for none.
std::string group_of(const Json& node);

// Numbers pods in the order in which they are read.
class PodReader {
 public:
  // `node`: where it runs, if the pod does not say so.
  sim::PodPtr read(const Json& given, const std::string& node = "");
  std::vector<sim::PodPtr> read_all(const Json& given);
  // So many pods that share one spec.
  std::vector<sim::PodPtr> read_many(const Json& given, int count);

 private:
  sim::PodId next_id() { return sim::PodId(++last_); }

  std::uint32_t last_ = 0;
};

// The nodes in the order given, each with the pods that name it.
sim::Snapshot snapshot_of(const Json& nodes, const std::vector<sim::PodPtr>& pods);

// Makes the controllers of the pods known, each with `replicas`.
void announce_owners(sim::ClusterView& view, const std::vector<sim::PodPtr>& pods, int replicas);

std::vector<sim::PodDisruptionBudget> pdbs_of(const Json& given);

// In the order given.
Json names_of(const std::vector<sim::PodPtr>& pods);
Json names_of(const std::vector<sim::NodePtr>& nodes);

}  // namespace casim::oracle
