// Nodes of a fleet at an API server: written, kept alive and deleted, whatever gets in between.
#include "sim/live/node_mirror.h"

#include <string>
#include <vector>

#include "sim/apiserver/api_server.h"
#include "tests/catch.h"
#include "tests/sim_live/fake_kube.h"

namespace casim::sim {
namespace {

using namespace std::chrono_literals;

class Silent final : public FactSink {
 public:
  void on_fact(TimePoint /*at*/, const Fact& /*fact*/) override {}
};

struct MirrorWorld {
  MirrorWorld() { api.add_watcher(mirror, WatchOptions()); }

  ~MirrorWorld() {
    scope.cancel();
    kernel.settle();
    api.remove_watcher(mirror);
  }

  NodeId add_node(const std::string& name, bool ready = false) {
    NewNode fresh;
    fresh.instance = "i-" + name;
    fresh.node.name = name;
    fresh.node.provider_id = "aws:///us-east-1a/i-" + name;
    fresh.node.labels = {{"pool", "a"}};
    fresh.node.capacity.cpu = MilliCpu(4000);
    fresh.node.allocatable.cpu = MilliCpu(3920);
    fresh.node.allocatable.pods = 58;
    fresh.node.ready = ready;
    const NodeId id = api.create_node(std::move(fresh));
    heartbeats.set(id, Heartbeat({kernel.now(), 10s}, {kernel.now(), 5min}));
    return id;
  }

  void run(Duration length) {
    REQUIRE(kernel.run(kernel.now() + length, 1'000'000) != Kernel::Stop::kEventLimit);
  }

  const nlohmann::json& node(const std::string& name) { return kube.objects.at(node_path(name)); }

  bool has_node(const std::string& name) { return kube.objects.contains(node_path(name)); }

  std::string renewed(const std::string& name) {
    const auto lease = kube.objects.find(lease_path(name));
    return lease == kube.objects.end() ? "" : text_at(lease->second, "/spec/renewTime");
  }

  Kernel kernel{std::chrono::sys_days(std::chrono::year(2026) / 1 / 5)};
  Silent facts;
  Cluster cluster;
  ApiServer api{kernel, cluster, facts, Random(1), {}};
  NodeHeartbeats heartbeats{api.outages()};
  FakeKube kube{kernel.clock(Phase::kWorld)};
  TaskScope scope{kernel.executor()};
  Semaphore turns{kernel.executor(), 2};
  std::vector<std::string> complaints;
  NodeMirror mirror{{.kube = kube,
                     .clock = kernel.clock(Phase::kWorld),
                     .world = kernel,
                     .scope = scope,
                     .turns = turns,
                     .complain = [this](const std::string& said) { complaints.push_back(said); }},
                    heartbeats};
};

TEST_CASE("a node is created as its kubelet registers it, and changed when it is Ready", "[live]") {
  MirrorWorld w;
  const NodeId id = w.add_node("n");
  w.run(1s);
  REQUIRE(w.has_node("n"));
  CHECK(text_at(w.node("n"), "/spec/providerID") == "aws:///us-east-1a/i-n");
  CHECK(text_at(w.node("n"), "/metadata/labels/pool") == "a");
  CHECK(w.node("n").at("metadata").at("labels").contains(kLiveLabel));
  CHECK(text_at(w.node("n"), "/status/allocatable/cpu") == "3920m");
  CHECK(text_at(w.node("n"), "/status/allocatable/pods") == "58");
  CHECK(condition_of(w.node("n"), "Ready") == "False");
  CHECK(has_taint(w.node("n"), "node.kubernetes.io/not-ready"));
  w.api.set_node_ready(id, true);
  w.run(1s);
  CHECK(condition_of(w.node("n"), "Ready") == "True");
  CHECK_FALSE(has_taint(w.node("n"), "node.kubernetes.io/not-ready"));
  CHECK(w.mirror.find("n"));
  CHECK_FALSE(w.mirror.was_ours("n"));
}

TEST_CASE("a node of a machine that is gone is deleted with its lease", "[live]") {
  MirrorWorld w;
  const NodeId id = w.add_node("n");
  w.scope.spawn(w.mirror.keep_alive());
  w.run(5s);
  CHECK(w.renewed("n") != "");
  w.api.delete_node(id);
  w.run(1s);
  CHECK(w.kube.objects.empty());
  CHECK_FALSE(w.mirror.find("n"));
  CHECK(w.mirror.was_ours("n"));
  CHECK(w.mirror.totals().deleted == 1);
}

TEST_CASE("what others have written on a node stays there", "[live]") {
  MirrorWorld w;
  const NodeId id = w.add_node("n");
  w.run(1s);
  nlohmann::json node = w.node("n");
  node["spec"]["taints"].push_back({{"key", "ToBeDeleted"}, {"effect", "NoSchedule"}});
  node["spec"]["unschedulable"] = true;
  node["metadata"]["labels"]["theirs"] = "1";
  w.kube.put(node_path("n"), node);
  w.api.set_node_ready(id, true);
  w.run(1s);
  CHECK(has_taint(w.node("n"), "ToBeDeleted"));
  CHECK_FALSE(has_taint(w.node("n"), "node.kubernetes.io/not-ready"));
  CHECK(w.node("n").at("spec").at("unschedulable") == true);
  CHECK(text_at(w.node("n"), "/metadata/labels/theirs") == "1");
  // A label that goes goes there, too, and a new one comes.
  w.api.edit_node(id, [](Node& next) { next.labels = {{"driver", "ready"}}; });
  w.run(1s);
  CHECK_FALSE(w.node("n").at("metadata").at("labels").contains("pool"));
  CHECK(text_at(w.node("n"), "/metadata/labels/driver") == "ready");
}

TEST_CASE("a write that another one has overtaken is made on what it left", "[live]") {
  MirrorWorld w;
  const NodeId id = w.add_node("n");
  w.run(1s);
  // The answers to the read, to the patch (a conflict), and as it is from then on.
  w.kube.answers = {200, 409};
  w.api.set_node_ready(id, true);
  w.run(100ms);
  CHECK(w.kube.count("GET /api/v1/nodes/n") == 2);
  CHECK(condition_of(w.node("n"), "Ready") == "True");
  CHECK(w.complaints.empty());
}

TEST_CASE("what fails is tried again, more and more slowly, and told once", "[live]") {
  MirrorWorld w;
  w.kube.answers = {0, 0, 503, 503};
  w.add_node("n");
  w.run(10s);
  CHECK(w.has_node("n"));
  // After 0.25, 0.5, 1 and 2 seconds.
  CHECK(w.kube.count("POST /api/v1/nodes") == 5);
  CHECK(w.complaints == std::vector<std::string>{
                            "nobody listens", "POST /api/v1/nodes is answered with 503: refused"});
  CHECK(w.mirror.totals().failures == 4);
}

TEST_CASE("a node that is there already becomes the fleet's", "[live]") {
  MirrorWorld w;
  w.kube.put(node_path("n"), {{"metadata", {{"name", "n"}}}, {"spec", nlohmann::json::object()}});
  w.add_node("n");
  w.run(1s);
  CHECK(text_at(w.node("n"), "/metadata/labels/pool") == "a");
  CHECK(condition_of(w.node("n"), "Ready") == "False");
  CHECK(has_taint(w.node("n"), "node.kubernetes.io/not-ready"));
}

TEST_CASE("a node that somebody has deleted is created anew while its machine lives", "[live]") {
  MirrorWorld w;
  const NodeId id = w.add_node("n");
  w.run(1s);
  w.kube.objects.erase(node_path("n"));
  w.api.set_node_ready(id, true);
  w.run(2s);
  REQUIRE(w.has_node("n"));
  CHECK(condition_of(w.node("n"), "Ready") == "True");
  // Or with the next status of its own accord.
  w.scope.spawn(w.mirror.keep_alive());
  w.kube.objects.erase(node_path("n"));
  w.run(6min);
  CHECK(w.has_node("n"));
}

TEST_CASE("a lease is renewed as long as the kubelet lives", "[live]") {
  MirrorWorld w;
  const NodeId id = w.add_node("n", true);
  w.scope.spawn(w.mirror.keep_alive());
  w.run(1min);
  const std::string first = w.renewed("n");
  CHECK(first.ends_with("Z"));
  w.run(1min);
  const std::string second = w.renewed("n");
  CHECK(second > first);
  w.heartbeats.edit(id, [&](Heartbeat& beats) { beats.stop(w.kernel.now()); });
  w.run(10s);
  const std::string last = w.renewed("n");
  w.run(1min);
  CHECK(w.renewed("n") == last);
  // Six a minute, for two minutes and a bit.
  CHECK(w.kube.count("PATCH " + lease_path("n")) >= 11);
  CHECK(w.kube.count("PATCH " + lease_path("n")) <= 13);
}

TEST_CASE("a lease that somebody has deleted comes back", "[live]") {
  MirrorWorld w;
  w.add_node("n", true);
  w.scope.spawn(w.mirror.keep_alive());
  w.run(30s);
  w.kube.objects.erase(lease_path("n"));
  w.run(30s);
  CHECK(w.renewed("n") != "");
}

TEST_CASE("nodes of an earlier session go before the first of this one comes", "[live]") {
  MirrorWorld w;
  w.kube.put(node_path("old"),
             {{"metadata", {{"name", "old"}, {"labels", {{kLiveLabel, "node"}}}}}});
  w.kube.put(lease_path("old"), {{"metadata", {{"name", "old"}}}});
  std::vector<bool> ended;
  auto clear = [](MirrorWorld& world, std::vector<bool>& out) -> Awaitable<void> {
    const Result<void> cleared = co_await world.mirror.clear_leftovers();
    out.push_back(cleared.has_value());
  };
  w.kube.answers = {403};
  w.scope.spawn(clear(w, ended));
  w.run(1s);
  CHECK(w.has_node("old"));
  w.scope.spawn(clear(w, ended));
  w.run(1s);
  CHECK(ended == std::vector<bool>{false, true});
  CHECK(w.kube.objects.empty());
  CHECK(w.mirror.was_ours("old"));
  CHECK(w.kube.count("labelSelector=casim.dev/live") == 2);
}

TEST_CASE("a node may have the name of one that an earlier session left, but not its pods",
          "[live]") {
  MirrorWorld w;
  w.kube.put(node_path("n"), {{"metadata", {{"name", "n"}, {"labels", {{kLiveLabel, "node"}}}}}});
  const nlohmann::json pod = {{"metadata", {{"name", "web"}, {"namespace", "default"}}},
                              {"spec", {{"nodeName", "n"}}}};
  w.kube.put(pod_path("default", "web"), pod);
  auto clear = [](NodeMirror& mirror) -> Awaitable<void> {
    const Result<void> cleared = co_await mirror.clear_leftovers();
    CHECK(cleared);
  };
  w.scope.spawn(clear(w.mirror));
  w.run(1s);
  CHECK(w.kube.objects.empty());
  w.add_node("n");
  w.run(1s);
  CHECK(w.has_node("n"));
  CHECK_FALSE(w.mirror.was_ours("n"));
}

}  // namespace
}  // namespace casim::sim
