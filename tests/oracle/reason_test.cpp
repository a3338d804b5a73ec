// What the autoscaler says of its decisions in small worlds: each end of a loop, a scale-up or a
// removal that is not as usual has its reason.
#include "tests/catch.h"
#include "tests/oracle/small_world.h"

namespace casim::oracle {

using namespace std::chrono_literals;

namespace {

// All that was said of a subject, one line each.
std::string said_of(const std::vector<LoopRecord>& loops, const std::string& subject) {
  std::string text;
  for (const LoopRecord& loop : loops) {
    for (const Reason& reason : loop.reasons) {
      if (reason.subject == subject) text += reason.text + "\n";
    }
  }
  return text;
}

bool has(const std::string& text, const std::string& part) {
  return text.find(part) != std::string::npos;
}

void add_group(Little& world, const char* id) {
  Json group = world.given["groups"].back();
  group["id"] = id;
  world.given["groups"].push_back(group);
}

}  // namespace

TEST_CASE("a removal that the provider refuses says so, and the node stays", "[reasons]") {
  Little world(60s, {"--scale-down-unneeded-time=15s"});
  world.group(1);
  world.fault(kDelete, 0s, 1h, 14);
  const auto loops = world.run();
  const std::string text = said_of(loops, "node g-0000");
  CAPTURE(text);
  CHECK(has(text, "empty, deleted\nNodeDeleteErrorFailedToDelete: UNAVAILABLE"));
  CHECK(loops.back().nodes == 1);
}

TEST_CASE("a removal whose group does not answer says so", "[reasons]") {
  Little world(60s, {"--scale-down-unneeded-time=15s"});
  world.group(1);
  const Duration taint = Grid{}.start_after(Grid{}.start(1) + 15s) + kRefresh;
  world.fault("NodeGroupGetOptions", taint + 1s, taint + kTaintDelay + 1s, 14);
  const std::string text = said_of(world.run(), "node g-0000");
  CAPTURE(text);
  CHECK(has(text, "NodeDeleteErrorInternal: GetOptions: UNAVAILABLE"));
}

TEST_CASE("a scale-up that fails tells its error", "[reasons]") {
  Little world(60s, {});
  world.group(0);
  world.pods(3s, 1);
  world.fault(kIncrease, 0s, 1h, 8);
  const std::string text = said_of(world.run(), "scale-up");
  CAPTURE(text);
  CHECK(has(text, "cloudProviderError: failed to increase node group size"));
}

TEST_CASE("a loop that ends early tells why", "[reasons]") {
  Little world(60s, {"--ok-total-unready-count=0", "--max-node-startup-time=1s"});
  world.group(3);
  for (const char* node : {"g-0000", "g-0001"}) {
    world.given["events"].push_back({{"t", 1.0}, {"type", "unready"}, {"node", node}});
  }
  CHECK(has(said_of(world.run(), "loop"), "cut short: ClusterUnhealthy"));
}

TEST_CASE("a loop without ready nodes ends early, where no group may start from none",
          "[reasons]") {
  Little world(60s, {"--scale-up-from-zero=false"});
  world.group(0);
  CHECK(has(said_of(world.run(), "loop"), "cut short: NoReadyNodes"));
}

TEST_CASE("a target that is lowered is told, and ends the loop", "[reasons]") {
  Little world(5min, {"--max-node-provision-time=60s", "--scale-down-unneeded-time=1h"});
  Json& group = world.group(1);
  group["hide_creating"] = true;  // else they are taken for unregistered nodes
  group["clamp_decrease"] = true;
  group["launches"].push_back(Little::launch(0, 0, "never", 0s));
  world.pods(3s, 4);                 // one of them on the node that is there
  const auto loops = world.run(35);  // from 1.36 on the order is taken back at its timeout
  CHECK(has(said_of(loops, "group g"), "its target was fixed by -3"));
  CHECK(has(said_of(loops, "loop"), "cut short: GroupSizeFixed"));
}

TEST_CASE("deleted instances are told with the reason", "[reasons]") {
  const bool fails = GENERATE(true, false);
  Little world(5min, {"--max-node-provision-time=60s", "--scale-down-unneeded-time=1h"});
  Json& group = world.group(0);
  group["launches"].push_back(Little::launch(0, 0, fails ? "error" : "never", 5s));
  if (fails) group["launches"].back()["code"] = "InsufficientInstanceCapacity";
  world.pods(3s, 1);
  const std::string text = said_of(world.run(), "instances of g");
  CAPTURE(text);
  CHECK(has(text, fails ? ": CreateError: deleted" : ": LongUnregistered: deleted"));
}

TEST_CASE("that no group is below its minimum hides no order of the loop", "[reasons]") {
  Little world(60s, {"--enforce-node-group-min-size=true"});
  world.group(1)["min"] = 1;
  world.pods(3s, 3);
  const auto loops = world.run();
  REQUIRE(times(loops, kIncrease).size() == 1);
  CHECK(has(said_of(loops, "loop"), "ScaleUpSuccessful ScaleDownInCooldown"));
  CHECK(has(said_of(loops, "loop"), "ScaleUpNotNeeded"));
}

TEST_CASE("slow calls use up the time for packing, and groups behind it are told", "[reasons]") {
  const bool slow = GENERATE(true, false);
  Little world(90s, {"--max-binpacking-time=1s"});
  world.group(0);
  add_group(world, "h");
  if (slow) world.given["latency_s"]["NodeGroupTargetSize"] = 2.0;
  world.pods(3s, 1);
  const auto loops = world.run();
  CHECK(has(said_of(loops, "option g"), "1 nodes for 1 pods"));
  CHECK(has(said_of(loops, "option h"),
            slow ? "0 nodes for 0 pods, left out by max-binpacking-time" : "1 nodes for 1 pods"));
}

TEST_CASE("slow calls use up the time for looking at nodes to remove", "[reasons]") {
  const Duration call = 4s;
  const Duration limit = 30s;
  Little world(20min, {"--max-scale-down-parallelism=100", "--scale-down-unneeded-time=1h",
                       "--scale-down-simulation-timeout=30s"});
  world.group(10);
  world.given["latency_s"]["NodeGroupGetOptions"] = in_s(call);
  const auto loops = world.run();
  // One call for each node that is found unneeded; the first that starts too late is not looked at.
  const int looked_at = static_cast<int>((limit + call - 1ns) / call);
  const Json status = Json::parse(loops.at(1).status);
  CHECK(status["groups"]["g"]["candidates"] == looked_at);
}

}  // namespace casim::oracle
