#include "sim/workloads/deployment_plan.h"

#include <map>

#include "tests/catch.h"

using namespace casim;
using namespace casim::sim;
using namespace std::chrono_literals;

namespace {

constexpr WallTime kNow{std::chrono::seconds(1000)};

DeploymentSet set_of(const std::string& revision, std::uint64_t replicas, std::uint64_t available,
                     std::int64_t desired, std::int64_t max_replicas) {
  DeploymentSet set;
  set.uid = "d/" + revision;
  set.revision = revision;
  set.number = std::stoll(revision);
  set.state.replicas = set.state.status.replicas = replicas;
  set.state.status.ready = set.state.status.available = available;
  set.pods = replicas;
  set.desired = desired;
  set.max_replicas = max_replicas;
  return set;
}

// 22 replicas, of which old ones are about to be replaced.
DeploymentView rollout() {
  DeploymentView view;
  view.uid = "d";
  view.revision = "2";
  view.number = 2;
  view.replicas = 22;
  view.status.progress = {ProgressReason::kReplicaSetUpdated, kNow};
  view.sets = {set_of("1", 17, 17, 22, 28), set_of("2", 11, 0, 22, 28)};
  return view;
}

std::map<std::string, std::int64_t> sizes(const DeploymentPlan& plan) {
  std::map<std::string, std::int64_t> sizes;
  for (const DeploymentWrite& write : plan.writes) {
    if (const auto* made = std::get_if<CreateSet>(&write)) {
      sizes[made->set.revision] = made->set.replicas();
    }
    if (const auto* changed = std::get_if<UpdateSet>(&write)) {
      sizes[changed->set.revision] = changed->set.replicas();
    }
  }
  return sizes;
}

using Sizes = std::map<std::string, std::int64_t>;

}  // namespace

TEST_CASE("a rollout waits while its new pods are not available", "[workloads]") {
  CHECK(sizes(plan_deployment(rollout(), kNow)).empty());
}

TEST_CASE("old pods go as new ones become available, then new ones come", "[workloads]") {
  DeploymentView view = rollout();
  view.sets[1].state.status.available = 4;
  // 28 in all, 17 must be available, 7 are still new: 4 of the old go.
  CHECK(sizes(plan_deployment(view, kNow)) == Sizes{{"1", 13}});
  view.sets[0].state.replicas = 13;
  CHECK(sizes(plan_deployment(view, kNow)) == Sizes{{"2", 15}});
}

TEST_CASE("old pods that are not available go first", "[workloads]") {
  DeploymentView view = rollout();
  view.sets[1].state.status.available = 11;
  view.sets[0].state.status.available = 10;
  // 11 may go: 7 that are broken, then 4 of the others.
  const DeploymentPlan plan = plan_deployment(view, kNow);
  CHECK(sizes(plan) == Sizes{{"1", 6}});
  CHECK(std::get<UpdateSet>(plan.writes[0]).set.replicas() == 10);
}

TEST_CASE("a change of size in a rollout is spread in proportion", "[workloads]") {
  DeploymentView view = rollout();
  view.replicas = 39;
  CHECK(sizes(plan_deployment(view, kNow)) == Sizes{{"1", 30}, {"2", 19}});
  view.replicas = 0;
  CHECK(sizes(plan_deployment(view, kNow)) == Sizes{{"1", 0}, {"2", 0}});
}

TEST_CASE("without surge and without unavailable pods one may be unavailable", "[workloads]") {
  CHECK(fenceposts({false, IntOrPercent::of(0), IntOrPercent::percent(1)}, 20).unavailable == 1);
  CHECK(fenceposts({false, IntOrPercent::percent(1), IntOrPercent::of(0)}, 20).surge == 1);
  CHECK(fenceposts({false, IntOrPercent::of(0), IntOrPercent::of(30)}, 20).unavailable == 20);
  CHECK(fenceposts({true, IntOrPercent::of(5), IntOrPercent::of(5)}, 20).surge == 0);
}

TEST_CASE("Recreate waits for the last old pod", "[workloads]") {
  DeploymentView view = rollout();
  view.strategy.recreate = true;
  view.sets.pop_back();
  view.sets[0].max_replicas = 22;
  CHECK(sizes(plan_deployment(view, kNow)) == Sizes{{"1", 0}});
  view.sets[0].state.replicas = view.sets[0].state.status.replicas = 0;
  CHECK(sizes(plan_deployment(view, kNow)).empty());  // terminating ones
  view.sets[0].pods = 0;
  CHECK(sizes(plan_deployment(view, kNow)) == Sizes{{"2", 22}});
}

TEST_CASE("a rollout without progress is looked at again a second after its deadline",
          "[workloads]") {
  DeploymentView view = rollout();
  view.progress_deadline = 60s;
  const DeploymentPlan first = plan_deployment(view, kNow + 10s + 650ms);
  REQUIRE(first.writes.size() == 1);
  view.status = std::get<WriteStatus>(first.writes[0]).status;
  view.status.progress->last_update = kNow;
  const DeploymentPlan waiting = plan_deployment(view, kNow + 10s + 650ms);
  CHECK(waiting.writes.empty());
  CHECK(waiting.again == Duration(50s + 350ms));
  const DeploymentPlan late = plan_deployment(view, kNow + 61s);
  REQUIRE(late.writes.size() == 1);
  CHECK(std::get<WriteStatus>(late.writes[0]).status.progress->reason ==
        ProgressReason::kProgressDeadlineExceeded);
}

TEST_CASE("of old sets without pods the newest ten are kept", "[workloads]") {
  DeploymentView view = rollout();
  view.revision = "12";
  view.replicas = 1;
  view.number = 12;
  view.sets.clear();
  for (int i = 1; i <= 11; ++i) view.sets.push_back(set_of(std::to_string(i), 0, 0, 1, 2));
  for (DeploymentSet& set : view.sets) set.state.status.observed_generation = 1;
  view.sets.push_back(set_of("12", 1, 1, 1, 2));
  view.status.observed_generation = 1;
  view.status.updated = view.status.replicas = view.status.available = 1;
  const DeploymentPlan plan = plan_deployment(view, kNow);
  REQUIRE_FALSE(plan.writes.empty());
  CHECK(std::get<RemoveSet>(plan.writes[0]).uid == "d/1");
}
