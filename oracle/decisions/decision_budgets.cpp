// Family crop_budgets: how many of the nodes that may go are deleted at a time.
#include "sim/autoscaler/scaledown/budgets.h"

#include <algorithm>

#include "oracle/decisions/decision.h"
#include "oracle/decisions/decision_world.h"

namespace casim::oracle {
namespace {

constexpr LoopId kBudgetLoop{1};

// The nodes of a case, by node group.
class Buckets {
 public:
  Buckets(const Json& given, DecisionWorld& world) : given_(given) {
    for (const auto& [name, group] : given.at("groups").items()) {
      check_keys(group, {"target", "zero_or_max"});
      world.rpc.add_group({name, 0, 1000, group.value("target", 0), nullptr});
    }
    groups_ = world.run(world.provider.node_groups(kBudgetLoop));
  }

  std::vector<sim::DeletionBucket> read(const char* key) const {
    std::vector<sim::DeletionBucket> buckets;
    for (const Json& one : given_.value(key, Json::array())) {
      check_keys(one, {"group", "count"});
      const std::string name = one.at("group");
      const Json& group = given_.at("groups").at(name);
      sim::DeletionBucket bucket;
      bucket.group = *std::find_if(groups_.begin(), groups_.end(),
                                   [&](const sim::NodeGroupPtr& g) { return g->id() == name; });
      for (int i = 0; i < one.at("count").get<int>(); ++i) {
        bucket.nodes.push_back(node_of({{"name", fmt::format("{}-{}-{}", name, key, i)}}));
      }
      bucket.is_atomic = group.value("zero_or_max", false);
      bucket.target = group.value("target", 0);
      bucket.registered = registered(name);
      buckets.push_back(std::move(bucket));
    }
    return buckets;
  }

 private:
  int registered(const std::string& group) const {
    int count = 0;
    for (const char* const key : {"empty", "drain"}) {
      for (const Json& one : given_.value(key, Json::array())) {
        if (one.at("group") == group) count += one.at("count").get<int>();
      }
    }
    // Counted like the others, or by group alone.
    const Json others = given_.value("other_registered_nodes", Json::object());
    if (others.is_object()) return count + others.value(group, 0);
    for (const Json& one : others) {
      if (one.at("group") == group) count += one.at("count").get<int>();
    }
    return count;
  }

  const Json& given_;
  std::vector<sim::NodeGroupPtr> groups_;
};

Json counts_of(const std::vector<sim::DeletionBucket>& buckets) {
  Json counts = Json::array();
  for (const sim::DeletionBucket& bucket : buckets) {
    counts.push_back({{"group", bucket.group->id()}, {"count", bucket.nodes.size()}});
  }
  return counts;
}

}  // namespace

Decision decide_crop_budgets(const Json& given) {
  check_keys(given, {"max_parallelism", "max_drain_parallelism", "empty_in_progress",
                     "drain_in_progress", "groups", "empty", "drain", "other_registered_nodes"});
  DecisionWorld world;
  const Buckets buckets(given, world);
  sim::DeletionTracker in_progress;
  for (const char* const key : {"empty_in_progress", "drain_in_progress"}) {
    for (int i = 0; i < given.value(key, 0); ++i) {
      in_progress.start("other", fmt::format("{}-{}", key, i), key[0] == 'd');
    }
  }
  const sim::DeletionLimits limits{given.at("max_parallelism"), given.at("max_drain_parallelism")};
  const sim::CroppedDeletions result =
      sim::crop_nodes(limits, in_progress, buckets.read("empty"), buckets.read("drain"));
  Decision decision;
  decision.got["empty"] = counts_of(result.empty);
  decision.got["drain"] = counts_of(result.drain);
  return decision;
}

}  // namespace casim::oracle
