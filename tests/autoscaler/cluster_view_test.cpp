#include "sim/autoscaler/cluster/cluster_view.h"

#include "tests/catch.h"

namespace casim::sim {
namespace {

Owner owner_of(OwnerKind kind, const std::string& name, const std::string& uid) {
  Owner owner;
  owner.kind = kind;
  owner.namespace_name = "ns";
  owner.name = name;
  owner.uid = uid;
  return owner;
}

std::vector<std::string> uids(const ClusterView& view) {
  std::vector<std::string> result;
  for (const Owner& owner : view.daemon_sets()) result.push_back(owner.uid);
  return result;
}

}  // namespace

TEST_CASE("DaemonSets are listed by name, and nothing else with them", "[autoscaler]") {
  ClusterView view;
  view.on_watch(OwnerChanged{owner_of(OwnerKind::kDaemonSet, "b", "1")});
  view.on_watch(OwnerChanged{owner_of(OwnerKind::kJob, "a", "2")});
  view.on_watch(OwnerChanged{owner_of(OwnerKind::kDaemonSet, "a", "3")});
  CHECK(uids(view) == std::vector<std::string>{"3", "1"});
  view.on_watch(OwnerRemoved{owner_of(OwnerKind::kJob, "a", "2")});
  view.on_watch(OwnerRemoved{owner_of(OwnerKind::kDaemonSet, "b", "1")});
  CHECK(uids(view) == std::vector<std::string>{"3"});
}

TEST_CASE("a DaemonSet that was made again outlives the news of its end", "[autoscaler]") {
  ClusterView view;
  view.on_watch(OwnerChanged{owner_of(OwnerKind::kDaemonSet, "a", "old")});
  view.on_watch(OwnerChanged{owner_of(OwnerKind::kDaemonSet, "a", "new")});
  CHECK(uids(view) == std::vector<std::string>{"new"});
  view.on_watch(OwnerRemoved{owner_of(OwnerKind::kDaemonSet, "a", "old")});
  CHECK(uids(view) == std::vector<std::string>{"new"});
  CHECK(view.find_owner("old") == nullptr);
}

}  // namespace casim::sim
