// The verdict on node life cases: a record that differs in anything that is asserted fails.
#include "oracle/node_life/node_life_cases.h"

#include <nlohmann/json.hpp>

#include "tests/catch.h"

using namespace casim::oracle;

namespace {

// One of three nodes dies; a pod with 60 s, one that a person's taint drives out of a living node.
nlohmann::json death() {
  return nlohmann::json::parse(R"({
    "id": "lease-99", "family": "lease", "given": {
      "duration_s": 400, "ccm": false,
      "nodes": [{"name": "a", "renew_s": [3.7, 10]},
                {"name": "well", "count": 2, "renew_s": [3.7, 10]}],
      "pods": [
        {"name": "sixty", "on": "a", "owner": "ReplicaSet/r",
         "tolerations": {"unreachable:NoExecute": 60}},
        {"name": "w", "on": "well", "owner": "StatefulSet/s", "stop_s": 4}],
      "events": [{"t": 100.3, "type": "kubelet_stop", "nodes": ["a"]},
                 {"t": 300, "type": "taint", "of": "well", "n": 1, "taint": "drill:NoExecute"}]},
    "expect": {
      "ready": [[145, "a", "Unknown"]],
      "taints_added": [[145, "a", "unreachable", "NoSchedule"],
                       [145.1, "a", "unreachable", "NoExecute"]],
      "taints_removed": [],
      "pods_deleted": [[205.1, "sixty"], [300, "w-0000"]],
      "pods_gone_n": [[304, "w", 1]],
      "pods_gone_by": [[303, "w", 0, 0], [305, "w", 1, 1]],
      "replaced": [[205.1, "ReplicaSet/r", 1], [304, "StatefulSet/s", 1]],
      "node_deleted": []}})");
}

CaseResult judge(const nlohmann::json& one) {
  const auto kind = make_node_life_kind();
  REQUIRE(kind->is_mine(one));
  return kind->run(one);
}

}  // namespace

TEST_CASE("a node life case passes with what happens, within 0.2 s", "[oracle]") {
  nlohmann::json one = death();
  CHECK(judge(one).difference == "");
  one["expect"]["ready"][0][0] = 145.2;
  CHECK(judge(one).passed);
}

TEST_CASE("each list of a node life case is asserted whole", "[oracle]") {
  struct Row {
    const char* list;
    const char* rows;
  };

  const auto row = GENERATE(
      values<Row>({{"ready", R"([[145.3, "a", "Unknown"]])"},
                   {"ready", "[]"},
                   {"taints_added", R"([[145, "a", "unreachable", "NoSchedule"]])"},
                   {"taints_removed", R"([[300, "a", "unreachable", "NoSchedule"]])"},
                   {"pods_deleted", R"([[205.1, "sixty"], [300, "w-0001"]])"},
                   {"pods_gone_n", R"([[304, "w", 2]])"},
                   {"pods_gone_by", R"([[303, "w", 1, 1]])"},
                   {"replaced", R"([[205.1, "ReplicaSet/r", 2], [304, "StatefulSet/s", 1]])"},
                   {"node_deleted", R"([[150, "a"]])"},
                   {"no_such_list", "[]"}}));
  CAPTURE(row.list, row.rows);
  nlohmann::json one = death();
  one["expect"][row.list] = nlohmann::json::parse(row.rows);
  const CaseResult result = judge(one);
  CHECK_FALSE(result.passed);
  CHECK(result.difference.starts_with(row.list));
}

TEST_CASE("what a node life case gives is read strictly", "[oracle]") {
  const auto kind = make_node_life_kind();
  const auto change = GENERATE(R"({"nodes": [{"name": "a", "zones": "b"}]})",
                               R"({"flags": {"node-monitor-graceperiod": 3}})",
                               R"({"events": [{"t": 1, "type": "explode", "nodes": ["a"]}]})",
                               R"({"events": [{"t": 1, "type": "status", "nodes": ["z"]}]})");
  CAPTURE(change);
  nlohmann::json one = death();
  one["given"].update(nlohmann::json::parse(change));
  CHECK_THROWS(kind->run(one));
}
