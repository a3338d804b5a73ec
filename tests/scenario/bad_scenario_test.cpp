#include <unistd.h>

#include <filesystem>
#include <fstream>

#include "sim/scenario/load_plan.h"
#include "sim/scenario/load_scenario.h"
#include "tests/catch.h"

using namespace casim;
using namespace casim::sim;
namespace fs = std::filesystem;

namespace {

class Files {
 public:
  Files()
      : folder_(fs::temp_directory_path() / ("casim_bad_scenario." + std::to_string(::getpid()))) {
    fs::remove_all(folder_);
    fs::create_directories(folder_);
  }

  ~Files() { fs::remove_all(folder_); }

  fs::path write(const std::string& name, const std::string& text) const {
    std::ofstream(folder_ / name) << text;
    return folder_ / name;
  }

 private:
  fs::path folder_;
};

std::string problems_of(const fs::path& file, std::vector<std::string> overrides = {}) {
  config::Problems problems;
  const auto loaded = load_scenario({file, std::move(overrides)}, problems);
  if (loaded) make_load_plan(*loaded, problems);
  return problems.text();
}

const std::string kGood = R"({
  "schema_version": 1, "description": "d", "start": "2026-01-05T00:00:00Z", "duration": "1h",
  "node_groups": [{"name": "g", "instance_types": ["m6i.large"]}],
  "workloads": [{"name": "w", "kind": "burst", "count": 3,
                 "pod": {"resources": {"requests": {"cpu": "1"}}}}]
})";

bool problem_says(const std::string& text, const std::string& part) {
  return text.find(part) != std::string::npos;
}

}  // namespace

TEST_CASE("a good scenario has no problems", "[scenario]") {
  Files files;
  CHECK(problems_of(files.write("good.json", kGood)).empty());
}

TEST_CASE("how nodes differ from the template is possible, and is a difference", "[scenario]") {
  Files files;
  const fs::path good = files.write("good.json", kGood);
  const auto with = [&](const std::string& registered) {
    return problems_of(good, {"node_groups.g.registered=" + registered});
  };
  CHECK(with(R"({"zone_labels": ["csi/zone"], "without_labels": ["kubernetes.io/os"]})").empty());
  CHECK(with(R"({"allocatable": {"cpu": "1", "pods": 10}})").empty());
  CHECK(problem_says(with("{}"), "node_groups[0].registered: changes nothing"));
  CHECK(problem_says(with(R"({"without_labels": ["kubernetes.io/so"]})"),
                     "unknown label of the template \"kubernetes.io/so\"; did you mean "
                     "\"kubernetes.io/os\"?"));
  CHECK(problem_says(with(R"({"labels": {"kubernetes.io/os": "linux"}})"),
                     "registered.labels.kubernetes.io/os: the template has this label too"));
  CHECK(problem_says(with(R"({"labels": {"l": "v"}, "zone_labels": ["csi/zone", "l"]})"),
                     "registered.zone_labels[1]: is in labels too"));
  CHECK(problem_says(
      with(R"({"labels": {"kubernetes.io/os": "x"}, "without_labels": ["kubernetes.io/os"]})"),
      "registered.without_labels[0]: is in labels too"));
  CHECK(problem_says(
      with(R"({"zone_labels": ["kubernetes.io/os"], "without_labels": ["kubernetes.io/os"]})"),
      "registered.without_labels[0]: is in zone_labels too"));
  CHECK(problem_says(with(R"({"zone_labels": ["topology.kubernetes.io/zone"]})"),
                     "registered.zone_labels[0]: every node has this label"));
  CHECK(problem_says(with(R"({"allocatable": {"cpu": "3"}})"),
                     "allocatable: its machine has 2 cpu of 3"));
  CHECK(
      problem_says(with(R"({"allocatable": {"nvidia.com/gpu": 1}})"), "has 0 nvidia.com/gpu of 1"));
}

TEST_CASE("problems of form hide none of meaning, nor those of a trace", "[scenario]") {
  Files files;
  const std::string text = problems_of(files.write("bad.json", R"({
  "schema_version": 1, "description": "d", "start": "2026-01-05T00:00:00Z",
  "warmup": "5 parsecs",
  "node_groups": [{"name": "g", "colour": 1, "instance_types": ["m6i.lage"]}, {"name": 7}],
  "workloads": [{"name": "t", "kind": "trace", "format": "surf", "file": "nowhere.csv"}],
  "autoscaler": {"flags": {"scan-intervl": "10s"}},
  "faults": [{"kind": "machine_vanishes", "at": "1m", "group": "q"},
             {"kind": "machine_vanishes", "at": "1m"}]
})"));
  CAPTURE(text);
  CHECK(problem_says(text, "warmup: "));
  CHECK(problem_says(text, "node_groups[0].colour: unknown key"));
  CHECK(problem_says(text, "unknown instance type \"m6i.lage\"; did you mean \"m6i.large\"?"));
  CHECK(problem_says(text, "node_groups[1].instance_types: missing"));
  CHECK(problem_says(text, "autoscaler.flags.scan-intervl: "));
  CHECK(problem_says(text, "did you mean \"scan-interval\"?"));
  CHECK(problem_says(text, "faults[0].group: unknown node group \"q\""));
  CHECK(problem_says(text, "faults[1].group: missing"));
  CHECK_FALSE(problem_says(text, "unknown node group \"\""));
  CHECK(problem_says(text, "nowhere.csv: there is no such file"));
}

TEST_CASE("initial nodes above the vCPU quota of their family are bad input", "[scenario]") {
  Files files;
  // 32 m6i.2xlarge have 256 vCPU, and r counts with m; g does not, nor do static nodes.
  const auto file = files.write("quota.json", R"({
  "schema_version": 1, "description": "d", "start": "2026-01-05T00:00:00Z", "duration": "1h",
  "node_groups": [{"name": "a", "max": 99, "initial": 32, "instance_types": ["m6i.2xlarge"]},
                  {"name": "b", "max": 99, "initial": 4, "instance_types": ["r6i.xlarge"]},
                  {"name": "c", "max": 99, "initial": 8, "instance_types": ["g4dn.xlarge"]}],
  "static_nodes": [{"name": "s", "instance_type": "m6i.12xlarge"}],
  "workloads": [{"name": "w", "kind": "burst", "count": 3, "pod": {}}],
  "ec2": {"vcpu_quota": 272, "vcpu_quota_of_family": {"g": 32}}
})");
  CHECK(problems_of(file).empty());
  CHECK(problem_says(
      problems_of(file, {"ec2.vcpu_quota=271"}),
      "quota.json:4: node_groups[1].initial: 4 r6i.xlarge have 16 vCPU, and the quota of "
      "the family \"standard\" leaves 15 of 271: at most 3 (ec2.vcpu_quota)"));
  CHECK(problem_says(
      problems_of(file, {"node_groups.c.initial=9"}),
      "node_groups[2].initial: 9 g4dn.xlarge have 36 vCPU, and the quota of the family "
      "\"g\" leaves 32 of 32: at most 8 (ec2.vcpu_quota_of_family.g)"));
  const std::string both = problems_of(file, {"ec2.vcpu_quota=0", "node_groups.c.initial=0"});
  CHECK(problem_says(both, "node_groups[0].initial: "));
  CHECK(problem_says(both, "node_groups[1].initial: "));
  CHECK_FALSE(problem_says(both, "node_groups[2].initial: "));
  CHECK(problem_says(problems_of(file, {"ec2.vcpu_quota_of_family.g=-1"}),
                     "ec2.vcpu_quota_of_family.g: must be at least 0, found -1"));
}

TEST_CASE("a zone that EC2 does not have is bad input", "[scenario]") {
  Files files;
  const std::string text = problems_of(files.write("zones.json", kGood),
                                       {"node_groups.g.zones=[\"us-east-1b\", \"us-east-1d\"]",
                                        "ec2.zones=[\"us-east-1a\", \"us-east-1b\"]"});
  CAPTURE(text);
  CHECK(problem_says(text, "node_groups[0].zones[1]: unknown zone \"us-east-1d\"; did you mean"));
  CHECK_FALSE(problem_says(text, "node_groups[0].zones[0]"));
}

TEST_CASE("all problems of form are said at once, with place, allowed values and nearest name",
          "[scenario]") {
  Files files;
  const std::string text = problems_of(files.write("bad.json", R"({
  "schema_version": 1, "description": "d", "start": "2026-01-05T00:00:00Z",
  "duraton": "1h",
  "warmup": "5 parsecs",
  "node_groups": [
    {"name": "g", "min": 7, "max": 5, "instance_types": ["m6i.large"]},
    {"name": "h", "min": -1, "instance_types": "m6i.large"}
  ],
  "workloads": [{"name": "w", "kind": "burst", "count": "three", "pod": {}}]
})"));
  CAPTURE(text);
  CHECK(problem_says(text, "bad.json:3: duraton: "));
  CHECK(problem_says(text, "did you mean \"duration\""));
  CHECK(problem_says(text, "bad.json:4: warmup: "));
  CHECK(problem_says(text, "node_groups[0].min: is above max (5)"));
  CHECK(problem_says(text, "node_groups[1].min: "));
  CHECK(problem_says(text, "node_groups[1].instance_types: "));
  CHECK(problem_says(text, "workloads[0].count: "));
}

TEST_CASE("a quota below zero is refused, that of a family too", "[scenario]") {
  Files files;
  const fs::path file = files.write("good.json", kGood);
  CHECK(problem_says(problems_of(file, {"ec2.vcpu_quota=-1"}), "ec2.vcpu_quota: "));
  CHECK(problem_says(problems_of(file, {"ec2.vcpu_quota_of_family.g=-1"}),
                     "ec2.vcpu_quota_of_family.g: "));
  CHECK(problems_of(file, {"ec2.vcpu_quota_of_family.g=0"}).empty());
}

TEST_CASE("a run that would outlast wall time is refused", "[scenario]") {
  Files files;
  const fs::path file = files.write("good.json", kGood);
  const std::string beyond = "the run would go beyond the year 2261";
  CHECK(problem_says(problems_of(file, {"start=2261-12-31T00:00:00Z", "duration=1h"}),
                     "duration: " + beyond));
  CHECK(problem_says(problems_of(file, {"start=2220-01-01T00:00:00Z", "duration=400000h"}),
                     "duration: " + beyond));
  CHECK(problems_of(file, {"start=2260-01-01T00:00:00Z", "duration=1h"}).empty());
  CHECK(problems_of(file, {"start=1678-01-01T00:00:00Z", "duration=1h"}).empty());
}

TEST_CASE("all problems of meaning are said at once", "[scenario]") {
  Files files;
  const std::string text = problems_of(files.write("bad.json", R"({
  "schema_version": 1, "description": "d", "start": "2026-01-05T00:00:00Z",
  "node_groups": [{"name": "general", "instance_types": ["m6i.larg"]},
                  {"name": "mixed", "instance_types": ["m6i.large", "m6i.xlarge"]},
                  {"name": "gpus", "instance_types": ["g4dn.xlarge", "g5.xlarge"]}],
  "workloads": [{"name": "w", "kind": "trace", "format": "openb", "file": "missing.csv"}],
  "autoscaler": {"flags": {"scan-intervall": "10s", "expander": "cheapest"}},
  "faults": [{"kind": "rpc", "from": "1s", "to": "2s", "method": "NodeGroupIncreaseSiz"},
             {"kind": "machine_vanishes", "at": "1s", "group": "genral"}]
})"));
  CAPTURE(text);
  CHECK(problem_says(text, "node_groups[0].instance_types[0]: unknown instance type \"m6i.larg\""));
  CHECK(problem_says(text, "did you mean \"m6i.large\""));
  CHECK(problem_says(text, "node_groups[1].instance_types[1]: m6i.xlarge"));
  CHECK(problem_says(
      text,
      "node_groups[2].instance_types[1]: g5.xlarge (4 vCPU, 16Gi, amd64, 1 A10G with 22888Mi)"));
  CHECK(problem_says(text, "scan-interval"));
  CHECK(problem_says(text, "cheapest"));
  CHECK(problem_says(text, "did you mean \"NodeGroupIncreaseSize\""));
  CHECK(problem_says(text, "did you mean \"general\""));
  CHECK(problem_says(text, "missing.csv"));
}

TEST_CASE("what will not do what it seems to is an error or a warning", "[scenario]") {
  Files files;
  const std::string text = problems_of(files.write("odd.json", R"({
  "schema_version": 1, "description": "d", "start": "2026-01-05T00:00:00Z", "duration": "5m",
  "node_groups": [{"name": "g", "instance_types": ["g5.xlarge"]}],
  "workloads": [{"name": "w", "kind": "burst", "count": 1, "pod": {}}],
  "autoscaler": {"api": {"qps": 7, "burst": 7}, "flags": {"kube_client_qps": 5}},
  "faults": [{"kind": "machine_vanishes", "at": "2h", "group": "g"},
             {"kind": "provider_crash", "at": "5m"},
             {"kind": "rpc", "from": "4m", "to": "6m", "method": "IncreaseSize"}]
})"));
  CAPTURE(text);
  CHECK(problem_says(text,
                     "autoscaler.api: the flag kube_client_qps sets this too: keep one of them"));
  CHECK(problem_says(text, "did you mean \"NodeGroupIncreaseSize\"?"));
  CHECK(problem_says(text, "faults[0].at: "));
  CHECK(problem_says(text, "faults[1].at: "));
  CHECK_FALSE(problem_says(text, "faults[2].from: "));
}

TEST_CASE("a resource that no node offers is warned of, with the nearest name", "[scenario]") {
  Files files;
  const std::string text = problems_of(files.write("odd.json", R"({
  "schema_version": 1, "description": "d", "start": "2026-01-05T00:00:00Z",
  "node_groups": [{"name": "g", "instance_types": ["g5.xlarge"]}],
  "workloads": [{"name": "w", "kind": "burst", "count": 1,
                 "pod": {"resources": {"requests": {"nvidia.com/gpus": 1}}}},
                {"name": "v", "kind": "burst", "count": 1,
                 "pod": {"resources": {"requests": {"nvidia.com/gpu": 1}}}}]
})"));
  CAPTURE(text);
  CHECK(problem_says(text, "workloads[0].pod: "));
  CHECK(problem_says(text, "no node offers \"nvidia.com/gpus\"; did you mean \"nvidia.com/gpu\"?"));
  CHECK_FALSE(problem_says(text, "workloads[1]"));
}

TEST_CASE("priorities that cannot be read are said once, with their place", "[scenario]") {
  Files files;
  const auto with = [&](const std::string& priorities) {
    return problems_of(files.write("p.json", R"({
  "schema_version": 1, "description": "d", "start": "2026-01-05T00:00:00Z",
  "node_groups": [{"name": "g", "instance_types": ["m6i.large"]}],
  "workloads": [{"name": "w", "kind": "burst", "count": 1, "pod": {}}],
  "autoscaler": {"flags": {"expander": "priority"}, "priorities": )" +
                                                 priorities + "}\n}"));
  };
  CHECK(problem_says(with(R"("10: ['(']")"), "10: the expression \"(\": missing ): ("));
  const std::string object = with(R"({"10": ["a"]})");
  CAPTURE(object);
  CHECK(problem_says(object, "autoscaler.priorities: "));
  CHECK(object.find("autoscaler.priorities", object.find("autoscaler.priorities") + 1) ==
        std::string::npos);
}

TEST_CASE("initial pods need initial nodes with room for all of them", "[scenario]") {
  Files files;
  const std::string text = problems_of(files.write("bad.json", R"({
  "schema_version": 1, "description": "d", "start": "2026-01-05T00:00:00Z",
  "node_groups": [{"name": "general", "initial": 3, "instance_types": ["m6i.large"]}],
  "workloads": [
    {"name": "a", "kind": "initial", "group": "general", "first": 1, "nodes": 3, "per_node": 1,
     "pod": {}},
    {"name": "b", "kind": "initial", "group": "genral", "nodes": 1, "per_node": 1, "pod": {}},
    {"name": "c", "kind": "initial", "group": "general", "nodes": 2, "per_node": 1,
     "pod": {"resources": {"requests": {"cpu": "1"}}}},
    {"name": "d", "kind": "initial", "group": "general", "first": 1, "nodes": 2, "per_node": 3,
     "pod": {"resources": {"requests": {"cpu": "400m"}}}},
    {"name": "e", "kind": "initial", "group": "general", "nodes": 1, "per_node": 2,
     "pod": {"hostPort": 80}},
    {"name": "f", "kind": "initial", "group": "general", "first": 1, "nodes": 1, "per_node": 1,
     "pod": {"hostPort": 81}},
    {"name": "g", "kind": "initial", "group": "general", "first": 0, "nodes": 2, "per_node": 1,
     "pod": {"hostPort": 81}},
    {"name": "h", "kind": "initial", "group": "general", "first": 2147483647, "nodes": 1,
     "per_node": 1, "pod": {}}]
})"));
  CAPTURE(text);
  CHECK(problem_says(text, "workloads[0].nodes: the group has 3 initial nodes"));
  CHECK(problem_says(text, "did you mean \"general\""));
  CHECK(problem_says(text, "workloads[3].per_node: node 1 has room for 2 of them"));
  CHECK(problem_says(text,
                     "workloads[4].per_node: node 0 has room for 1 of them: it has a pod on the "
                     "same host port"));
  CHECK(problem_says(text, "workloads[6].pod: node 1 has a pod on the same host port"));
  CHECK(problem_says(text, "workloads[7].nodes: the group has 3 initial nodes"));
  CHECK_FALSE(problem_says(text, "workloads[2]"));
  CHECK_FALSE(problem_says(text, "workloads[5]"));
}

TEST_CASE("initial pods need nodes that they select and whose taints they tolerate", "[scenario]") {
  Files files;
  const std::string text = problems_of(files.write("bad.json", R"({
  "schema_version": 1, "description": "d", "start": "2026-01-05T00:00:00Z",
  "node_groups": [{"name": "plain", "initial": 1, "instance_types": ["m6i.large"]},
                  {"name": "tainted", "initial": 4, "instance_types": ["m6i.large"],
                   "zones": ["us-east-1a", "us-east-1b"],
                   "taints": [{"key": "team", "value": "a"}]}],
  "workloads": [
    {"name": "a", "kind": "initial", "group": "tainted", "nodes": 1, "per_node": 1, "pod": {}},
    {"name": "b", "kind": "initial", "group": "tainted", "nodes": 2, "per_node": 1,
     "pod": {"nodeSelector": {"disk": "ssd"}, "tolerations": [{"operator": "Exists"}]}},
    {"name": "c", "kind": "initial", "group": "tainted", "nodes": 2, "per_node": 1,
     "pod": {"tolerations": [{"key": "team", "value": "a"}]}},
    {"name": "d", "kind": "initial", "group": "tainted", "nodes": 2, "per_node": 1,
     "pod": {"nodeSelector": {"topology.kubernetes.io/zone": "us-east-1b"},
             "tolerations": [{"operator": "Exists"}]}}]
})"));
  CAPTURE(text);
  CHECK(problem_says(text, "workloads[0].pod: node 0 has a taint that it does not tolerate"));
  CHECK(problem_says(text, "workloads[1].pod: node 0 does not match its nodeSelector"));
  CHECK_FALSE(problem_says(text, "workloads[2]"));
  // Zones take turns over all initial nodes of the scenario, and this group begins with the second.
  CHECK(problem_says(text, "workloads[3].pod: node 1 does not match its nodeSelector"));
}

TEST_CASE("a malformed trace is refused row by row", "[scenario]") {
  Files files;
  files.write("t.csv",
              "name,cpu_milli,memory_mib,num_gpu,gpu_milli,gpu_spec,qos,pod_phase,creation_time,"
              "deletion_time,scheduled_time\n"
              "a,1000,1024,0,0,,LS,Running,0,100,1\n"
              "b,many,1024,0,0,,LS,Running,0,100,1\n"
              "c,1000,1024,0,0,,LS,Running,200,100,1\n"
              "d,1000,1024\n");
  const std::string text = problems_of(files.write("trace.json", R"({
  "schema_version": 1, "description": "d", "start": "2026-01-05T00:00:00Z",
  "node_groups": [{"name": "g", "instance_types": ["m6i.large"]}],
  "workloads": [{"name": "w", "kind": "trace", "format": "openb", "file": "t.csv"}]
})"));
  CAPTURE(text);
  CHECK(problem_says(text, "t.csv:3: "));
  CHECK(problem_says(text, "t.csv:4: "));
  CHECK(problem_says(text, "t.csv:5: "));
}

TEST_CASE("a truncated file and a missing one are said with their place", "[scenario]") {
  Files files;
  const std::string cut = problems_of(files.write("cut.json", kGood.substr(0, kGood.size() / 2)));
  CHECK(problem_says(cut, "cut.json:"));
  CHECK(problem_says(problems_of("nowhere.json"), "nowhere.json"));
}

TEST_CASE("an override is checked like the file, and a wrong path names the nearest",
          "[scenario]") {
  Files files;
  const fs::path file = files.write("good.json", kGood);
  CHECK(problems_of(file, {"workloads.w.count=5", "seed=7"}).empty());
  CHECK(problem_says(problems_of(file, {"workloads.v.count=5"}), "allowed: w"));
  CHECK(problem_says(problems_of(file, {"workloads.w.count=-5"}), "workloads[0].count"));
}

TEST_CASE("retries are checked member by member", "[scenario]") {
  Files files;
  const fs::path file = files.write("good.json", kGood);
  const auto problem = [&](const std::string& change) { return problems_of(file, {change}); };
  CHECK(problem_says(problem("provider.retry.preset=sdk_standard_2025"),
                     "did you mean \"sdk_standard_2026\"?"));
  CHECK(problem_says(problem("provider.retry.max_attempts=0"), "provider.retry.max_attempts: "));
  CHECK(problem_says(problem("provider.retry.max_backof=5s"), "did you mean \"max_backoff\"?"));
  CHECK(problem_says(problem("provider.relaunch.base=0s"), "provider.relaunch.base: "));
  CHECK(problem("provider.retry.backoff=decorrelated").empty());
}
