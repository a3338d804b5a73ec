// What the collectors ask of a world: what its pods request, on which group they cost least, and
// what nodes offer (sim/metrics/world_model.h).
#pragma once

#include <cstddef>
#include <cstdint>
#include <deque>
#include <map>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "sim/cluster/cluster.h"
#include "sim/load/workload_table.h"
#include "sim/metrics/world_model.h"
#include "sim/scenario/load_plan.h"
#include "sim/scenario/scenario.h"
#include "src/provider/types.h"

namespace casim::sim {

class DemandModel final : public WorldModel {
 public:
  struct Parts {  // all outlive it
    const Scenario& scenario;
    const std::vector<provider::GroupConfig>& groups;  // as the provider knows them
    const Cluster& cluster;
    const WorkloadTable& workloads;
  };

  DemandModel(Parts parts, const LoadPlan& plan);

  const std::vector<GroupOffer>& groups() const override { return offers_; }

  std::uint32_t shape_of(PodId pod) override;

  const PodShape& shape(std::uint32_t number) const override { return shapes_[number]; }

  Resources allocatable_of(NodeId node) const override {
    return parts_.cluster.node(node)->allocatable;
  }

 private:
  std::uint32_t add(const PodSpec& pod);
  std::optional<std::size_t> cheapest(const PodSpec& pod) const;

  Parts parts_;
  std::vector<GroupOffer> offers_;
  std::deque<PodShape> shapes_;
  // Pods with an owner each have a spec each; of those the workload knows which are alike.
  std::map<std::pair<WorkloadId, std::uint32_t>, std::uint32_t> of_series_;
  // The others share the spec of their template. It is kept, so that no other has its address.
  std::map<PodSpecPtr, std::uint32_t> of_spec_;  // lookups only
};

}  // namespace casim::sim
