// PersistentVolumeClaims of manifests, and pods that name them.
#include <fmt/format.h>

#include "tests/catch.h"
#include "tests/manifests/translated.h"

namespace casim::sim {
namespace {

std::string claim(const std::string& name, const std::string& spec) {
  return fmt::format(
      "apiVersion: v1\nkind: PersistentVolumeClaim\nmetadata: {{name: {}}}\nspec:\n  accessModes: "
      "[ReadWriteOnce]\n  resources: {{requests: {{storage: 20Gi}}}}\n{}\n---\n",
      name, spec);
}

std::string storage_class(const std::string& name, const std::string& provisioner,
                          const std::string& more = "volumeBindingMode: WaitForFirstConsumer") {
  return fmt::format(
      "apiVersion: storage.k8s.io/v1\nkind: StorageClass\nmetadata: {{name: {}}}\nprovisioner: "
      "{}\n{}\n---\n",
      name, provisioner, more);
}

std::string volume(const std::string& name, const std::string& spec,
                   const std::string& metadata = "") {
  return fmt::format(
      "apiVersion: v1\nkind: PersistentVolume\nmetadata: {{name: {}{}}}\nspec:\n  capacity: "
      "{{storage: 20Gi}}\n{}\n---\n",
      name, metadata, spec);
}

std::string zone_affinity(const std::string& key, const std::string& values) {
  return fmt::format(
      "  nodeAffinity: {{required: {{nodeSelectorTerms: [{{matchExpressions: [{{key: {}, "
      "operator: In, values: [{}]}}]}}]}}}}\n",
      key, values);
}

std::string web(const std::string& claim = "data") {
  return fmt::format(
      "apiVersion: apps/v1\nkind: Deployment\nmetadata: {{name: web}}\nspec:\n  selector: "
      "{{matchLabels: {{app: web}}}}\n  template:\n    metadata: {{labels: {{app: web}}}}\n    "
      "spec:\n      containers: [{{name: c, image: i}}]\n      volumes:\n      - {{name: t, "
      "emptyDir: {{}}}}\n      - {{name: d, persistentVolumeClaim: {{claimName: {}, readOnly: "
      "true}}}}\n---\n",
      claim);
}

constexpr const char* kKept =
    R"([{"name":"t","emptyDir":{}},{"name":"d","persistentVolumeClaim":{"claimName":"data"}}])";
constexpr const char* kDropped = R"([{"name":"t","emptyDir":{}}])";
const std::string kZoneKey = "topology.kubernetes.io/zone";

bool says(const Translated& out, const std::string& part) {
  return out.problems.find(part) != std::string::npos;
}

}  // namespace

TEST_CASE("a claim comes along with its pods and its class, in any order", "[manifests]") {
  const std::string gp3 = storage_class("gp3", "ebs.csi.aws.com");
  const std::string data = claim("data", "  storageClassName: gp3");
  const std::string text = GENERATE_COPY(web() + data + gp3, gp3 + data + web());
  const Translated out = translated(text);
  CHECK(out.json("volume_claims", "data") ==
        R"({"name":"data","namespace":"default","storageClassName":"gp3"})");
  CHECK(out.part("storage_classes", "gp3", "volumeBindingMode") == "\"WaitForFirstConsumer\"");
  CHECK(out.part("workloads", "web", "pod.volumes") == kKept);
  CHECK_FALSE(says(out, "not simulated"));
}

TEST_CASE("a class that no manifest has is said once", "[manifests]") {
  const Translated out = translated(claim("data", "  storageClassName: gp3") +
                                    claim("more", "  storageClassName: gp3") + web());
  CHECK(out.part("volume_claims", "more", "storageClassName") == "\"gp3\"");
  CHECK(out.part("storage_classes", "gp3", "volumeBindingMode") == "\"WaitForFirstConsumer\"");
  CHECK(out.part("workloads", "web", "pod.volumes") == kKept);
  const std::size_t first = out.problems.find("the StorageClass gp3, which no manifest has");
  REQUIRE(first != std::string::npos);
  CHECK(out.problems.find("the StorageClass gp3", first + 1) == std::string::npos);
}

TEST_CASE("a claim without a class takes the one that is marked", "[manifests]") {
  const std::string marked =
      "apiVersion: storage.k8s.io/v1\nkind: StorageClass\nmetadata:\n  name: usual\n  annotations: "
      "{storageclass.kubernetes.io/is-default-class: \"true\"}\nprovisioner: "
      "ebs.csi.aws.com\n---\n";
  CHECK(translated(claim("data", "") + web() + marked)
            .part("volume_claims", "data", "storageClassName") == "\"usual\"");
  const Translated none = translated(claim("data", "  storageClassName: \"\"") + web());
  CHECK(none.json("volume_claims", "data").empty());
  CHECK(none.part("workloads", "web", "pod.volumes") == kDropped);
  CHECK(says(none, "claims without a class, which take volumes that are there"));
}

TEST_CASE("claims whose volumes are in no zone bind nobody", "[manifests]") {
  const Translated out = translated(claim("data", "  storageClassName: efs") + web() +
                                    storage_class("efs", "efs.csi.aws.com"));
  CHECK(out.json("volume_claims", "data").empty());
  CHECK(out.part("workloads", "web", "pod.volumes") == kDropped);
  CHECK(says(out, "volumes of efs.csi.aws.com bind no pod to a zone"));
  CHECK_FALSE(says(out, "not simulated"));
}

TEST_CASE("a volume that is there says the zone of its claim", "[manifests]") {
  struct Case {
    std::string volume;
    std::string zone;  // empty: it binds nobody to one
    std::string said;
  };

  const std::string a = "us-east-1a";
  const auto [given, zone, said] = GENERATE_COPY(values<Case>({
      {volume("pv", zone_affinity(kZoneKey, a)), a, ""},
      {volume("pv", zone_affinity("topology.ebs.csi.aws.com/zone", a)), a, ""},
      {volume("pv", "", ", labels: {failure-domain.beta.kubernetes.io/zone: us-east-1a}"), a, ""},
      {volume("pv", "", ", labels: {topology.kubernetes.io/zone: us-east-1a__us-east-1b}"), "",
       "several zones"},
      {volume("pv", zone_affinity(kZoneKey, "us-east-1a, us-east-1b")), "", "several zones"},
      {volume("pv", zone_affinity("kubernetes.io/hostname", "n1")), "", "on one node"},
      {volume("pv", "  csi: {driver: nfs.csi.k8s.io}"), "",
       "volumes of nfs.csi.k8s.io bind no pod to a zone"},
  }));
  CAPTURE(given);
  const Translated out =
      translated(claim("data", "  storageClassName: gp3\n  volumeName: pv") + web() + given);
  CHECK(out.json("volume_claims", "data") ==
        (zone.empty()
             ? ""
             : fmt::format(R"({{"name":"data","namespace":"default","zone":"{}"}})", zone)));
  CHECK(out.part("workloads", "web", "pod.volumes") == (zone.empty() ? kDropped : kKept));
  CHECK(says(out, said));
  CHECK(out.json("storage_classes", "gp3").empty());
}

TEST_CASE("a volume may be reserved for a claim that does not name it", "[manifests]") {
  const Translated out = translated(claim("data", "  storageClassName: gp3") + web() +
                                    volume("pv", "  claimRef: {namespace: default, name: data}\n" +
                                                     zone_affinity(kZoneKey, "us-east-1b")));
  CHECK(out.part("volume_claims", "data", "zone") == "\"us-east-1b\"");
}

TEST_CASE("a bound claim whose volume is not there is made anew by its first pod", "[manifests]") {
  const Translated out = translated(claim("data", "  storageClassName: old\n  volumeName: pv-1") +
                                    storage_class("old", "ebs.csi.aws.com", "") + web());
  CHECK(out.part("volume_claims", "data", "storageClassName") == "\"zone-of-first-pod\"");
  CHECK(out.part("storage_classes", "zone-of-first-pod", "volumeBindingMode") ==
        "\"WaitForFirstConsumer\"");
  CHECK(says(out, "the zones of PersistentVolumes that are not there"));
}

TEST_CASE("a claim that no manifest has is said, and may be one of the scenario", "[manifests]") {
  const Translated out = translated(web());
  CHECK(out.part("workloads", "web", "pod.volumes") == kDropped);
  CHECK(says(out,
             "not simulated: claims that pods name and no manifest has: their volumes may bind a "
             "pod to a zone (Deployment web)"));
  CHECK(says(translated(web() + claim("date", "")), "claims that pods name and no manifest has"));

  config::Problems problems;
  std::vector<ManifestFile> files{{"x.yaml", {}}};
  files[0].documents = *config::parse_manifest(web() + claim("data", ""), config::Format::kYaml,
                                               {"x.yaml", ""}, problems);
  TakenNames taken{{"volume_claims", {"default/data"}}};
  Translated kept;
  kept.items =
      translate(files, {.source = "x.yaml", .at = {}, .run_for = {}}, nullptr, taken, problems);
  CHECK(kept.part("workloads", "web", "pod.volumes") == kKept);
  CHECK(kept.json("volume_claims", "data").empty());  // the scenario's own counts
}

TEST_CASE("topologies of volumes that wait are said to be left out", "[manifests]") {
  const Translated out = translated(
      claim("data", "  storageClassName: gp3") + web() +
      storage_class("gp3", "ebs.csi.aws.com",
                    "volumeBindingMode: WaitForFirstConsumer\nallowedTopologies: "
                    "[{matchLabelExpressions: [{key: topology.ebs.csi.aws.com/zone, values: "
                    "[us-east-1a]}]}]"));
  CHECK(out.part("storage_classes", "gp3", "zones").empty());
  CHECK(says(out, "not simulated: allowedTopologies of volumes that wait for their first pod"));
}

}  // namespace casim::sim
