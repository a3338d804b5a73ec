// Pods of a real cluster on the nodes of a fleet.
#include "sim/live/pod_player.h"

#include <string>
#include <vector>

#include "sim/live/cluster_mirror.h"
#include "tests/catch.h"
#include "tests/sim_live/fake_kube.h"
#include "tests/sim_live/small_fleet.h"

namespace casim::sim {
namespace {

using namespace std::chrono_literals;
using nlohmann::json;

PodRunnerConfig two_seconds() {
  PodRunnerConfig config;
  config.start = Distribution::constant(2s);
  config.stop = Distribution::constant(3s);
  return config;
}

struct PlayedWorld {
  explicit PlayedWorld(const Scenario& scenario = small_fleet()) : fleet(scenario, kernel, {}) {
    mirror.start([this](const Error& error) { refused = error.message; });
  }

  ~PlayedWorld() {
    mirror.cancel();
    fleet.stop();
  }

  void run(Duration length) {
    REQUIRE(kernel.run(kernel.now() + length, 10'000'000) != Kernel::Stop::kEventLimit);
  }

  // The fleet's only node, once it is there.
  std::string node_name() {
    for (const auto& [path, object] : kube.objects) {
      if (path.starts_with(node_path(""))) return text_at(object, "/metadata/name");
    }
    return "";
  }

  void put_pod(const std::string& name, const std::string& node) {
    kube.put(
        pod_path("default", name),
        {{"metadata", {{"name", name}, {"namespace", "default"}}},
         {"spec",
          {{"nodeName", node},
           {"containers", json::array({json{{"name", "main"}, {"image", "web"}}})}}},
         {"status",
          {{"phase", "Pending"},
           {"conditions", json::array({json{{"type", "PodScheduled"}, {"status", "True"}}})}}}});
  }

  void begin_deletion(const std::string& name, Duration grace) {
    json pod = kube.objects.at(pod_path("default", name));
    pod["metadata"]["deletionTimestamp"] = time_text(kernel.wall(kernel.now() + grace));
    kube.put(pod_path("default", name), pod);
  }

  bool has_pod(const std::string& name) { return kube.objects.contains(pod_path("default", name)); }

  std::string phase(const std::string& name) {
    return text_at(kube.objects.at(pod_path("default", name)), "/status/phase");
  }

  Kernel kernel{std::chrono::sys_days(std::chrono::year(2026) / 1 / 5)};
  LiveFleet fleet;
  FakeKube kube{kernel.clock(Phase::kWorld)};
  std::vector<std::string> complaints;
  ClusterMirror mirror{
      {.fleet = fleet,
       .world = kernel,
       .kube = kube,
       .clock = kernel.clock(Phase::kWorld),
       .executor = kernel.executor(),
       .complain = [this](const std::string& said) { complaints.push_back(said); }},
      two_seconds()};
  std::string refused;
};

TEST_CASE("a pod that is bound to a node of the fleet runs after its start latency", "[live]") {
  PlayedWorld w;
  w.run(1s);
  const std::string node = w.node_name();
  REQUIRE(node != "");
  w.put_pod("web", node);
  w.put_pod("foreign", "other");
  w.run(1900ms);  // not before 2 s after it was seen
  CHECK(w.phase("web") == "Pending");
  w.run(1500ms);
  CHECK(w.phase("web") == "Running");
  const json& pod = w.kube.objects.at(pod_path("default", "web"));
  CHECK(condition_of(pod, "Ready") == "True");
  CHECK(condition_of(pod, "PodScheduled") == "True");
  CHECK(text_at(pod, "/status/startTime") != "");
  CHECK(pod.at("status").at("containerStatuses").at(0).at("ready") == true);
  CHECK(w.phase("foreign") == "Pending");
  CHECK(w.mirror.pods().started == 1);
}

TEST_CASE("a pod that is being deleted goes when it has stopped or its grace is over", "[live]") {
  PlayedWorld w;
  w.run(1s);
  w.put_pod("slow", w.node_name());
  w.put_pod("hurried", w.node_name());
  w.run(5s);
  REQUIRE(w.phase("slow") == "Running");
  w.begin_deletion("slow", 30s);
  w.begin_deletion("hurried", 1s);
  w.run(2500ms);
  CHECK(w.has_pod("slow"));
  CHECK_FALSE(w.has_pod("hurried"));
  w.run(2s);
  CHECK_FALSE(w.has_pod("slow"));
  CHECK(w.mirror.pods().deleted == 2);
  // Another one of the same name is another pod.
  w.put_pod("slow", w.node_name());
  w.run(5s);
  CHECK(w.phase("slow") == "Running");
}

TEST_CASE("a pod that never ran can be deleted", "[live]") {
  PlayedWorld w;
  w.run(1s);
  w.put_pod("web", w.node_name());
  w.run(500ms);
  w.begin_deletion("web", 0s);
  w.run(2s);
  CHECK_FALSE(w.has_pod("web"));
  CHECK(w.mirror.pods().started == 0);
}

TEST_CASE("nothing happens to pods of a dead machine until their node is gone", "[live]") {
  Scenario scenario = small_fleet();
  scenario.faults.resize(2);
  scenario.faults[0].body = NodeCrashFault{.at = 10s};
  scenario.faults[1].body = MachineVanishesFault{.at = 100s, .group = "g", .count = 1};
  PlayedWorld w(scenario);
  w.run(1s);
  const std::string node = w.node_name();
  w.run(10s);
  w.put_pod("web", node);
  w.run(50s);
  CHECK(w.phase("web") == "Pending");
  CHECK(condition_of(w.kube.objects.at(node_path(node)), "Ready") == "Unknown");
  CHECK(has_taint(w.kube.objects.at(node_path(node)), "node.kubernetes.io/unreachable"));
  w.run(2min);
  CHECK_FALSE(w.kube.objects.contains(node_path(node)));
  CHECK_FALSE(w.has_pod("web"));
  CHECK(w.mirror.nodes().deleted == 1);
}

TEST_CASE("pods of an earlier session's nodes are deleted", "[live]") {
  PlayedWorld w;
  w.kube.put(node_path("old"),
             {{"metadata", {{"name", "old"}, {"labels", {{kLiveLabel, "node"}}}}}});
  w.put_pod("web", "old");
  w.run(5s);
  CHECK_FALSE(w.kube.objects.contains(node_path("old")));
  CHECK_FALSE(w.has_pod("web"));
}

TEST_CASE("a refused list of pods is asked for again, a refused change too", "[live]") {
  PlayedWorld w;
  w.run(1500ms);
  w.put_pod("web", w.node_name());
  w.kube.answers = {0, 503};
  w.run(10s);
  CHECK(w.phase("web") == "Running");
  CHECK(w.complaints.size() == 2);
  w.begin_deletion("web", 30s);
  w.run(3900ms);
  w.kube.answers = {503, 503, 503};
  w.run(5s);
  CHECK_FALSE(w.has_pod("web"));
}

TEST_CASE("a mirror that is refused at the very start has begun nothing", "[live]") {
  PlayedWorld w;
  w.kube.answers = {401};
  w.run(1min);
  CHECK(w.refused.find("401: refused") != std::string::npos);
  CHECK(w.kube.log.size() == 1);
  CHECK(w.kube.objects.empty());
}

}  // namespace
}  // namespace casim::sim
