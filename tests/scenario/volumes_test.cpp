// Volumes that bind pods to a zone.
#include <map>
#include <set>

#include "sim/scenario/load_scenario.h"
#include "sim/workloads/volume_claims.h"
#include "tests/catch.h"
#include "tests/scenario/small_scenario.h"

using namespace casim;
using namespace casim::sim;
using namespace std::chrono_literals;

namespace {

const std::vector<std::string> kZones{"us-east-1a", "us-east-1b", "us-east-1c"};

// A group in each of three zones, and a StatefulSet of six pods that fill a node each.
Scenario zonal(VolumeBindingMode mode, bool has_claims = true) {
  Scenario s = small_scenario(1);
  s.node_groups.clear();
  for (const std::string& zone : kZones) {
    NodeGroupConfig group;
    group.name = "g-" + zone.substr(zone.size() - 1);
    group.instance_types = {"m6i.2xlarge"};
    group.zones = {zone};
    group.max = 10;
    s.node_groups.push_back(group);
  }
  s.storage_classes = {{"disk", mode, {}}};
  StatefulSetWorkload set;
  set.replicas = 6;
  set.pod_management = PodManagement::kParallel;
  set.pod.resources.requests.cpu = MilliCpu(5000);
  if (has_claims) set.volume_claim_templates = {{"data", "disk"}};
  s.workloads = {{"db", set}};
  return s;
}

// Where the pods of each ordinal ran, one after the other.
std::map<std::uint64_t, std::vector<std::string>> zones_of(const Ran& ran) {
  std::map<std::uint64_t, std::string> of_node;
  for (const auto& fact : facts_named(ran.facts, "NodeRegistered")) {
    const auto group = fact.at("group").get<std::string>();
    of_node[fact.at("node").get<std::uint64_t>()] = "us-east-1" + group.substr(group.size() - 1);
  }
  std::map<std::uint64_t, std::vector<std::string>> zones;
  for (const PodRecord& pod : ran.pods) {
    if (pod.is_bound()) zones[pod.index].push_back(of_node.at(pod.node.value()));
  }
  return zones;
}

std::string problems_of(const std::vector<std::string>& overrides) {
  config::Problems problems;
  static_cast<void>(load_scenario({"scenarios/rollout.json", overrides}, problems));
  return problems.text();
}

bool volumes_say(const std::string& text, const std::string& part) {
  return text.find(part) != std::string::npos;
}

}  // namespace

TEST_CASE("claims that are bound at once take turns over the zones, pods keep theirs together",
          "[workloads]") {
  std::set<std::string> first;
  for (std::uint64_t i = 0; i < 3; ++i) {
    const std::string name = claim_name({"data", {}}, "db", i);
    CHECK(name == "data-db-" + std::to_string(i));
    first.insert(zone_of_claim(name, kZones));
    CHECK(zone_of_claim(name, kZones) == zone_of_claim("log-db-" + std::to_string(i), kZones));
    CHECK(zone_of_claim(name, kZones) == zone_of_claim("data-db-" + std::to_string(i + 3), kZones));
  }
  CHECK(first.size() == 3);
  // FNV-1 of "a" is 0x050c5d7e.
  CHECK(zone_of_claim("a", kZones) == kZones[0x050c5d7eU % 3]);
  CHECK(zone_of_claim("a-1", kZones) == kZones[(0x050c5d7eU + 1) % 3]);
}

TEST_CASE("Immediate volumes spread a StatefulSet over the zones, and the autoscaler follows",
          "[scenario]") {
  const Ran ran = run_whole(zonal(VolumeBindingMode::kImmediate));
  const auto zones = zones_of(ran);
  REQUIRE(zones.size() == 6);
  for (const auto& [ordinal, where] : zones) {
    const std::string name = claim_name({"data", {}}, "db", ordinal);
    for (const std::string& zone : where) CHECK(zone == zone_of_claim(name, kZones));
  }
  CHECK(ran.summary.pods.running == 6);
}

// All are in zone a at first; when they come back the autoscaler prefers zone b.
TEST_CASE("a pod comes back to the zone of its volume, and without one goes anywhere",
          "[scenario]") {
  const bool has_claims = GENERATE(true, false);
  Scenario s = zonal(VolumeBindingMode::kWaitForFirstConsumer, has_claims);
  s.duration = 90min;
  s.node_groups[0].initial = 6;
  s.autoscaler.flags["expander"] = config::Value("priority");
  s.autoscaler.priorities = "10:\n  - .*\n50:\n  - g-b\n";
  std::get<StatefulSetWorkload>(s.workloads[0].body).scale = {{5min, 0}, {50min, 6}};
  const Ran ran = run_whole(s);
  const auto zones = zones_of(ran);
  REQUIRE(zones.size() == 6);
  for (const auto& [ordinal, where] : zones) {
    CHECK(where ==
          std::vector<std::string>{"us-east-1a", has_claims ? "us-east-1a" : "us-east-1b"});
  }
  CHECK(ran.summary.pods.running == 6);
}

TEST_CASE("a claim that pods name binds all of them to its zone", "[scenario]") {
  Scenario s = zonal(VolumeBindingMode::kWaitForFirstConsumer);
  s.volume_claims = {{"models", "default", "us-east-1c", std::nullopt}};
  BurstWorkload serve;
  serve.count = 4;
  serve.pod.resources.requests.cpu = MilliCpu(5000);
  serve.pod.volumes = {{"m", {}, {}, ClaimSourceTemplate{"models"}}};
  s.workloads = {{"serve", serve}};
  const auto zones = zones_of(run_whole(s));
  CHECK(zones.size() == 4);
  for (const auto& [ordinal, where] : zones) CHECK(where.front() == "us-east-1c");
}

TEST_CASE("claims and classes that are not there, or nowhere, are refused", "[scenario]") {
  const std::string pod = R"(workloads.web.pod.volumes=[{"name": "m", "persistentVolumeClaim":
                             {"claimName": "models"}}])";
  const auto claims = [](const std::string& claim) { return "volume_claims=[" + claim + "]"; };
  CHECK(problems_of({pod, claims(R"({"name": "models", "zone": "us-east-1a"})")}).empty());
  CHECK(volumes_say(problems_of({pod, claims(R"({"name": "model", "zone": "us-east-1a"})")}),
                    "no claim \"models\" in its namespace; did you mean \"model\"?"));
  CHECK(volumes_say(problems_of({pod, claims(R"({"name": "models", "zone": "us-east-1x"})")}),
                    "no node group has the zone \"us-east-1x\""));
  CHECK(volumes_say(problems_of({pod, claims(R"({"name": "models"})")}),
                    "needs one of zone and storageClassName"));
  CHECK(volumes_say(problems_of({pod, claims(R"({"name": "models", "storageClassName": "gp3"})")}),
                    "unknown storage class \"gp3\""));
  const std::string classes =
      R"(storage_classes=[{"name": "gp3"}, {"name": "io", "volumeBindingMode": "Immediate"}])";
  CHECK(problems_of({pod, classes, claims(R"({"name": "models", "storageClassName": "gp3"})")})
            .empty());
  CHECK(problems_of({pod, classes, claims(R"({"name": "models", "storageClassName": "io"})")})
            .empty());
  CHECK(volumes_say(problems_of({R"(storage_classes=[{"name": "a", "zones": ["us-east-1a"]}])"}),
                    "are of Immediate volumes"));
  CHECK(volumes_say(
      problems_of({R"(workloads.db.volumeClaimTemplates=[{"name": "d", "storageClassName": "gp"}])",
                   classes}),
      "unknown storage class \"gp\"; did you mean \"gp3\"?"));
}
