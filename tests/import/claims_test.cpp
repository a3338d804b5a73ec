// Volumes of a snapshot keep their pods in their zones.
#include <map>

#include <fmt/format.h>
#include <fmt/ranges.h>

#include "sim/import/import.h"
#include "src/config/manifest_document.h"
#include "tests/catch.h"
#include "tests/scenario/small_scenario.h"

namespace casim::sim {
namespace {

// Three nodes that one pod fills each, in zones a, b and c, and what else the text has.
std::string snapshot_of(const std::string& objects, const std::string& zones = "abc") {
  std::string text;
  for (std::size_t i = 0; i < zones.size(); ++i) {
    text += fmt::format(
        "{{apiVersion: v1, kind: Node, metadata: {{name: n{}, labels: {{"
        "node.kubernetes.io/instance-type: m6i.xlarge, eks.amazonaws.com/nodegroup: general, "
        "topology.kubernetes.io/zone: us-east-1{}}}}}, status: {{allocatable: {{cpu: '4', memory: "
        "14Gi, pods: '58'}}, capacity: {{cpu: '4', memory: 16Gi, pods: '58'}}}}}}\n---\n",
        i + 1, zones[i]);
  }
  return text + objects;
}

std::string claim(const std::string& name, const std::string& volume,
                  const std::string& storage_class = "gp3") {
  return fmt::format(
      "{{apiVersion: v1, kind: PersistentVolumeClaim, metadata: {{name: {}}}, spec: {{"
      "storageClassName: {}, accessModes: [ReadWriteOnce]{}}}}}\n---\n",
      name, storage_class, volume.empty() ? "" : ", volumeName: " + volume);
}

std::string volume(const std::string& name, const std::string& zone) {
  return fmt::format(
      "{{apiVersion: v1, kind: PersistentVolume, metadata: {{name: {}}}, spec: {{csi: {{driver: "
      "ebs.csi.aws.com}}, nodeAffinity: {{required: {{nodeSelectorTerms: [{{matchExpressions: [{{"
      "key: topology.kubernetes.io/zone, operator: In, values: [{}]}}]}}]}}}}}}}}\n---\n",
      name, zone);
}

constexpr const char* kGp3 =
    "{apiVersion: storage.k8s.io/v1, kind: StorageClass, metadata: {name: gp3}, provisioner: "
    "ebs.csi.aws.com, volumeBindingMode: WaitForFirstConsumer}\n---\n";

constexpr const char* kContainer =
    "containers: [{name: c, image: i, resources: {requests: {cpu: '3'}}}]";

std::string named(const std::string& claim) {
  return claim.empty()
             ? ""
             : fmt::format("volumes: [{{name: d, persistentVolumeClaim: {{claimName: {}}}}}], ",
                           claim);
}

std::string pod(const std::string& name, const std::string& owner, const std::string& node,
                const std::string& claim) {
  const std::size_t space = owner.find(' ');
  return fmt::format(
      "{{apiVersion: v1, kind: Pod, metadata: {{name: {}, labels: {{app: x}}, ownerReferences: [{{"
      "kind: {}, name: {}, controller: true}}]}}, spec: {{{}{}{}}}}}\n---\n",
      name, owner.substr(0, space), owner.substr(space + 1),
      node.empty() ? "" : fmt::format("nodeName: {}, ", node), named(claim), kContainer);
}

std::string controller(const std::string& kind, const std::string& name, int replicas,
                       const std::string& claim, const std::string& more = "") {
  return fmt::format(
      "{{apiVersion: apps/v1, kind: {}, metadata: {{name: {}}}, spec: {{replicas: {}, {}selector: "
      "{{matchLabels: {{app: x}}}}, template: {{metadata: {{labels: {{app: x}}}}, spec: {{{}{}}}}}"
      "}}}}\n---\n",
      kind, name, replicas, more, named(claim), kContainer);
}

constexpr const char* kTemplates =
    "volumeClaimTemplates: [{metadata: {name: data}, spec: {storageClassName: gp3}}], ";

// Three pods of a StatefulSet, each with a volume on its node's zone.
std::string stateful_set() {
  std::string text = controller("StatefulSet", "db", 3, "", kTemplates) + kGp3;
  for (int i = 0; i < 3; ++i) {
    text += pod(fmt::format("db-{}", i), "StatefulSet db", fmt::format("n{}", i + 1),
                fmt::format("data-db-{}", i)) +
            claim(fmt::format("data-db-{}", i), fmt::format("pv-{}", i)) +
            volume(fmt::format("pv-{}", i), fmt::format("us-east-1{}", "abc"[i]));
  }
  return text;
}

struct ClaimImport {
  config::Value scenario;
  std::string notes;     // of the import
  std::string problems;  // of the snapshot
  std::optional<LoadedScenario> loaded;

  bool says(const std::string& part) const {
    return (notes + "\n" + problems).find(part) != std::string::npos;
  }

  std::string list(const std::string& name) const {
    const config::Value* value = scenario.find(name);
    return value == nullptr ? "" : config::to_json(*value, -1);
  }
};

ClaimImport import_claims(const std::string& text) {
  config::Problems problems;
  auto documents = config::parse_manifest(text, config::Format::kYaml, {"x.yaml", ""}, problems);
  INFO(problems.text());
  REQUIRE(documents);
  std::vector<ManifestFile> files;
  files.push_back({"x.yaml", std::move(*documents)});
  Imported imported = import_cluster(files, {}, problems);
  ClaimImport out;
  out.notes = fmt::format("{}", fmt::join(imported.notes, "\n"));
  out.problems = problems.text();
  out.scenario = std::move(imported.scenario);
  config::Problems found;
  auto document = config::parse_text(config::to_json(out.scenario), config::Format::kJson,
                                     {"imported", ""}, found);
  REQUIRE(document);
  out.loaded = load_document("imported", std::move(*document), {}, found);
  INFO(found.text());
  REQUIRE(out.loaded);
  REQUIRE_FALSE(found.has_errors());
  return out;
}

// Zones of the pods in the order in which they were made.
std::string zones_of_run(const ClaimImport& imported, const std::string& faults = "") {
  config::Problems problems;
  config::Value scenario = imported.scenario;
  if (!faults.empty()) {
    scenario.set("faults",
                 config::parse_text(faults, config::Format::kJson, {"f", ""}, problems)->root());
  }
  auto document = config::parse_text(config::to_json(scenario), config::Format::kJson,
                                     {"imported", ""}, problems);
  const auto loaded = load_document("imported", std::move(*document), {}, problems);
  INFO(problems.text());
  REQUIRE(loaded);
  const Ran ran = run_loaded(*loaded, {.check_invariants = true});
  std::map<std::string, char> of_instance;
  for (const auto& fact : facts_named(ran.facts, "InstanceLaunched")) {
    of_instance[fact.at("instance").get<std::string>()] = fact.at("zone").get<std::string>().back();
  }
  std::map<std::uint64_t, char> of_node;
  for (const auto& fact : facts_named(ran.facts, "NodeRegistered")) {
    const auto found = of_instance.find(fact.at("instance").get<std::string>());
    if (found != of_instance.end()) of_node[fact.at("node").get<std::uint64_t>()] = found->second;
  }
  std::string zones;
  for (const PodRecord& pod : ran.pods) {
    if (pod.is_bound()) zones += of_node.at(pod.node.value());
  }
  return zones;
}

}  // namespace

TEST_CASE("each pod of a StatefulSet keeps the claim that is its own", "[import]") {
  const ClaimImport out = import_claims(snapshot_of(stateful_set()));
  CAPTURE(out.notes, out.problems);
  CHECK(out.list("volume_claims") ==
        R"([{"name":"data-db-0","namespace":"default","zone":"us-east-1a"},)"
        R"({"name":"data-db-1","namespace":"default","zone":"us-east-1b"},)"
        R"({"name":"data-db-2","namespace":"default","zone":"us-east-1c"}])");
  for (int i = 0; i < 3; ++i) {
    CHECK(out.list("workloads").find(fmt::format(R"("claimName":"data-db-{}")", i)) !=
          std::string::npos);
  }
  CHECK_FALSE(out.says("ask for other things than the template"));
}

TEST_CASE("a pod of a snapshot goes back to the zone of its volume", "[import]") {
  const ClaimImport out = import_claims(snapshot_of(
      controller("Deployment", "web", 1, "data") + pod("web-1", "Deployment web", "n2", "data") +
      claim("data", "pv") + volume("pv", "us-east-1b") + kGp3));
  CHECK(out.list("volume_claims") ==
        R"([{"name":"data","namespace":"default","zone":"us-east-1b"}])");
  // Its zone falls silent. Two nodes have room for the pod that takes its place, but in others.
  const std::string zones = zones_of_run(
      out, R"([{"kind": "zone_outage", "zone": "us-east-1b", "at": "5m", "for": "30m"}])");
  CHECK(zones == "bb");
}

TEST_CASE("a pending pod of a snapshot waits for a node of its volume's zone", "[import]") {
  const std::string pending =
      controller("Deployment", "web", 1, "data") + pod("web-1", "Deployment web", "", "data");
  const ClaimImport out =
      import_claims(snapshot_of(pending + claim("data", "pv") + volume("pv", "us-east-1c") + kGp3));
  CHECK(out.list("workloads").find(R"("claimName":"data")") != std::string::npos);
  CHECK(zones_of_run(out) == "c");
}

TEST_CASE("what of claims is not in the snapshot is said once", "[import]") {
  const std::string web =
      controller("Deployment", "web", 1, "data") + pod("web-1", "Deployment web", "n2", "data");
  SECTION("the volume: it is where the pod is") {
    const ClaimImport out = import_claims(snapshot_of(web + claim("data", "pv") + kGp3));
    CHECK(out.list("volume_claims") ==
          R"([{"name":"data","namespace":"default","zone":"us-east-1b"}])");
    CHECK(out.says("the zones of PersistentVolumes that are not there"));
  }
  SECTION("the class: its volumes wait for their first pod") {
    const ClaimImport out =
        import_claims(snapshot_of(controller("Deployment", "web", 1, "data") + claim("data", "")));
    CHECK(out.list("volume_claims") ==
          R"([{"name":"data","namespace":"default","storageClassName":"gp3"}])");
    CHECK(out.says("the StorageClass gp3, which no manifest has"));
  }
  SECTION("the claim") {
    const ClaimImport out = import_claims(snapshot_of(web));
    CHECK(out.list("volume_claims").empty());
    CHECK(out.says("claims that pods name and no manifest has"));
  }
  SECTION("nodes in the zone of a volume that is left") {
    const ClaimImport out = import_claims(snapshot_of(
        controller("Deployment", "web", 1, "") + claim("data", "pv") + volume("pv", "us-east-1f")));
    CHECK(out.list("volume_claims").empty());
    CHECK(
        out.says("claims with volumes in zones of no node group, left out: "
                 "PersistentVolumeClaim data (us-east-1f)"));
  }
  SECTION("pods of a StatefulSet") {
    const ClaimImport out =
        import_claims(snapshot_of(controller("StatefulSet", "db", 3, "", kTemplates) + kGp3 +
                                  pod("db-0", "StatefulSet db", "n1", "data-db-0") +
                                  claim("data-db-0", "pv") + volume("pv", "us-east-1a")));
    CHECK(
        out.says("pods of StatefulSets that are not made yet, whose claims nobody knows, left "
                 "out: 2"));
  }
}

// Nodes of one group take turns over its zones, so that the third of a, b, b is made in zone a.
TEST_CASE("volumes are where the nodes of their pods are made", "[import]") {
  const ClaimImport out = import_claims(snapshot_of(
      controller("Deployment", "one", 1, "c1") + controller("Deployment", "two", 1, "c2") +
          controller("Deployment", "three", 1, "c3") + pod("one-1", "Deployment one", "n1", "c1") +
          pod("two-1", "Deployment two", "n2", "c2") +
          pod("three-1", "Deployment three", "n3", "c3") + claim("c1", "p1") + claim("c2", "p2") +
          claim("c3", "p3") + volume("p1", "us-east-1a") + volume("p2", "us-east-1b") +
          volume("p3", "us-east-1b") + kGp3,
      "abb"));
  CAPTURE(out.notes);
  CHECK(out.says(
      "volumes that are in another zone than in the cluster, as the nodes of their pods are: c3"));
  CHECK(out.list("volume_claims") == R"([{"name":"c1","namespace":"default","zone":"us-east-1a"},)"
                                     R"({"name":"c2","namespace":"default","zone":"us-east-1b"},)"
                                     R"({"name":"c3","namespace":"default","zone":"us-east-1a"}])");
}

TEST_CASE("a StatefulSet that has no pod finds its claims again", "[import]") {
  const ClaimImport out = import_claims(snapshot_of(
      controller("StatefulSet", "db", 2, "", kTemplates) + kGp3 + claim("data-db-0", "p0") +
      claim("data-db-1", "p1") + volume("p0", "us-east-1c") + volume("p1", "us-east-1c")));
  CHECK(out.list("workloads").find(R"("kind":"stateful_set")") != std::string::npos);
  CHECK(zones_of_run(out) == "cc");
}

}  // namespace casim::sim
