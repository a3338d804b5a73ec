// Claims that wait for the first pod that uses them: whoever it is, all others follow its zone.
#include <algorithm>
#include <map>

#include <fmt/format.h>

#include "sim/scenario/load_scenario.h"
#include "tests/catch.h"
#include "tests/scenario/small_scenario.h"

using namespace casim;
using namespace casim::sim;

namespace {

constexpr const char* kPod = R"({"resources": {"requests": {"cpu": "5"}},
    "volumes": [{"name": "d", "persistentVolumeClaim": {"claimName": "data"}}]})";

// A group in each of three zones, of nodes that have room for one pod of five cores.
std::string three_zones(const std::string& workloads, const std::string& more = "",
                        const std::string& initial = "1, 1, 1") {
  std::string groups;
  for (const char zone : {'a', 'b', 'c'}) {
    const char count = initial[static_cast<std::size_t>(3 * (zone - 'a'))];
    groups += fmt::format(
        R"({}{{"name": "g-{}", "instance_types": ["m6i.2xlarge"], "zones": ["us-east-1{}"],
            "initial": {}, "max": 10}})",
        zone == 'a' ? "" : ", ", zone, zone, count);
  }
  return fmt::format(
      R"({{"schema_version": 1, "description": "claims", "start": "2026-01-05T08:00:00Z",
          "duration": "40m", "node_groups": [{}], "workloads": [{}],
          "storage_classes": [{{"name": "gp3"}}, {{"name": "io", "volumeBindingMode": "Immediate"}}]
          {}}})",
      groups, workloads, more);
}

constexpr const char* kClaim =
    R"(, "volume_claims": [{"name": "data", "storageClassName": "gp3"}])";

std::optional<LoadedScenario> load_text(const std::string& text, config::Problems& problems) {
  auto document = config::parse_text(text, config::Format::kJson, {"claims", ""}, problems);
  INFO(problems.text());
  REQUIRE(document);
  return load_document("claims", std::move(*document), {}, problems);
}

Ran run_text(const std::string& text) {
  config::Problems problems;
  const auto scenario = load_text(text, problems);
  INFO(problems.text());
  REQUIRE(scenario);
  REQUIRE_FALSE(problems.has_errors());
  return run_loaded(*scenario, {.check_invariants = true});
}

std::string problems_of_text(const std::string& text) {
  config::Problems problems;
  static_cast<void>(load_text(text, problems));
  return problems.text();
}

// The last letter of the zone of each pod that had a node, in the order in which pods were made.
std::string zones_in_turn(const Ran& ran) {
  std::map<std::uint64_t, char> of_node;
  for (const auto& fact : facts_named(ran.facts, "NodeRegistered")) {
    of_node[fact.at("node").get<std::uint64_t>()] = fact.at("group").get<std::string>().back();
  }
  std::string zones;
  for (const PodRecord& pod : ran.pods) {
    if (pod.is_bound()) zones += of_node.at(pod.node.value());
  }
  return zones;
}

bool is_one_zone(const std::string& zones) {
  return !zones.empty() && zones.find_first_not_of(zones[0]) == std::string::npos;
}

}  // namespace

TEST_CASE("the first pod of any workload decides where a claim is, and all others go there",
          "[scenario]") {
  const auto [kind, most] = GENERATE(table<std::string, std::size_t>({
      {R"("kind": "deployment", "replicas": 4)", 4},
      {R"("kind": "burst", "count": 4, "at": "30s")", 4},
      {R"("kind": "stateful_set", "replicas": 4)", 4},
      {R"("kind": "stateful_set", "replicas": 4, "pod_management": "Parallel")", 4},
      {R"("kind": "job", "completions": 4, "parallelism": 4, "run_for": "5m")", 4},
      {R"("kind": "cron_job", "schedule": "*/5 * * * *", "run_for": "4m")", 7},
      {R"("kind": "arrivals", "as": "pod", "process": "regular", "run_for": "9m",
          "rates": [{"kind": "bursts", "size": 2, "at": "30s", "every": "10m"}])",
       8},
  }));
  CAPTURE(kind);
  const std::string workload = fmt::format(R"({{"name": "w", {}, "pod": {}}})", kind, kPod);
  const std::string zones = zones_in_turn(run_text(three_zones(workload, kClaim)));
  CHECK(zones.size() >= most);
  CHECK(is_one_zone(zones));
}

TEST_CASE("without a claim the same pods spread, and so no zone is left to chance", "[scenario]") {
  const std::string free = R"({"name": "w", "kind": "burst", "count": 4, "at": "30s",
      "pod": {"resources": {"requests": {"cpu": "5"}}}})";
  CHECK_FALSE(is_one_zone(zones_in_turn(run_text(three_zones(free)))));
}

// Three nodes have room, each in its own zone: the pods that wait meanwhile need nodes of the zone
// of the first, and the autoscaler makes those and no others.
TEST_CASE("pods that wait when a claim is bound are moved to its zone, for the autoscaler too",
          "[scenario]") {
  const Ran ran = run_text(three_zones(
      fmt::format(R"({{"name": "w", "kind": "burst", "count": 4, "at": "30s", "pod": {}}})", kPod),
      kClaim));
  const std::string zones = zones_in_turn(ran);
  REQUIRE(zones.size() == 4);
  std::string made;
  for (const auto& fact : facts_named(ran.facts, "NodeRegistered")) {
    if (fact.at("t").get<double>() > 0) made += fact.at("group").get<std::string>().back();
  }
  CHECK(made == std::string(3, zones[0]));
}

// The machine of the only pod vanishes when another zone has a node with room. With a claim that
// node does not help: the autoscaler has to make one in the zone of the volume.
TEST_CASE("a pod that is made anew returns to the zone of its claim, though only another has room",
          "[scenario]") {
  const bool has_claim = GENERATE(true, false);
  const std::string pod = has_claim ? kPod : R"({"resources": {"requests": {"cpu": "5"}}})";
  const std::string other = R"({"name": "other", "kind": "deployment", "replicas": 1, "at": "5m",
      "pod": {"resources": {"requests": {"cpu": "1"}},
              "nodeSelector": {"topology.kubernetes.io/zone": "us-east-1b"}}})";
  const Ran ran = run_text(three_zones(
      fmt::format(R"({{"name": "w", "kind": "deployment", "replicas": 1, "pod": {}}}, {})", pod,
                  other),
      std::string(kClaim) +
          R"(, "faults": [{"kind": "machine_vanishes", "at": "15m", "group": "g-a"}])",
      "1, 0, 0"));
  CHECK(zones_in_turn(ran) == (has_claim ? "aba" : "abb"));
}

TEST_CASE("of two claims the one that is bound decides for the other", "[scenario]") {
  const auto workload = [](const char* name, const char* at, const std::string& claims) {
    std::string volumes;
    for (const char claim : claims) {
      volumes +=
          fmt::format(R"({}{{"name": "v{}", "persistentVolumeClaim": {{"claimName": "{}"}}}})",
                      volumes.empty() ? "" : ", ", claim, claim);
    }
    return fmt::format(R"({{"name": "{}", "kind": "deployment", "replicas": 1, "at": "{}",
        "pod": {{"resources": {{"requests": {{"cpu": "5"}}}}, "volumes": [{}]}}}})",
                       name, at, volumes);
  };
  // x is in zone c from the start, so y is made there with the pod that has both, and z with that
  // of y and z.
  const std::string zones = zones_in_turn(
      run_text(three_zones(workload("one", "1m", "yx") + ", " + workload("two", "5m", "zy") + ", " +
                               workload("three", "10m", "z"),
                           R"(, "volume_claims": [{"name": "x", "zone": "us-east-1c"},
          {"name": "y", "storageClassName": "gp3"}, {"name": "z", "storageClassName": "gp3"}])")));
  CHECK(zones == "ccc");
}

TEST_CASE("claims of a StatefulSet that are there already keep its pods where they are",
          "[scenario]") {
  const std::string mode = GENERATE("gp3", "io");
  const std::string set = fmt::format(R"({{"name": "db", "kind": "stateful_set", "replicas": 3,
      "volumeClaimTemplates": [{{"name": "data", "storageClassName": "{}"}}],
      "pod": {{"resources": {{"requests": {{"cpu": "5"}}}}}}}})",
                                      mode);
  const std::string claims = R"(, "volume_claims": [{"name": "data-db-0", "zone": "us-east-1b"},
      {"name": "data-db-1", "zone": "us-east-1b"}, {"name": "data-db-2", "zone": "us-east-1c"}])";
  CHECK(zones_in_turn(run_text(three_zones(set, claims))) == "bbc");
}

TEST_CASE("two namespaces have claims of one name", "[scenario]") {
  const auto workload = [](const char* space, const char* zone) {
    return fmt::format(
        R"({{"name": "w-{0}", "kind": "burst", "count": 2, "at": "30s", "pod": {{
            "namespace": "{0}", "nodeSelector": {1}, "resources": {{"requests": {{"cpu": "5"}}}},
            "volumes": [{{"name": "d", "persistentVolumeClaim": {{"claimName": "data"}}}}]}}}})",
        space, zone);
  };
  const std::string both = workload("left", R"({"topology.kubernetes.io/zone": "us-east-1a"})") +
                           ", " +
                           workload("right", R"({"topology.kubernetes.io/zone": "us-east-1b"})");
  std::string zones = zones_in_turn(run_text(three_zones(both, R"(, "volume_claims": [
          {"name": "data", "namespace": "left", "storageClassName": "gp3"},
          {"name": "data", "namespace": "right", "storageClassName": "gp3"}])")));
  std::ranges::sort(zones);
  CHECK(zones == "aabb");
}

TEST_CASE("pods that are on nodes from the start have their claims there", "[scenario]") {
  const auto initial = [](const std::string& name, const std::string& group) {
    return fmt::format(R"({{"name": "{}", "kind": "initial", "group": "{}", "first": 0, "nodes": 1,
        "per_node": 1, "pod": {}}})",
                       name, group, kPod);
  };
  const std::string later = fmt::format(
      R"(, {{"name": "w", "kind": "burst", "count": 1, "at": "30s", "pod": {}}})", kPod);
  CHECK(zones_in_turn(run_text(three_zones(initial("old", "g-b") + later, kClaim))) == "bb");
  const std::string text =
      problems_of_text(three_zones(initial("old", "g-b") + ", " + initial("new", "g-c"), kClaim));
  CHECK(text.find("workloads[1].pod: node 0 is not in the zone of its volumes") !=
        std::string::npos);
}

TEST_CASE("claims that cannot be are refused, with their path", "[scenario]") {
  const std::string workload =
      fmt::format(R"({{"name": "w", "kind": "deployment", "replicas": 1, "pod": {}}})", kPod);
  const auto with = [&](const std::string& claims) {
    return problems_of_text(
        three_zones(workload, fmt::format(R"(, "volume_claims": [{}])", claims)));
  };
  CHECK(with(R"({"name": "data", "storageClassName": "gp3"})").empty());
  CHECK(with(R"({"name": "data", "storageClassName": "gp4"})")
            .find("volume_claims[0].storageClassName: unknown storage class \"gp4\"; did you mean "
                  "\"gp3\"?") != std::string::npos);
  CHECK(with(R"({"name": "date", "storageClassName": "gp3"})")
            .find("workloads[0].pod.volumes[0].persistentVolumeClaim.claimName: no claim \"data\" "
                  "in its namespace; did you mean \"date\"?") != std::string::npos);
  CHECK(with(R"({"name": "data", "storageClassName": "gp3"},
                {"name": "data", "storageClassName": "gp3"})")
            .find("volume_claims[1].name: another claim of the namespace has this name") !=
        std::string::npos);
}
