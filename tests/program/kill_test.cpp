// The provider is killed under load, again and again, over one real file. What it acknowledged must
// be there afterwards, and no machine may be lost or doubled. CASIM_KILLS=200 for more of them.
#include <csignal>
#include <cstdlib>
#include <map>
#include <set>
#include <thread>

#include "src/core/random.h"
#include "src/provider/machine_tags.h"
#include "tests/catch.h"
#include "tests/program/bench.h"

using namespace casim;
using namespace casim::live;
using grpc::StatusCode;

namespace {

// What a group's target may be, by what was answered.
struct Bounds {
  int low = 0;
  int high = 0;
};

class Load {
 public:
  Load(const Random& random, std::string address, std::map<std::string, Bounds>& bounds,
       std::set<std::string>& deleted)
      : random_(random), caller_(address), bounds_(bounds), deleted_(deleted) {}

  // Orders until an answer does not come. `n` numbers the draws.
  void run(std::uint64_t& n, std::atomic<int>& acknowledged) {
    while (true) {
      const std::string group = random_.uniform("group", 0, ++n) < 0.5 ? "a" : "b-c";
      const bool grows = bounds_[group].high < 5 || random_.uniform("what", 0, n) < 0.55;
      if (!(grows ? increase(group, n) : remove(group, n))) return;
      ++acknowledged;
    }
  }

 private:
  bool increase(const std::string& group, std::uint64_t n) {
    const int delta = 1 + static_cast<int>(random_.index("delta", 0, n, 4));
    const grpc::Status status = caller_.increase(group, delta);
    bounds_[group].high += delta;
    if (status.ok()) bounds_[group].low += delta;
    return status.ok();
  }

  bool remove(const std::string& group, std::uint64_t n) {
    const pb::NodeGroupNodesResponse nodes = caller_.nodes(group);
    std::vector<std::string> ids;
    for (const auto& instance : nodes.instances()) {
      if (instance.status().instancestate() == pb::InstanceStatus::instanceDeleting) continue;
      if (instance.id().find("placeholder") != std::string::npos) continue;
      if (!deleted_.contains(instance.id())) ids.push_back(instance.id());
    }
    if (ids.empty()) return nodes.instances_size() > 0 || caller_.target(group) >= 0;
    const std::string id = ids[random_.index("victim", 0, n, ids.size())];
    deleted_.insert(id);
    const grpc::Status status = caller_.remove(group, {id});
    --bounds_[group].low;
    if (status.ok()) --bounds_[group].high;
    return status.ok();
  }

  const Random& random_;
  Caller caller_;
  std::map<std::string, Bounds>& bounds_;
  std::set<std::string>& deleted_;
};

// Launches that share a slot, over all that ever was.
int doubled(FakeCloud& cloud) {
  return cloud.ask<int>([&cloud] {
    std::set<std::string> tokens;
    int twice = 0;
    for (const auto& [id, instance] : cloud.ec2().instances) {
      if (!tokens.insert(provider::slot_token_of(instance)).second) ++twice;
    }
    return twice;
  });
}

std::set<std::string> live_ids(FakeCloud& cloud) {
  return cloud.ask<std::set<std::string>>([&cloud] {
    std::set<std::string> ids;
    for (const auto& [id, instance] : cloud.ec2().instances) {
      if (instance.state != ec2::InstanceState::kTerminated) {
        ids.insert("aws:///" + instance.zone + "/" + id);
      }
    }
    return ids;
  });
}

std::set<std::string> listed_ids(Caller& caller) {
  std::set<std::string> ids;
  for (const char* group : {"a", "b-c"}) {
    const std::vector<std::string> of_group = caller.ids(group);
    ids.insert(of_group.begin(), of_group.end());
  }
  return ids;
}

}  // namespace

TEST_CASE("kills under load lose nothing that was acknowledged, leak and double nothing",
          "[program]") {
  const char* wanted = std::getenv("CASIM_KILLS");
  const int kills = wanted == nullptr ? 10 : std::atoi(wanted);
  ProgramBench bench;
  bench.config["node_groups"] = {group_json("a", 10'000), group_json("b-c", 10'000)};
  bench.config["log"] = {{"level", "warning"}};
  bench.config["listen"]["address"] = "unix:" + bench.path("provider.sock");
  const std::string address = bench.config["listen"]["address"];
  const Random random(4);
  std::map<std::string, Bounds> bounds;
  std::set<std::string> deleted;
  std::uint64_t n = 0;
  int acknowledged_in_all = 0;
  for (int kill = 0; kill <= kills; ++kill) {
    CAPTURE(kill);
    Child child({"--config", bench.file()}, bench.folder / "");
    REQUIRE(eventually([&] { return Caller(address).target("a") >= 0; }));
    Caller caller(address);
    for (const char* group : {"a", "b-c"}) {
      const int target = caller.target(group);
      CAPTURE(group);
      REQUIRE(target >= bounds[group].low);
      REQUIRE(target <= bounds[group].high);
      bounds[group] = {target, target};
    }
    if (kill == kills) {
      CHECK(eventually([&] { return live_ids(bench.cloud) == listed_ids(caller); }));
      CHECK(static_cast<int>(live_ids(bench.cloud).size()) ==
            caller.target("a") + caller.target("b-c"));
      break;
    }
    std::atomic<int> acknowledged{0};
    std::thread load([&] { Load(random, address, bounds, deleted).run(n, acknowledged); });
    const int until =
        5 + static_cast<int>(random.index("until", 1, static_cast<std::uint64_t>(kill), 40));
    CHECK(eventually([&] { return acknowledged >= until; }));
    child.signal(SIGKILL);
    CHECK(child.wait().exit_code == -1);
    load.join();
    acknowledged_in_all += acknowledged;
  }
  CHECK(doubled(bench.cloud) == 0);
  std::cout << kills << " kills, " << acknowledged_in_all << " orders acknowledged, "
            << live_ids(bench.cloud).size() << " machines at the end, 0 lost, leaked or doubled\n";
}
